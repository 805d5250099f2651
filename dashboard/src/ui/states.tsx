// What a page shows while there is nothing else to show. Each says what to do next.
import { Alert, Button, Loader, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Problem } from '../api/problems';
import classes from './states.module.css';

/** While something is on its way. */
export function Loading({ what }: { what: string }) {
  return (
    <div className={classes.state} role="status">
      <Loader size="sm" aria-hidden />
      <Text c="dimmed">Loading {what} …</Text>
    </div>
  );
}

interface EmptyProps {
  title: string;
  /** Whether there is nothing else on the page: then this is its heading. */
  isPage?: boolean;
  children?: ReactNode;
}

/** Where there is nothing. */
export function Empty({ title, isPage = false, children }: EmptyProps) {
  return (
    <div className={classes.state}>
      <Title order={isPage ? 1 : 2} size="h4">
        {title}
      </Title>
      <Stack gap="sm" align="center">
        {children}
      </Stack>
    </div>
  );
}

/** Where something could not be shown. */
export function Failed({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  return (
    <Alert color="red" title="This could not be shown" role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{problem.text}</Text>
        {onRetry && !isFinal(problem) && (
          <Button variant="default" size="xs" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Whether asking again would be answered alike. */
function isFinal({ code }: Problem): boolean {
  return ['FORBIDDEN', 'NOT_FOUND', 'NOT_YET', 'UNKNOWN_CURSOR', 'BAD_USER_INPUT'].includes(code);
}

/** What a form was refused for, above its buttons; nothing when nothing was. */
export function Problems({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <Alert color="red" role="alert">
      {problems.map((problem) => (
        <Text size="sm" key={`${problem.code} ${problem.field}`}>
          {problem.text}
        </Text>
      ))}
    </Alert>
  );
}
