import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Menu } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { useApiMutation } from '../api/use-api-mutation';
import { useLive } from '../api/use-live';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { CheckIcon, DownIcon } from '../ui/icons';
import { lazyPart } from '../ui/lazy-part';
import { notifyDone, notifyProblem } from '../ui/notify';
import { changed, type ListState, listPath, START } from '../users/list-state';
import type { ViewTaste } from '../users/taste';
import { DeleteView, UpdateView } from './mutations';
import { differs, queryOf, SavedViews, stateOf, tasteOf, type View, viewsOf } from './views';
import classes from './views-menu.module.css';

interface Props {
  state: ListState;
  taste: ViewTaste;
  onChange: (state: ListState) => void;
  /** The columns and the density of the view that is shown; null where it says nothing of them. */
  onTaste: (taste: ViewTaste | null) => void;
}

const NameDialog = lazyPart(() => import('./name-dialog'), { onFailed: ({ onClose }) => onClose() });

type Asked = 'save' | 'rename' | 'share' | 'delete';

const CONTEXT = { additionalTypenames: ['SavedView'] };

/** Which view of the list is shown, all others, and what can be done with it. */
export default function ViewsMenu({ state, taste, onChange, onTaste }: Props) {
  const [{ data }, ask] = useQuery({ query: SavedViews, context: CONTEXT });
  const [asked, setAsked] = useState<Asked | null>(null);
  const update = useApiMutation(UpdateView);
  const remove = useApiMutation(DeleteView);
  const refresh = () => ask({ requestPolicy: 'network-only' });
  useLive(({ kind }) => kind === 'saved_view', refresh);
  const views = viewsOf(data?.savedViews ?? []);
  const current = views.find(({ id }) => id === state.view) ?? null;
  const query = queryOf(state, taste);
  const isOther = current !== null && differs(current, state, taste);
  const own = views.filter(({ saved }) => saved && !saved.shared);
  const shared = views.filter(({ saved }) => saved?.shared);
  // A view brings its columns along, also where its address was opened.
  const held = current?.saved?.query ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each view that is shown
  useEffect(() => onTaste(held === null ? null : tasteOf(held)), [current?.id, held]);

  const change = async (view: View, what: { query: string } | { shared: true }, text: string) => {
    const outcome = await update.run({ id: view.id, expectedVersion: view.saved?.version ?? null, ...what });
    if (outcome.done) notifyDone(text);
    else notifyProblem(outcome.problems.map((problem) => problem.text).join(' '));
    refresh();
    setAsked(null);
  };
  const section = (label: string, some: readonly View[]): ReactNode =>
    some.length > 0 && (
      <>
        <Menu.Label>{label}</Menu.Label>
        {some.map((view) => (
          <Choice key={view.id} href={listPath(stateOf(view))} isCurrent={view === current}>
            <bdi>{view.name}</bdi>
          </Choice>
        ))}
      </>
    );
  const name = current?.name ?? '';
  return (
    <>
      <Menu position="bottom-start" width={280}>
        <Menu.Target>
          <Button variant="subtle" size="sm" px="xs" rightSection={<DownIcon size={14} />} className={classes.button}>
            <bdi className={classes.name}>{current ? name : t`All users`}</bdi>
            {isOther && <span className={classes.changed}>{t`changed`}</span>}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={classes.menu}>
          <Choice href={listPath(START)} isCurrent={current === null}>
            <Trans>All users</Trans>
          </Choice>
          {section(
            t`Built in`,
            views.filter(({ saved }) => !saved),
          )}
          {section(t`My views`, own)}
          {section(t`Shared views`, shared)}
          <Menu.Divider />
          <Menu.Item onClick={() => setAsked('save')}>
            <Trans>Save as view …</Trans>
          </Menu.Item>
          {current?.saved && (
            <>
              {isOther && (
                <Menu.Item onClick={() => change(current, { query }, t`The view ${name} is updated.`)}>
                  <Trans>Update view</Trans>
                </Menu.Item>
              )}
              <Menu.Item onClick={() => setAsked('rename')}>
                <Trans>Rename view …</Trans>
              </Menu.Item>
              {!current.saved.shared && (
                <Menu.Item onClick={() => setAsked('share')}>
                  <Trans>Share view …</Trans>
                </Menu.Item>
              )}
              <Menu.Item c="red" onClick={() => setAsked('delete')}>
                <Trans>Delete view …</Trans>
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {asked === 'save' && (
        <NameDialog
          renamed={null}
          query={query}
          onSaved={(id) => {
            refresh();
            onChange(changed(state, { view: id }));
          }}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === 'rename' && <NameDialog renamed={current} query={query} onSaved={refresh} onClose={() => setAsked(null)} />}
      {asked === 'share' && current && (
        <ConfirmDialog
          title={t`Share the view ${name}?`}
          verb={t`Share view`}
          busy={update.busy}
          problems={[]}
          onConfirm={() => change(current, { shared: true }, t`All admins see the view ${name} now.`)}
          onClose={() => setAsked(null)}
        >
          <Trans>
            All admins see it, and can change and delete it. Its name and search stay in the audit log, so they should not name a
            person.
          </Trans>
        </ConfirmDialog>
      )}
      {asked === 'delete' && current && (
        <ConfirmDialog
          title={t`Delete the view ${name}?`}
          verb={t`Delete view`}
          isDangerous
          busy={remove.busy}
          problems={remove.problems}
          onConfirm={async () => {
            const outcome = await remove.run({ id: current.id, expectedVersion: current.saved?.version ?? null });
            refresh();
            if (!outcome.done) return;
            notifyDone(t`The view ${name} is deleted.`);
            setAsked(null);
            onChange(changed(state, { view: '' }));
          }}
          onClose={() => setAsked(null)}
        >
          {current.saved?.shared ? <Trans>No admin sees it any more.</Trans> : <Trans>The users in it stay as they are.</Trans>}
        </ConfirmDialog>
      )}
    </>
  );
}

function Choice({ href, isCurrent, children }: { href: string; isCurrent: boolean; children: ReactNode }) {
  return (
    <Menu.Item
      component={Link}
      href={href}
      aria-current={isCurrent ? 'page' : undefined}
      leftSection={<span className={classes.check}>{isCurrent && <CheckIcon size={16} />}</span>}
    >
      {children}
    </Menu.Item>
  );
}
