// Who is signed in in this browser, on pages that start a session of another person: a link from a mail may be opened where another person
// works.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useQuery } from 'urql';
import { type Problem, problemOf } from '../api/problems';
import { actFor } from '../session/acting-for';
import { Session } from '../session/documents';
import type { Viewer } from '../session/session';
import { Who } from '../ui/who';

export interface SignedIn {
  /** Whether it is known yet. */
  isKnown: boolean;
  viewer: Viewer | null;
  problem: Problem | null;
  ask: () => void;
}

/** Who is signed in in this browser. From then on the page acts only for them, or for no one. */
export function useSignedIn(): SignedIn {
  const [{ data, error }, ask] = useQuery({ query: Session });
  // Only the first answer counts: what is shown here was decided by it.
  const [viewer, setViewer] = useState<Viewer | null | undefined>(undefined);
  if (viewer === undefined && data) {
    actFor(data.viewer?.actingFor ?? null);
    setViewer(data.viewer ?? null);
  }
  return {
    isKnown: viewer !== undefined,
    viewer: viewer ?? null,
    problem: viewer === undefined && error ? problemOf(error) : null,
    ask: () => ask({ requestPolicy: 'network-only' }),
  };
}

function nameOf({ user }: Viewer): string {
  return user.name ?? user.email ?? t`another person`;
}

/** Says who is signed in, and that this session ends here; nothing if no one is. */
export function SignedInNote({ viewer, children }: { viewer: Viewer | null; children?: ReactNode }) {
  if (!viewer) return null;
  return (
    <Alert color="orange" role="status">
      <Text size="sm">
        <Trans>
          In this browser <Who user={viewer.user} /> is signed in, in{' '}
          <b>
            <bdi>{viewer.account.name}</bdi>
          </b>
          . To go on here ends that session.
        </Trans>
      </Text>
      {children}
    </Alert>
  );
}

interface Replacing {
  /** Runs the action; if a person is signed in, only after they have agreed. */
  ask: (go: () => void) => void;
  /** The question. */
  dialog: ReactNode;
}

/** Asks before the session of a person is replaced by that of another. */
export function useReplacing(viewer: Viewer | null): Replacing {
  const [go, setGo] = useState<(() => void) | null>(null);
  const close = () => setGo(null);
  const confirm = () => {
    close();
    go?.();
  };
  return {
    ask: (action) => (viewer ? setGo(() => action) : action()),
    dialog: viewer && (
      <Modal opened={go !== null} onClose={close} title={t`Sign out ${nameOf(viewer)}?`} size="sm">
        <Stack>
          <Text>
            <Trans>
              <Who user={viewer.user} /> is signed in in this browser. To go on signs them out here, and signs you in.
            </Trans>
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} data-autofocus>
              <Trans>Cancel</Trans>
            </Button>
            <Button onClick={confirm}>
              <Trans>Sign them out, and go on</Trans>
            </Button>
          </Group>
        </Stack>
      </Modal>
    ),
  };
}
