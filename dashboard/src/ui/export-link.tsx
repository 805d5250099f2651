import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { type MouseEvent, type ReactNode, useState } from 'react';
import { useClient } from 'urql';
import { withActingFor } from '../session/acting-for';
import { checkSession } from '../session/check';
import { DownloadIcon } from './icons';
import { notifyProblem } from './notify';
import { saveExport } from './save-file';

/** A link to a file of the server, for the person whom the page shows. The page shows a refusal, not the file. */
export function ExportLink({ path, children }: { path: string; children: ReactNode }) {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const href = withActingFor(path);
  const download = async (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const problem = (await checkSession(client)) ? await saveExport(href) : null;
    setBusy(false);
    if (problem) notifyProblem(problem);
  };
  return (
    <Button
      component="a"
      href={href}
      variant="default"
      onClick={download}
      aria-busy={busy}
      leftSection={<DownloadIcon size={16} />}
    >
      {busy ? t`Exporting …` : children}
    </Button>
  );
}
