import { graphql } from '../gql';

export const InviteUser = graphql(`
  mutation InviteUser($input: InviteUserInput!) {
    payload: inviteUser(input: $input) { user { ...UserRow } userErrors { code message field } }
  }
`);

export const InviteUsers = graphql(`
  mutation InviteUsers($input: InviteUsersInput!) {
    payload: inviteUsers(input: $input) {
      invited
      results { index email user { id } userErrors { code message field } }
      userErrors { code message field }
    }
  }
`);

export const UpdateUser = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    payload: updateUser(input: $input) { user { ...UserRow } userErrors { code message field } }
  }
`);

export const DeleteUser = graphql(`
  mutation DeleteUser($input: DeleteUserInput!) {
    payload: deleteUser(input: $input) { user { id } userErrors { code message field } }
  }
`);

export const EraseUser = graphql(`
  mutation EraseUser($input: EraseUserInput!) {
    payload: eraseUser(input: $input) { user { id } userErrors { code message field } }
  }
`);

export const ResendInvitation = graphql(`
  mutation ResendInvitation($input: ResendInvitationInput!) {
    payload: resendInvitation(input: $input) { user { ...UserRow } userErrors { code message field } }
  }
`);

export const ResendFailedInvitations = graphql(`
  mutation ResendFailedInvitations($input: ResendFailedInvitationsInput!) {
    payload: resendFailedInvitations(input: $input) {
      resent
      refused { userId user { id email } userErrors { code message } }
      lastUserId
      remaining
      userErrors { code message field }
    }
  }
`);

export const RevealInvitationLink = graphql(`
  mutation RevealInvitationLink($input: RevealInvitationLinkInput!) {
    payload: revealInvitationLink(input: $input) { link user { id version } userErrors { code message field } }
  }
`);
