import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { decode, tidy } from './decode';
import { type Defaults, type Person, peopleOf, unknownRoles } from './people';
import { readSheet } from './sheet';

const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const OFFERED = [
  { id: 'password', kind: 'PASSWORD', label: 'Email and password' },
  { id: 'google', kind: 'OPENID_CONNECT', label: 'Google' },
];
const DEFAULTS: Defaults = { role: 'VIEWER', methods: ['password', 'google'], roles: {} };

const read = (text: string, defaults = DEFAULTS): Person[] => {
  const sheet = readSheet(tidy(text));
  return peopleOf(sheet, sheet.columns, defaults, OFFERED);
};
const file = (name: string) => read(decode(readFileSync(path.join(FIXTURES, name))));
/** `ada EDITOR`, or the kind of the problem. */
const brief = (people: Person[]) =>
  people.map(({ address, role, problem }) => `${address.split('@')[0]} ${problem ? problem.kind : role}`);
const addresses = (people: Person[]) => people.map(({ address, problem }) => (problem ? problem.kind : address));

test('every file of the fixtures is tried', () => {
  expect(readdirSync(FIXTURES).sort()).toEqual([...Object.keys(FILES)].sort());
});

const FILES: Record<string, string[]> = {
  'google-workspace.csv': ['ada VIEWER', 'alan VIEWER', 'grace.hopper VIEWER'],
  'okta.csv': ['ada VIEWER', 'alan VIEWER'],
  'github.csv': ['ada ADMIN', 'alan VIEWER', 'grace.hopper unknown-role'],
  'entra.csv': ['ada VIEWER', 'alan VIEWER', 'grace VIEWER', expect.stringContaining('no-address')],
  'roster.csv': ['ada ADMIN', '+alan EDITOR', 'grace.hopper VIEWER'],
  'outlook.txt': ['ada VIEWER', 'alan VIEWER', 'grace.hopper VIEWER'],
  'gmail.txt': ['ada VIEWER', 'alan VIEWER', 'grace.hopper VIEWER'],
  'team-notes.txt': ['ada VIEWER', 'alan VIEWER', 'someone from the second floor no-address', 'grace.hopper VIEWER'],
  'excel-german.csv': ['joerg.mueller EDITOR', 'zoe VIEWER', 'andre VIEWER'],
  'excel-utf8.csv': ['joerg.mueller EDITOR', 'zoe VIEWER', 'andre VIEWER'],
  'excel-unicode.txt': ['joerg.mueller EDITOR', 'zoe VIEWER', 'andre VIEWER'],
  'utf16-be.csv': ['joerg.mueller EDITOR', 'zoe VIEWER', 'andre VIEWER'],
};

test.each(Object.entries(FILES))('%s is read', (name, expected) => {
  expect(brief(file(name))).toEqual(expected);
});

test('names of a file in Windows-1252 keep their letters', () => {
  expect(decode(readFileSync(path.join(FIXTURES, 'excel-german.csv')))).toContain('Jörg;Müller');
});

test('lines are those of the file, also after a cell that has two', () => {
  expect(file('entra.csv').map(({ line }) => line)).toEqual([2, 4, 5, 6]);
  expect(file('excel-utf8.csv').map(({ line }) => line)).toEqual([3, 4, 5]);
  expect(file('team-notes.txt').map(({ line }) => line)).toEqual([2, 3, 5, 6]);
});

test('methods of a row are taken over those of the others', () => {
  expect(file('roster.csv').map(({ methods }) => methods.join(' '))).toEqual(['password google', 'password', 'google']);
});

test('columns are found in any order and wording', () => {
  const headings = [
    'role,email\nEDITOR,ada@acme.example',
    'First Name;Last Name;E-Mail;Permission\nAda;Lovelace;ada@acme.example;editor',
    ' Email Address , Role \n ada@acme.example , Editor ',
    'User Role\tWork email\nEditor\tada@acme.example',
    '\n\nEMAIL,ACCESS\nada@acme.example,can edit',
    'Export of Monday\nName,Mail,Rolle\nAda,ada@acme.example,Editor',
  ];
  for (const text of headings) expect(brief(read(text)), text).toEqual(['ada EDITOR']);
});

test('a table without headings is read by what is in it', () => {
  expect(brief(read('EDITOR,Ada,ada@acme.example\nVIEWER,Bob,bob@acme.example'))).toEqual(['ada EDITOR', 'bob VIEWER']);
  expect(brief(read('Ada;Lovelace;Sales;ada@acme.example\nBob;Stone;Sales;bob@acme.example'))).toEqual([
    'ada VIEWER',
    'bob VIEWER',
  ]);
});

test('a line may say a role and login methods after the address', () => {
  expect(read('ada@acme.example;Admin;password')[0]).toMatchObject({ role: 'ADMIN', methods: ['password'] });
  expect(read('ada@acme.example\teditor\tpassword google')[0]?.methods).toEqual(['password', 'google']);
  expect(read('"ada@acme.example","editor","Email and password"')[0]).toMatchObject({ role: 'EDITOR', methods: ['password'] });
  expect(read('ada@acme.example,,google')[0]).toMatchObject({ role: 'VIEWER', methods: ['google'] });
});

