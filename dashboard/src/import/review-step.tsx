import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Anchor, Button, Group, Progress, Select, Stack, Text } from '@mantine/core';
import type { Role } from '../gql/graphql';
import { number } from '../ui/formats';
import { Problems } from '../ui/states';
import { choices, ROLES } from '../ui/words';
import { MethodChoice } from '../users/method-choice';
import type { User } from '../users/queries';
import { columnNames } from './columns-step';
import type { Columns } from './headings';
import classes from './import.module.css';
import { type Defaults, type Person, unknownRoles } from './people';
import { ReviewTable } from './review-table';
import { wordOf } from './role-words';
import type { Sheet } from './sheet';
import { peopleCount, roleCounts } from './texts';
import type { Invitations } from './use-invitations';

/** How many unknown words for roles are asked about at once. */
const MAX_WORDS = 6;

interface Props {
  sheet: Sheet;
  columns: Columns;
  people: readonly Person[];
  defaults: Defaults;
  offered: User['authMethods'];
  onDefaults: (change: Partial<Defaults>) => void;
  invitations: Invitations;
  /** Whether the server has been asked about every row. */
  isChecked: boolean;
  onCheck: () => void;
  onColumns: () => void;
  onBack: () => void;
  onInvite: () => void;
}

/** Every row with what would come of it, and what holds for rows that say nothing. */
export function ReviewStep(props: Props) {
  const { sheet, columns, people, defaults, offered, onDefaults, invitations, isChecked } = props;
  const fine = people.filter(({ problem }) => problem === null);
  const others = people.length - fine.length;
  const { progress } = invitations;
  const isTable = sheet.headings !== null || sheet.rows.some(({ text }) => text === undefined);
  return (
    <Stack>
      <Text role="status" tabIndex={-1} data-first-of="review">
        {stateText(isChecked, fine, others, progress)}
      </Text>
      <Group align="flex-start" className={classes.choices} grow>
        <Select
          label={t`Role where none is given`}
          data={choices(ROLES)}
          value={defaults.role}
          onChange={(role) => onDefaults({ role: role as Role })}
        />
        <MethodChoice
          label={t`Login methods where none are given`}
          offered={offered}
          value={defaults.methods}
          onChange={(methods) => onDefaults({ methods })}
          error={defaults.methods.length === 0 ? t`Tick at least one login method.` : undefined}
        />
      </Group>
      <UnknownRoles {...props} />
      {isTable && (
        <Text size="sm" c="dimmed">
          {columnsText(sheet, columns)}{' '}
          <Anchor component="button" type="button" size="sm" onClick={props.onColumns}>
            <Trans>Change the columns</Trans>
          </Anchor>
        </Text>
      )}
      <ReviewTable people={people} offered={offered} fine={isChecked ? t`Can be invited` : ''} hasViews />
      <Problems problems={invitations.problems} />
      {isChecked && progress && (
        <Progress value={(100 * progress.answered) / Math.max(progress.all, 1)} aria-label={t`Invited so far`} />
      )}
      <div className={classes.footer}>
        <Button variant="default" disabled={progress !== null} onClick={props.onBack}>
          <Trans>Back</Trans>
        </Button>
        {isChecked ? (
          <Button
            loading={progress !== null}
            disabled={fine.length === 0 || defaults.methods.length === 0}
            onClick={props.onInvite}
          >
            {plural(fine.length, { one: 'Invite #', other: 'Invite #' })}
          </Button>
        ) : (
          <Button loading={progress !== null} onClick={props.onCheck}>
            <Trans>Check again</Trans>
          </Button>
        )}
      </div>
    </Stack>
  );
}

/** Asks what words mean that are no role. */
function UnknownRoles({ sheet, columns, defaults, onDefaults }: Props) {
  const words = unknownRoles(sheet, columns);
  if (words.length === 0) return null;
  return (
    <Group align="flex-end" gap="sm">
      {words.slice(0, MAX_WORDS).map(({ word, count }) => (
        <Select
          key={wordOf(word)}
          label={roleForText(word, peopleCount(count))}
          placeholder={t`Choose`}
          data={choices(ROLES)}
          value={defaults.roles[wordOf(word)] ?? null}
          onChange={(role) => onDefaults({ roles: { ...defaults.roles, [wordOf(word)]: role as Role } })}
        />
      ))}
    </Group>
  );
}

function stateText(isChecked: boolean, fine: readonly Person[], others: number, progress: Invitations['progress']): string {
  if (!isChecked) {
    if (!progress) return '';
    const answered = number(progress.answered);
    const all = peopleCount(progress.all);
    return t`Checking ${answered} of ${all} …`;
  }
  const roles = roleCounts(fine);
  const found =
    fine.length === 0
      ? t`No one in here can be invited.`
      : plural(fine.length, { one: `# person can be invited: ${roles}.`, other: `# people can be invited: ${roles}.` });
  if (others === 0) return found;
  return `${found} ${plural(others, { one: '# row has a problem.', other: '# rows have a problem.' })}`;
}

function columnsText(sheet: Sheet, { address, role, methods }: Columns): string {
  const names = columnNames(sheet);
  const name = (index: number | null) => (index === null ? '' : `“${names[index]}”`);
  const [addressName, roleName, methodsName] = [name(address), name(role), name(methods)];
  if (roleName && methodsName)
    return t`Addresses are read from ${addressName}, roles from ${roleName}, login methods from ${methodsName}.`;
  if (roleName) return t`Addresses are read from ${addressName}, roles from ${roleName}.`;
  if (methodsName) return t`Addresses are read from ${addressName}, login methods from ${methodsName}.`;
  return t`Addresses are read from ${addressName}.`;
}

function roleForText(word: string, people: string): string {
  return t`Role for “${word}” (${people})`;
}
