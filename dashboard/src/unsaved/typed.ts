// Whether somebody has typed or chosen something on this page that would be lost with it. Every field and dialog counts, so that no form
// can be forgotten; but for those that stand in the address, which their page marks with `data-in-address`.
import { holdsUnsaved } from './unsaved';

const IN_ADDRESS = '[data-in-address]';

let touched: Element[] = [];

addEventListener(
  'input',
  ({ target }) => {
    if (target instanceof Element && !touched.includes(target)) touched.push(target);
  },
  { capture: true },
);

/** Whether the page holds input: a field that was changed, or an open dialog. */
export function holdsInput(): boolean {
  touched = touched.filter((field) => field.isConnected);
  const dialogs = document.querySelectorAll('[role="dialog"][aria-modal="true"]');
  return holdsUnsaved() || [...touched, ...dialogs].some((element) => element.closest(IN_ADDRESS) === null);
}
