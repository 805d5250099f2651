// Files that the browser saves.
import { t } from '@lingui/core/macro';
import { explain } from '../api/problems';

/** Lets the browser save something under a name. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Saves a file of the server. Answers why it cannot be, in a sentence; null when it is saved. A part is never saved as the whole. */
export async function saveExport(href: string): Promise<string | null> {
  const response = await fetch(href, { credentials: 'same-origin' }).catch(() => null);
  if (!response) return explain('UNREACHABLE', null);
  if (!response.ok) return refusalOf(await response.text().catch(() => ''));
  const content = await response.blob().catch(() => null);
  if (!content) return t`The export was cut off before its end, so no file was saved. Try again.`;
  saveFile(content, nameOf(response.headers.get('content-disposition')));
  return null;
}

/** The sentence for an answer in the form of GraphQL errors. */
function refusalOf(body: string): string {
  try {
    const [error] = JSON.parse(body).errors;
    return explain(error.extensions?.code, error.message);
  } catch {
    return t`The server did not make this file. Try again in a moment.`;
  }
}

function nameOf(disposition: string | null): string {
  return disposition?.match(/filename="([^"]+)"/)?.[1] ?? 'export';
}
