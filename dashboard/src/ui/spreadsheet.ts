// Files for spreadsheets. Which separator a spreadsheet expects depends on the region: where numbers have a decimal comma, it is a semicolon.

/** The separator that spreadsheets of a region expect. */
export function listSeparator(locale?: string): ',' | ';' {
  const decimal = new Intl.NumberFormat(locale).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value;
  return decimal === '.' ? ',' : ';';
}

/** The parameters of an export that spreadsheets of the reader's region open rightly. */
export function spreadsheetParameters(locale?: string): [string, string][] {
  return [
    ['bom', 'true'],
    ['separator', listSeparator(locale) === ',' ? 'comma' : 'semicolon'],
  ];
}
