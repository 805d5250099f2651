import { plural, t } from '@lingui/core/macro';
import { useApiMutation } from '../api/use-api-mutation';
import { graphql } from '../gql';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { notifyDone } from '../ui/notify';

const EndSessions = graphql(`
  mutation EndSessions($input: EndSessionsInput!) {
    payload: endSessions(input: $input) { user { id } userErrors { ...ShownError } }
  }
`);

interface Props {
  userId: string;
  /** How many sessions end. */
  count: number;
  /** Whether the session that asks is one of the user's: it goes on. */
  isOwn: boolean;
  onEnded: () => void;
  onClose: () => void;
}

/** Asks before every session of a user is ended at once. */
export function EndAllDialog({ userId, count, isOwn, onEnded, onClose }: Props) {
  const end = useApiMutation(EndSessions);
  const confirm = async () => {
    const outcome = await end.run({ userId, keepCurrent: true });
    onEnded();
    if (!outcome.done) return;
    notifyDone(plural(count, { one: '# session is ended.', other: '# sessions are ended.' }));
    onClose();
  };
  return (
    <ConfirmDialog
      title={isOwn ? t`End all other sessions?` : t`End all sessions?`}
      verb={plural(count, { one: 'End # session', other: 'End # sessions' })}
      isDangerous
      busy={end.busy}
      problems={end.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      {isOwn
        ? plural(count, {
            one: 'You are signed out in # other place at once. Here you stay signed in.',
            other: 'You are signed out in # other places at once. Here you stay signed in.',
          })
        : plural(count, {
            one: 'They are signed out in # place at once, and may sign in again.',
            other: 'They are signed out in # places at once, and may sign in again.',
          })}
    </ConfirmDialog>
  );
}
