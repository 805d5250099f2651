import { Button } from '@mantine/core';
import type { MouseEvent, ReactNode } from 'react';
import { useClient } from 'urql';
import { withActingFor } from '../session/acting-for';
import { checkSession } from '../session/check';
import { DownloadIcon } from './icons';

/** A link to a file of the server, for the person whom the page shows. The page shows a refusal, not the file. */
export function ExportLink({ path, children }: { path: string; children: ReactNode }) {
  const client = useClient();
  const href = withActingFor(path);
  const download = async (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (await checkSession(client)) location.assign(href);
  };
  return (
    <Button component="a" href={href} variant="default" onClick={download} leftSection={<DownloadIcon size={16} />}>
      {children}
    </Button>
  );
}
