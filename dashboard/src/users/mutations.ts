import { graphql } from '../gql';

export const InviteUser = graphql(`
  mutation InviteUser($input: InviteUserInput!) {
    payload: inviteUser(input: $input) { user { ...UserRow } userErrors { ...ShownError } }
  }
`);

export const UpdateUser = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    payload: updateUser(input: $input) { user { ...UserRow } eventIds userErrors { ...ShownError } }
  }
`);

export const DeleteUser = graphql(`
  mutation DeleteUser($input: DeleteUserInput!) {
    payload: deleteUser(input: $input) { user { id } userErrors { ...ShownError } }
  }
`);

export const EraseUser = graphql(`
  mutation EraseUser($input: EraseUserInput!) {
    payload: eraseUser(input: $input) { user { id } userErrors { ...ShownError } }
  }
`);

export const ResendInvitation = graphql(`
  mutation ResendInvitation($input: ResendInvitationInput!) {
    payload: resendInvitation(input: $input) { user { ...UserRow } userErrors { ...ShownError } }
  }
`);

export const RevealInvitationLink = graphql(`
  mutation RevealInvitationLink($input: RevealInvitationLinkInput!) {
    payload: revealInvitationLink(input: $input) { link user { id version } userErrors { ...ShownError } }
  }
`);
