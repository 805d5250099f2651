// Bytes of a file as text. Spreadsheets save in several encodings, and not all of them say which.

/** How many bytes are looked at to find out whether they are UTF-16 without a byte order mark. */
const LOOKED_AT = 4096;

/** The text of a file: by its byte order mark, else UTF-16 if it looks so, else UTF-8 if it is valid, else Windows-1252. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const zeros = { even: 0, odd: 0 };
  const length = Math.min(bytes.length, LOOKED_AT);
  for (let index = 0; index < length; index += 1) if (bytes[index] === 0) zeros[index % 2 === 0 ? 'even' : 'odd'] += 1;
  if (zeros.odd > length / 4) return 'utf-16le';
  if (zeros.even > length / 4) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

/** A text with `\n` between its lines, without what has no meaning in it; curly quotes become straight ones where they quote. */
export function tidy(text: string): string {
  const lines = text
    .replace(/^\ufeff/, '')
    .replaceAll('\0', '')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .split('\n');
  return lines.map((line) => (line.includes('"') ? line : line.replace(/[“”„‟]/g, '"'))).join('\n');
}
