/**
 * The token at the end of a link, without what text around it may have left there: a full stop, a bracket, a quotation mark. Tokens are made
 * of letters, digits, `-`, `_` and `.`, and end with none of these marks.
 */
export function tokenOf(text: string): string {
  return text.trim().replace(/[^A-Za-z0-9_-]+$/, '');
}
