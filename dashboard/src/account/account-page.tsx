import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Alert, Button, Group, NumberInput, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useQuery } from 'urql';
import { problemOf } from '../api/problems';
import { problemAt, problemsElsewhere, useApiMutation, useIdempotencyKey } from '../api/use-api-mutation';
import { useLive } from '../api/use-live';
import { graphql } from '../gql';
import type { AccountSettingsQuery, Language } from '../gql/graphql';
import { CHOICES } from '../language/languages';
import { Card } from '../ui/card';
import { notifyDone } from '../ui/notify';
import { Failed, Loading, Problems } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { useUnsaved } from '../unsaved/unsaved';
import { MethodChoice } from '../users/method-choice';
import { isSameSet } from '../users/user-update';
import { BrandFields, type Look } from './brand-fields';

const AccountSettings = graphql(`
  query AccountSettings {
    viewer { account { id name slug version invitationHours language showsAccount authMethods { id kind label } brand { logoUrl color textColor } } }
    authMethods { id kind label }
  }
`);

const UpdateAccount = graphql(`
  mutation UpdateAccount($input: UpdateAccountInput!) {
    payload: updateAccount(input: $input) {
      account { id name slug version invitationHours language showsAccount authMethods { id kind label } brand { logoUrl color textColor } }
      userErrors { ...ShownError }
    }
  }
`);

type Account = NonNullable<AccountSettingsQuery['viewer']>['account'];

const FIELDS = ['name', 'invitationHours', 'authMethods', 'language', 'logo', 'color'];
/** The languages of mails are those of the dashboard. */
const LANGUAGES = CHOICES.map(({ tag, name }) => ({ value: tag.toUpperCase() as Language, label: name }));

/** How an account shows itself, before anything is edited. */
const lookOf = ({ brand, showsAccount }: Account): Look => ({
  logoUrl: brand.logoUrl ?? null,
  logo: null,
  logoProblem: null,
  color: brand.color ?? '',
  showsAccount,
});

/** What holds for the whole account. */
export default function AccountPage() {
  useTitle(t`Account`);
  const isTime = useLive(
    ({ kind }) => kind === 'account',
    () => refresh(),
  );
  const [{ data, error }, ask] = useQuery({ query: AccountSettings, requestPolicy: 'cache-and-network', pause: !isTime });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const account = data?.viewer?.account;
  return (
    <Stack maw={720}>
      <Title order={1} size="h2">
        <Trans>Account</Trans>
      </Title>
      {error && <Failed problem={problemOf(error)} onRetry={refresh} />}
      {!account && !error && <Loading text={msg`Loading the account …`} />}
      {account && (
        <Card title={t`Settings`} description={t`They hold for everyone in the account.`}>
          <Form account={account} configured={data.authMethods ?? []} onStale={refresh} />
        </Card>
      )}
    </Stack>
  );
}

interface FormProps {
  account: Account;
  /** The login methods that this Roster is configured for. */
  configured: Account['authMethods'];
  onStale: () => void;
}

function Form({ account, configured, onStale }: FormProps) {
  const [seen, setSeen] = useState(account);
  const [name, setName] = useState(account.name);
  const [hours, setHours] = useState<number | string>(account.invitationHours);
  const [language, setLanguage] = useState(account.language);
  const [methods, setMethods] = useState(() => account.authMethods.map((method) => method.id));
  const [look, setLook] = useState(() => lookOf(account));
  const update = useApiMutation(UpdateAccount);
  const keyOf = useIdempotencyKey();
  const hadMethods = seen.authMethods.map((method) => method.id);
  const hasOther = name !== seen.name || hours !== seen.invitationHours || language !== seen.language;
  const hadLook = lookOf(seen);
  const hasLook = look.logo !== null || look.color !== hadLook.color || look.showsAccount !== hadLook.showsAccount;
  useUnsaved(hasOther || hasLook || !isSameSet(methods, hadMethods));
  const isStale = account.version > seen.version && !update.busy;

  const show = (shown: Account) => {
    setSeen(shown);
    setName(shown.name);
    setHours(shown.invitationHours);
    setLanguage(shown.language);
    setMethods(shown.authMethods.map((method) => method.id));
    setLook(lookOf(shown));
    update.clearProblems();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const invitationHours = typeof hours === 'number' ? hours : null;
    const { logo, color, showsAccount } = look;
    const shown = { logo, color: color.trim(), showsAccount };
    const input = { name, invitationHours, language, authMethods: methods, ...shown, expectedVersion: seen.version };
    const outcome = await update.run({ ...input, idempotencyKey: keyOf(input) });
    if (outcome.done) {
      if (outcome.payload.account) show(outcome.payload.account);
      notifyDone(t`The account is updated.`);
    } else if (outcome.problems.some((problem) => problem.code === 'VERSION_CONFLICT')) onStale();
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={480}>
        <TextInput
          label={t`Name`}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={problemAt(update.problems, 'name')}
        />
        <Text size="sm" c="dimmed">
          <Trans>
            Short name, in every link: <b>{account.slug}</b>. It stays as it is.
          </Trans>
        </Text>
        <NumberInput
          label={t`Invitations work for`}
          description={t`Those that are sent from now on: 1 to 720 hours`}
          suffix={plural(Number(hours), { one: ' hour', other: ' hours' })}
          min={1}
          max={720}
          allowDecimal={false}
          value={hours}
          onChange={setHours}
          error={problemAt(update.problems, 'invitationHours')}
        />
        <Select
          label={t`Language of mails`}
          data={LANGUAGES}
          renderOption={({ option }) => <span translate="no">{option.label}</span>}
          value={language}
          onChange={(chosen) => chosen && setLanguage(chosen)}
          error={problemAt(update.problems, 'language')}
        />
        <MethodChoice
          offered={configured}
          value={methods}
          onChange={setMethods}
          error={problemAt(update.problems, 'authMethods')}
        />
        <BrandFields accountName={name} look={look} onChange={setLook} problems={update.problems} />
        {isStale && (
          <Alert color="orange" role="alert" title={t`Someone else has changed the account`}>
            <Button size="xs" variant="default" onClick={() => show(account)}>
              <Trans>Show what is new</Trans>
            </Button>
          </Alert>
        )}
        {!isStale && <Problems problems={problemsElsewhere(update.problems, FIELDS)} />}
        <Group>
          <Button type="submit" loading={update.busy} disabled={isStale}>
            <Trans>Update</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
