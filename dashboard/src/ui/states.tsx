// What a page shows while there is nothing else to show. Each says what to do next.

import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Alert, Button, Loader, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Problem } from '../api/problems';
import { type Icon, WarningIcon } from './icons';
import classes from './states.module.css';

/** While something is on its way. */
export function Loading({ text = msg`Loading …` }: { text?: MessageDescriptor }) {
  return (
    <div className={classes.state} role="status">
      <Loader size="sm" aria-hidden />
      <Text c="dimmed">{i18n._(text)}</Text>
    </div>
  );
}

interface EmptyProps {
  title: string;
  /** Whether there is nothing else on the page: then this is its heading. */
  isPage?: boolean;
  icon?: Icon;
  /** What this is for, and the way to the first one. */
  children?: ReactNode;
}

/** Where there is nothing: what would be here, and how it gets here. */
export function Empty({ title, isPage = false, icon: EmptyIcon, children }: EmptyProps) {
  return (
    <div className={classes.state}>
      {EmptyIcon && (
        <span className={classes.sign}>
          <EmptyIcon size={24} />
        </span>
      )}
      <Title order={isPage ? 1 : 2} size="h4">
        {title}
      </Title>
      <Stack gap="sm" align="center" className={classes.text}>
        {children}
      </Stack>
    </div>
  );
}

interface FailedProps {
  problem: Problem;
  onRetry?: () => void;
  /** Shows the first page, where the address leads to a later one: its cursor may no longer be valid. */
  onFirst?: (() => void) | undefined;
}

/** Where something could not be shown. */
export function Failed({ problem, onRetry, onFirst }: FailedProps) {
  const isNoPlace = onFirst !== undefined && ['BAD_USER_INPUT', 'UNKNOWN_CURSOR'].includes(problem.code);
  return (
    <Alert color="red" title={t`This could not be shown`} role="alert" icon={<WarningIcon />}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{isNoPlace ? t`This address leads to a page that the list does not have.` : problem.text}</Text>
        {isNoPlace && (
          <Button variant="default" size="xs" onClick={onFirst}>
            <Trans>Show the first page</Trans>
          </Button>
        )}
        {onRetry && !isFinal(problem) && (
          <Button variant="default" size="xs" onClick={onRetry}>
            <Trans>Try again</Trans>
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Whether another try would get the same answer. */
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
