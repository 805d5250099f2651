// People to be invited, as they stand in a file or in pasted text: rows of cells, and what the columns are.
import Papa from 'papaparse';
import { addressesIn, trimmed } from './addresses';
import { type Columns, columnsOf, isHeading } from './headings';
import { isComment, recipientRows } from './recipients';

export interface Row {
  /** The line in the file on which it begins, from 1. */
  line: number;
  cells: string[];
  /** The line itself, where it is not a row of a table. */
  text?: string;
}

export interface Sheet {
  /** Null if there are none. */
  headings: string[] | null;
  rows: Row[];
  /** What the columns seem to be. */
  columns: Columns;
}

const DELIMITERS = [',', ';', '\t', '|'];
/** How many rows are looked at to find the delimiter and the headings. */
const LOOKED_AT = 25;
/** A cell that goes on for more lines was opened by a stray quote. */
const MAX_LINES_OF_A_ROW = 30;
/** How many lines are parsed at once. */
const MIN_WINDOW = 2 * MAX_LINES_OF_A_ROW;
const MAX_WINDOW = 4096;

/** Reads a text without `\r`. Anything is read: what makes no sense is a row that says so. */
export function readSheet(text: string): Sheet {
  const declared = text.match(/^sep=(.)\n/i)?.[1];
  const body = declared ? text.slice(text.indexOf('\n') + 1) : text;
  const sheet = readTable(body, declared ? [declared] : DELIMITERS) ?? readList(body);
  if (declared) for (const row of sheet.rows) row.line += 1;
  return sheet;
}

function readList(text: string): Sheet {
  return { headings: null, rows: recipientRows(text), columns: { address: 0, role: 1, methods: 2 } };
}

/** A table with headings, or one whose columns are clear without; null if the text is not a table. */
function readTable(text: string, delimiters: string[]): Sheet | null {
  const looks = delimiters.map((delimiter) => ({ delimiter, rows: rowsOf(text, delimiter, LOOKED_AT) }));
  const headed = looks
    .map((look) => ({ ...look, heading: look.rows.findIndex(({ cells }) => isHeading(cells)) }))
    .filter(({ rows, heading }) => heading >= 0 && rows.slice(0, heading).every(({ cells }) => !cells.some(isAddressLike)))
    .sort((one, other) => widthAt(other.rows, other.heading) - widthAt(one.rows, one.heading))[0];
  if (headed) {
    const line = headed.rows[headed.heading]?.line ?? 0;
    return sheetOf(rowsOf(text, headed.delimiter), (row) => row.line === line);
  }
  const wide = looks.filter(({ rows }) => isTable(rows)).sort((one, other) => widthAt(other.rows, 0) - widthAt(one.rows, 0))[0];
  if (!wide) return null;
  const first = wide.rows[0];
  const hasHeading = first !== undefined && wide.rows.length > 1 && !first.cells.some(isAddressLike);
  return sheetOf(rowsOf(text, wide.delimiter), hasHeading ? (row) => row.line === first.line : null);
}

function sheetOf(all: Row[], isHeadingRow: ((row: Row) => boolean) | null): Sheet {
  const index = isHeadingRow ? all.findIndex(isHeadingRow) : -1;
  const headings = all[index]?.cells.map(trimmed) ?? null;
  const rows = all.slice(index + 1);
  return { headings, rows, columns: columnsOf(headings, rows) };
}

function widthAt(rows: Row[], index: number): number {
  return rows[index]?.cells.length ?? 0;
}

function isAddressLike(cell: string): boolean {
  return cell.includes('@');
}

/**
 * Whether rows without known headings are a table: all are equally wide, and a column holds addresses. Without a row of headings, what
 * begins with the address, has several of them or names people in mails is read as a list.
 */
function isTable(rows: Row[]): boolean {
  const width = widthAt(rows, 0);
  if (width < 2 || rows.some(({ cells }) => cells.length !== width)) return false;
  if (rows.some(({ cells }) => cells.some((cell) => cell.includes('<')))) return false;
  const isHeaded = width > 2 && rows.length > 1 && !rows[0]?.cells.some(isAddressLike);
  if (!isHeaded && rows.some(({ cells }) => cells.flatMap(addressesIn).length > 1)) return false;
  const shares = Array.from(
    { length: width },
    (_, index) => rows.filter(({ cells }) => isAddressLike(cells[index] ?? '')).length,
  );
  const best = shares.indexOf(Math.max(...shares));
  if ((shares[best] ?? 0) < rows.length * (isHeaded ? 0.3 : 0.6)) return false;
  return isHeaded || best > 0 || width > 3;
}

/** The rows of a table that hold anything, at most so many. A row whose quotes do not fit is read by itself, without them. */
function rowsOf(text: string, delimiter: string, most = Number.POSITIVE_INFINITY): Row[] {
  const rows: Row[] = [];
  let line = 1;
  const take = (cells: string[], lines: number) => {
    const clean = cells.map(trimmed);
    if (clean.some((cell) => cell !== '') && !isComment(clean[0] ?? '')) rows.push({ line, cells: clean });
    line += lines;
  };
  let window = MIN_WINDOW;
  for (let start = 0; start < text.length && rows.length < most; ) {
    const end = afterLines(text, start, window);
    const part = parsePart(text.slice(start, end), end === text.length, delimiter, take);
    start += part.length;
    // Windows stay small among rows that are not well formed: each of them ends one.
    window = part.isBroken ? MIN_WINDOW : Math.min(2 * window, MAX_WINDOW);
    if (!part.isBroken) continue;
    const next = afterLines(text, start, 1);
    take(cellsOf(text.slice(start, next).replace('\n', ''), delimiter), 1);
    start = next;
  }
  return rows;
}

/** The place in a text so many lines further on. */
function afterLines(text: string, start: number, lines: number): number {
  let at = start;
  for (let count = 0; count < lines; count += 1) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}

/**
 * Calls with each whole row of a part, and the number of its lines. Answers how much of the part they are, and whether the next row is
 * one whose quotes do not fit. The last row of a part may go on in the next one.
 */
function parsePart(part: string, isLast: boolean, delimiter: string, take: (cells: string[], lines: number) => void) {
  let length = 0;
  let isBroken = false;
  Papa.parse<string[]>(part, {
    delimiter,
    newline: '\n',
    step: ({ data, errors, meta }, parser) => {
      const lines = data.reduce((sum, cell) => sum + cell.split('\n').length - 1, 1);
      isBroken = lines > MAX_LINES_OF_A_ROW || errors.some(({ type }) => type === 'Quotes');
      const isCut = !isLast && length > 0 && meta.cursor >= part.length;
      if (isBroken || isCut) {
        isBroken = isBroken && !(isCut && lines <= MAX_LINES_OF_A_ROW);
        parser.abort();
        return;
      }
      length = meta.cursor;
      take(data, lines);
    },
  });
  return { length, isBroken };
}

/** The cells of one line, whose quotes are not those of a table. */
function cellsOf(line: string, delimiter: string): string[] {
  const pieces = line.split('"');
  if (pieces.length % 2 === 0) return line.replaceAll('"', '').split(delimiter);
  const cells = [''];
  for (const [index, piece] of pieces.entries()) {
    const [first = '', ...more] = index % 2 === 0 ? piece.split(delimiter) : [piece];
    cells[cells.length - 1] += first;
    cells.push(...more);
  }
  return cells;
}