test('recipients are read as mail programs write them', () => {
  const two = ['ada@acme.example', 'grace@acme.example'];
  const [ada, grace] = two;
  for (const text of [
    `Lovelace, Ada <${ada}>; Hopper, Grace <${grace}>`,
    `"Ada L." <${ada}>, ${grace}`,
    `'${ada}' <${ada}>\n${grace}`,
    `Lovelace, Ada <${ada}>, Hopper, Grace <${grace}>`,
    `${ada}; ${grace}`,
    `<${ada}>, <${grace}>`,
    `${ada}\nGrace Hopper <${grace}>`,
    `${ada} ${grace}`,
    `mailto:${ada}?subject=Hello\n(${grace})`,
    `\u200b${ada}\u200b\n\u00a0${grace}.`,
  ]) {
    expect(addresses(read(text)), text).toEqual(two);
  }
});

test('a line that cannot be read is a problem of that line', () => {
  expect(brief(read('ada@acme.example, Editor\nnonsense line here\ngrace@acme.example'))).toEqual([
    'ada EDITOR',
    'nonsense line here no-address',
    'grace VIEWER',
  ]);
  expect(brief(read('ada@acme.example,king\ngrace@acme.example'))).toEqual(['ada unknown-role', 'grace VIEWER']);
  expect(brief(read('ada@acme.example,Editor,carrier pigeon'))).toEqual(['ada unknown-method']);
});

test('an open quote is one problem at most', () => {
  const rows = Array.from({ length: 500 }, (_, index) => `p${index}@acme.example,EDITOR`);
  const people = read(`email,role\n"${rows.join('\n')}`);
  expect(people.map(({ address }) => address)).toEqual(rows.map((row) => row.split(',')[0]));
  expect(people.at(-1)?.line).toBe(501);
});

test('a quoted cell may hold line breaks and doubled quotes', () => {
  const text =
    'email,role,note\r\n"ada@acme.example","EDITOR","two\r\nlines, ""with"" comma"\r\n"eve@acme.example","VIEWER",""\r\n';
  expect(read(text).map(({ address, line }) => `${line} ${address}`)).toEqual(['2 ada@acme.example', '4 eve@acme.example']);
});

test('a name in quotes beside its address spoils no table', () => {
  const text = 'role,email\nEditor,"Turing, Alan" <alan@acme.example>\nViewer,ada@acme.example';
  expect(brief(read(text))).toEqual(['alan EDITOR', 'ada VIEWER']);
});

test('the same address again is a problem of the later row', () => {
  const people = read('ada@acme.example\ngrace@acme.example\nADA@acme.example, Admin');
  expect(people.map(({ problem }) => problem)).toEqual([null, null, { kind: 'duplicate', line: 1 }]);
});

test('empty rows and comments are nothing', () => {
  expect(brief(read('email,role\nada@acme.example,EDITOR\n,\n,,,\n\n# gone@acme.example,ADMIN\n,\n'))).toEqual(['ada EDITOR']);
});

test('a cell with two addresses is asked about', () => {
  expect(read('name,email\nAda,ada@acme.example ada@other.example')[0]?.problem).toEqual({ kind: 'several-addresses', count: 2 });
  expect(addresses(read('name,email\nAda,ada@acme.example <ada@acme.example>'))).toEqual(['ada@acme.example']);
});

test('an unknown word for a role is asked about once, and then is one', () => {
  const text = 'email,role\na@acme.example,Billing Manager\nb@acme.example,billing-manager\nc@acme.example,Captain';
  const sheet = readSheet(tidy(text));
  expect(unknownRoles(sheet, sheet.columns)).toEqual([
    { word: 'Billing Manager', count: 2 },
    { word: 'Captain', count: 1 },
  ]);
  expect(brief(read(text, { ...DEFAULTS, roles: { 'billing manager': 'EDITOR' } }))).toEqual([
    'a EDITOR',
    'b EDITOR',
    'c unknown-role',
  ]);
});

test('a table without a column of addresses says so', () => {
  const sheet = readSheet('login,role\nadal,Owner\naturing,Member');
  expect(sheet.headings).toEqual(['login', 'role']);
  expect(sheet.columns).toEqual({ address: null, role: 1, methods: null });
});

test('which of two columns of addresses is meant is not guessed', () => {
  const text = 'Wer,Privat,Dienst\nAda,ada@home.example,\nBob,bob@home.example,bob@acme.example';
  const sheet = readSheet(text);
  expect([sheet.headings, sheet.columns.address]).toEqual([['Wer', 'Privat', 'Dienst'], null]);
  expect(addresses(peopleOf(sheet, { ...sheet.columns, address: 2 }, DEFAULTS, OFFERED))).toEqual([
    'no-address',
    'bob@acme.example',
  ]);
  expect(readSheet('Wer,Was,Wohin\nAda,Lager,ada@acme.example').columns.address).toBe(2);
});

test('20,000 rows are read', () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `"Person, ${index}",p${index}@acme.example,viewer`);
  expect(read(`name,email,role\n${rows.join('\n')}`)).toHaveLength(20_000);
});

test('5,000 rows whose quotes do not fit are read', () => {
  const rows = Array.from({ length: 5000 }, (_, index) => `Editor,"Person, ${index}" <p${index}@acme.example>`);
  const people = read(`role,email\n${rows.join('\n')}`);
  expect(people).toHaveLength(5000);
  expect(people.at(-1)).toMatchObject({ address: 'p4999@acme.example', line: 5001, role: 'EDITOR', problem: null });
});
