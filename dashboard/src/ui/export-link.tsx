import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { type MouseEvent, useState } from 'react';
import { useClient } from 'urql';
import { useOffers } from '../palette/offers';
import { withActingFor } from '../session/acting-for';
import { checkSession } from '../session/check';
import { DownloadIcon } from './icons';
import { notifyProblem } from './notify';
import { saveExport } from './save-file';

/** A link to a file of the server, for the person whom the page shows. The page shows a refusal, not the file. The palette has it, too. */
export function ExportLink({ path, label }: { path: string; label: string }) {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const href = withActingFor(path);
  const download = async () => {
    if (busy) return;
    setBusy(true);
    const problem = (await checkSession(client)) ? await saveExport(href) : null;
    setBusy(false);
    if (problem) notifyProblem(problem);
  };
  useOffers([{ id: `export-${label}`, group: t`This page`, label, icon: DownloadIcon, run: download }]);
  const click = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    download();
  };
  return (
    <Button component="a" href={href} variant="default" onClick={click} aria-busy={busy} leftSection={<DownloadIcon size={16} />}>
      {busy ? t`Exporting …` : label}
    </Button>
  );
}
