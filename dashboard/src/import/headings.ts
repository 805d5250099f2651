// What the columns of a table are, by their headings in any wording: of spreadsheets, and of the exports of other products.
import { holdsAddress } from './addresses';
import { roleOf } from './role-words';

/** The number of each column; null if the table has none. */
export interface Columns {
  address: number | null;
  role: number | null;
  methods: number | null;
}

/** Headings of addresses, the best first. What they contain is compared with: `E-Mail Address [Required]` is `emailaddress`. */
const ADDRESS_HEADINGS: string[][] = [
  [
    'email',
    'mail',
    'emailaddress',
    'mailaddress',
    'emails',
    'primaryemail',
    'primaryemailaddress',
    'workemail',
    'workemailaddress',
    'businessemail',
    'companyemail',
    'useremail',
    'accountemail',
    'memberemail',
    'contactemail',
    'email1value',
    'email1address',
    'primarysmtpaddress',
    'emailadresse',
    'mailadresse',
    'epost',
    'courriel',
    'adresseemail',
    'adressemail',
    'correo',
    'correoelectronico',
    'emailadres',
    'indirizzoemail',
  ],
  ['userprincipalname', 'upn', 'login', 'username', 'userid', 'user', 'signinname', 'logonname', 'benutzername'],
  ['samlnameid', 'nameid', 'address', 'adresse', 'recipient', 'account', 'member', 'person', 'invitee'],
];
/** Addresses of the same person for another purpose. */
const SECONDARY = /recovery|second|alternate|alternative|manager|private|personal|backup|home|other|notification/;
const ROLE_HEADINGS = [
  'role',
  'roles',
  'userrole',
  'memberrole',
  'orgrole',
  'accessrole',
  'permission',
  'permissions',
  'permissionlevel',
  'access',
  'accesslevel',
  'rolle',
  'rollen',
  'benutzerrolle',
  'berechtigung',
  'berechtigungen',
  'zugriff',
  'rol',
  'ruolo',
  'papel',
  'fonction',
];
const METHOD_HEADINGS = [
  'method',
  'methods',
  'authmethod',
  'authmethods',
  'authenticationmethod',
  'authenticationmethods',
  'loginmethod',
  'loginmethods',
  'signinmethod',
  'signinmethods',
  'allowloginwith',
  'loginwith',
  'signinwith',
  'anmeldung',
  'anmeldemethoden',
];

/** A heading as it is compared: letters and digits only, without notes in brackets and without accents. */
function plain(heading: string): string {
  return heading
    .replace(/\[[^\]]*\]|\([^)]*\)/g, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** How well a heading says that a column holds addresses: 0 is best; null if it does not. */
function addressRank(heading: string): number | null {
  const text = plain(heading);
  const rank = ADDRESS_HEADINGS.findIndex((headings) => headings.includes(text));
  if (rank >= 0) return rank;
  return /e?mail/.test(text) && !SECONDARY.test(text) && !/status|verified|count|date/.test(text)
    ? ADDRESS_HEADINGS.length
    : null;
}

/** Whether a row holds headings that are known: no address is in it, but what would be above one. */
export function isHeading(cells: readonly string[]): boolean {
  return cells.some((cell) => addressRank(cell) !== null) && !cells.some(holdsAddress);
}

/** What the columns are. What is in them counts more than their headings: a `login` without addresses does not count. */
export function columnsOf(headings: readonly string[] | null, rows: readonly { cells: string[] }[]): Columns {
  const count = Math.max(headings?.length ?? 0, ...rows.slice(0, 100).map(({ cells }) => cells.length));
  const all = Array.from({ length: count }, (_, index) => index);
  const share = (index: number, fits: (cell: string) => boolean) => {
    const filled = rows.map(({ cells }) => cells[index] ?? '').filter((cell) => cell !== '');
    return filled.length === 0 ? 0 : filled.filter(fits).length / filled.length;
  };
  const named = all
    .map((index) => ({ index, rank: addressRank(headings?.[index] ?? ''), share: share(index, holdsAddress) }))
    .sort((one, other) => (one.rank ?? 99) - (other.rank ?? 99));
  const isEmpty = rows.length === 0;
  // Recovery addresses are never guessed, nor is one column of several.
  const guessed = named.filter((one) => one.share >= 0.5 && !SECONDARY.test(plain(headings?.[one.index] ?? '')));
  const address =
    named.find((one) => one.rank !== null && (isEmpty || one.share >= 0.5)) ??
    (guessed.length === 1 ? guessed[0] : undefined) ??
    // A table whose addresses are all wrong, or missing: each row says so.
    named.find((one) => one.rank === 0);
  const headed = (known: string[]) => all.find((index) => known.includes(plain(headings?.[index] ?? ''))) ?? null;
  const byContent = () => all.find((index) => index !== address?.index && share(index, (cell) => roleOf(cell) !== null) >= 0.6);
  return {
    address: address?.index ?? null,
    role: headed(ROLE_HEADINGS) ?? (headings === null ? (byContent() ?? null) : null),
    methods: headed(METHOD_HEADINGS),
  };
}

/** Columns that may say the address where the chosen one is empty: `userPrincipalName` beside `mail`. The best first. */
export function otherAddressColumns(headings: readonly string[] | null, chosen: number): number[] {
  return (headings ?? [])
    .map((heading, index) => ({ index, rank: addressRank(heading) }))
    .filter(({ index, rank }) => index !== chosen && rank !== null)
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
    .map(({ index }) => index);
}
