// Reads files beside the page, which stays usable meanwhile.
import { decode, tidy } from './decode';
import { readSheet } from './sheet';

addEventListener('message', ({ data }: MessageEvent<{ id: number; source: string | ArrayBuffer }>) => {
  const { id, source } = data;
  const text = typeof source === 'string' ? source : decode(new Uint8Array(source));
  postMessage({ id, sheet: readSheet(tidy(text)) });
});
