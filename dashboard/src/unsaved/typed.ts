// Whether something was typed or chosen on this page that would be lost with it. Every field and dialog counts, so that no form can be
// left out, except fields whose value is in the address: their page marks them with `data-in-address`.
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
