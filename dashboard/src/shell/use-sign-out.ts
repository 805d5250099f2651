import { useApiMutationWithoutInput } from '../api/use-api-mutation';
import { graphql } from '../gql';
import { announceSignOut } from '../session/other-tabs';
import { endingSession, leaveTo } from '../session/session-state';
import { notifyProblem } from '../ui/notify';

const SignOut = graphql(`
  mutation SignOut { payload: signOut { userErrors { ...ShownError } } }
`);

/** Signs out, here and in the other tabs. */
export function useSignOut(): () => Promise<void> {
  const signOut = useApiMutationWithoutInput(SignOut);
  return async () => {
    const goesOn = endingSession();
    const outcome = await signOut.run();
    if (outcome.done) {
      announceSignOut();
      leaveTo('/sign-in');
      return;
    }
    goesOn();
    notifyProblem(outcome.problems.map((problem) => problem.text).join(' '));
  };
}
