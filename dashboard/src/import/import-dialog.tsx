import { t } from '@lingui/core/macro';
import { useEffect, useMemo, useRef, useState } from 'react';
import { FormDialog } from '../unsaved/form-dialog';
import { useUnsaved } from '../unsaved/unsaved';
import type { User } from '../users/queries';
import { sameAddress } from './addresses';
import { ChooseStep } from './choose-step';
import { ColumnsStep } from './columns-step';
import { DoneStep } from './done-step';
import type { Columns } from './headings';
import { type Defaults, type Person, peopleOf } from './people';
import { prepare, read, type Unreadable } from './read';
import { ReviewStep } from './review-step';
import type { Sheet } from './sheet';
import { useInvitations } from './use-invitations';

type Step = 'choose' | 'columns' | 'review' | 'done';

interface Props {
  offered: User['authMethods'];
  onClose: () => void;
}

/** Invites many people: a file or text, what its columns are, a look at each row, and the invitations. */
export default function ImportDialog({ offered, onClose }: Props) {
  const [step, setStep] = useState<Step>('choose');
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [unreadable, setUnreadable] = useState<Unreadable | null>(null);
  const [isReading, setIsReading] = useState(false);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [columns, setColumns] = useState<Columns | null>(null);
  const [chosen, setChosen] = useState<Partial<Defaults>>({});
  const [results, setResults] = useState<Person[]>([]);
  const invitations = useInvitations();
  const isChanged = step !== 'done' && (text !== '' || file !== null);
  useUnsaved(isChanged);
  useEffect(() => {
    prepare();
  }, []);
  // The button that led to a step goes with the step before: the focus goes on, too.
  const content = useRef<HTMLDivElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    content.current?.querySelector<HTMLElement>(`[data-first-of="${step}"]`)?.focus();
  }, [step]);

  // The methods may load after the dialog has opened: all are ticked until the user chooses.
  const defaults: Defaults = useMemo(
    () => ({ role: 'VIEWER', methods: offered.map(({ id }) => id), roles: {}, ...chosen }),
    [chosen, offered],
  );
  const people = useMemo(
    () => (sheet && columns ? peopleOf(sheet, columns, defaults, offered) : []),
    [sheet, columns, defaults, offered],
  );
  const judged = useMemo(
    () =>
      people.map((person) => ({
        ...person,
        problem: person.problem ?? invitations.verdicts.get(sameAddress(person.address)) ?? null,
      })),
    [people, invitations.verdicts],
  );

  const open = async (source: string | File) => {
    setIsReading(true);
    const found = await read(source);
    setIsReading(false);
    setUnreadable(typeof found === 'string' ? found : null);
    if (typeof found === 'string') return;
    setSheet(found);
    setColumns(found.columns);
    if (found.columns.address === null) setStep('columns');
    else review(found, found.columns);
  };
  const review = (of: Sheet, as: Columns) => {
    setColumns(as);
    setStep('review');
    invitations.check(peopleOf(of, as, defaults, offered).filter(isAskedAbout));
  };
  const invite = async () => {
    const done = await invitations.invite(judged.filter(({ problem }) => problem === null));
    if (!done) return;
    setResults([...done, ...judged.filter(({ problem }) => problem !== null)].sort((one, other) => one.line - other.line));
    setStep('done');
  };

  return (
    <FormDialog title={t`Invite many`} size="60rem" isChanged={isChanged} onClose={onClose}>
      <div ref={content}>
        {/* What was typed stays, whatever step is shown. */}
        <div hidden={step !== 'choose'}>
          <ChooseStep
            text={text}
            onText={setText}
            file={file}
            onFile={(next) => {
              setFile(next);
              setUnreadable(null);
              if (next) open(next);
            }}
            unreadable={unreadable}
            busy={isReading}
            onPreview={() => open(file ?? text)}
            onClose={onClose}
          />
        </div>
        {step === 'columns' && sheet && columns && (
          <ColumnsStep
            sheet={sheet}
            columns={columns}
            onChange={setColumns}
            onBack={() => setStep('choose')}
            onNext={() => review(sheet, columns)}
          />
        )}
        {step === 'review' && sheet && columns && (
          <ReviewStep
            sheet={sheet}
            columns={columns}
            people={judged}
            defaults={defaults}
            offered={offered}
            onDefaults={(change) => setChosen({ ...chosen, ...change })}
            invitations={invitations}
            isChecked={people.filter(isAskedAbout).every(({ address }) => invitations.verdicts.has(sameAddress(address)))}
            onCheck={() => review(sheet, columns)}
            onColumns={() => setStep('columns')}
            onBack={() => setStep('choose')}
            onInvite={invite}
          />
        )}
        {step === 'done' && <DoneStep results={results} offered={offered} onClose={onClose} />}
      </div>
    </FormDialog>
  );
}

/** Whether the server is asked about a row: what it lacks may yet be chosen. */
function isAskedAbout({ problem }: Person): boolean {
  return problem === null || problem.kind === 'unknown-role' || problem.kind === 'unknown-method';
}
