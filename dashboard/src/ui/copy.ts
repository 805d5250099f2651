/**
 * Copies a text; false where the browser does not let us. Pages that do not come over TLS from another machine have no `clipboard`: there
 * the text is selected, in an element within `place` (a dialog keeps the focus to itself), and the browser is told to copy what is selected.
 */
export async function copy(text: string, place: HTMLElement = document.body): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text, place);
  }
}

function copySelected(text: string, place: HTMLElement): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.setAttribute('readonly', '');
  field.className = 'offscreen';
  const focused = document.activeElement;
  place.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
