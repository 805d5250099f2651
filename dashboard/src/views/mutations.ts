import { graphql } from '../gql';

export const SaveView = graphql(`
  mutation SaveView($input: SaveViewInput!) {
    payload: saveView(input: $input) { view { ...ShownView } userErrors { ...ShownError } }
  }
`);

export const UpdateView = graphql(`
  mutation UpdateView($input: UpdateViewInput!) {
    payload: updateView(input: $input) { view { ...ShownView } userErrors { ...ShownError } }
  }
`);

export const DeleteView = graphql(`
  mutation DeleteView($input: DeleteViewInput!) {
    payload: deleteView(input: $input) { viewId userErrors { ...ShownError } }
  }
`);
