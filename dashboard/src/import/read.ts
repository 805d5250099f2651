// Files and pasted text as sheets. A worker reads them: a file of the server's own origin, as its policy wants.
import type { Sheet } from './sheet';

/** The largest file that is read: some 100,000 people. */
const MAX_BYTES = 20_000_000;

/** Why a file cannot be read. */
export type Unreadable = 'too-large' | 'spreadsheet' | 'not-loaded';

let worker: Worker | null = null;
let lastId = 0;

/** Loads the worker: it is there when the connection is not. */
export function prepare(): Worker {
  worker ??= new Worker(new URL('./read-worker.ts', import.meta.url), { type: 'module' });
  return worker;
}

/** The sheet of a file or a text, or why it cannot be read. */
export async function read(source: string | File): Promise<Sheet | Unreadable> {
  if (typeof source === 'string') return readContent(source);
  if (source.size > MAX_BYTES) return 'too-large';
  const bytes = await source.arrayBuffer();
  return isArchive(new Uint8Array(bytes)) ? 'spreadsheet' : readContent(bytes);
}

/** Whether a file is a workbook of a spreadsheet program (`PK`, or an old one). */
function isArchive([first, second]: Uint8Array): boolean {
  return (first === 0x50 && second === 0x4b) || (first === 0xd0 && second === 0xcf);
}

function readContent(source: string | ArrayBuffer): Promise<Sheet | Unreadable> {
  const reader = prepare();
  lastId += 1;
  const id = lastId;
  return new Promise((resolve) => {
    const finish = (result: Sheet | Unreadable) => {
      reader.removeEventListener('message', onMessage);
      reader.removeEventListener('error', onError);
      resolve(result);
    };
    const onMessage = ({ data }: MessageEvent<{ id: number; sheet: Sheet }>) => data.id === id && finish(data.sheet);
    const onError = () => {
      // The next try loads it again.
      worker = null;
      finish('not-loaded');
    };
    reader.addEventListener('message', onMessage);
    reader.addEventListener('error', onError);
    reader.postMessage({ id, source });
  });
}
