// Addresses within text, as mail programs and spreadsheets write them.

/** A rough look: the server says what is a valid address. */
const ADDRESS = /[^\s<>()[\]{}",;:|]+@[^\s<>()[\]{}",;:|]+/g;
/** Characters that cannot be seen, which copying brings along. */
const INVISIBLE = '\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff';
/** What needs no closer look. */
const SEEN = /^[\x20-\x7e]*$/;
const AROUND = new RegExp(`^[${INVISIBLE}]+|[${INVISIBLE}]+$`, 'g');

/** A text without blanks and invisible characters around it. */
export function trimmed(text: string): string {
  const plain = text.trim();
  return SEEN.test(plain) ? plain : plain.replace(AROUND, '');
}

/** The addresses in a text. Of `'ada@acme.example' <ada@acme.example>` it is the one in angle brackets. */
export function addressesIn(text: string): string[] {
  if (!text.includes('@')) return [];
  const angles = text.includes('<') ? [...text.matchAll(/<([^<>]*@[^<>]*)>/g)].map(([, inner = '']) => inner) : [];
  const parts = angles.length > 0 ? angles : [text];
  return parts.flatMap((part) => part.match(ADDRESS) ?? []).map(bare);
}

/** Whether a text contains an address. */
export function holdsAddress(text: string): boolean {
  return addressesIn(text).length > 0;
}

/** An address as it is compared: two that are the same to the server are the same here. */
export function sameAddress(address: string): string {
  return SEEN.test(address) ? address.toLowerCase() : address.normalize('NFKC').toLowerCase();
}

/** An address without what a link, quotes or the end of a sentence have left around it. */
function bare(address: string): string {
  const text = trimmed(address).replace(/\?.*$|\.+$/, '');
  return text.startsWith("'") ? text.replace(/^'|'$/g, '') : text;
}
