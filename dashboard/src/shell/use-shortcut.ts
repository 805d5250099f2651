import { useEffect, useRef } from 'react';
import { isOn } from '../session/session-state';

/** How long the second key of two may take, in milliseconds. */
const SECOND_KEY_MILLISECONDS = 1500;

// The key that was pressed before, where it begins a pair.
let first = { key: '', at: 0 };

addEventListener('keydown', (event) => {
  if (event.key === 'g' && !hasModifier(event) && !isBusy(event.target)) first = { key: 'g', at: event.timeStamp };
  // After all listeners have seen it.
  else if (event.key !== 'Shift') setTimeout(() => (first = { key: '', at: 0 }));
});

/** Calls when a key is pressed outside of inputs and dialogs: `x`; after a `g`, as `g x`; with Ctrl or ⌘, also in inputs, as `mod+x`. */
export function useShortcut(key: string, onPress: (event: KeyboardEvent) => void): void {
  const latest = useRef(onPress);
  latest.current = onPress;
  useEffect(() => {
    const [, modified] = key.split('mod+');
    const [before, second] = key.split(' ');
    const isPressed = (event: KeyboardEvent) => {
      if (modified) return event.key.toLowerCase() === modified && (event.ctrlKey || event.metaKey) && !isDialogOpen();
      if (hasModifier(event) || isBusy(event.target)) return false;
      const isSecond = first.key !== '' && event.timeStamp - first.at < SECOND_KEY_MILLISECONDS;
      return second ? isSecond && first.key === before && event.key === second : !isSecond && event.key === key;
    };
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !isPressed(event)) return;
      event.preventDefault();
      latest.current(event);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [key]);
}

function hasModifier({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey;
}

function isBusy(target: EventTarget | null): boolean {
  const isTyping =
    target instanceof HTMLElement &&
    (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isCheckbox(target)));
  return isTyping || isDialogOpen();
}

function isCheckbox(target: HTMLElement): boolean {
  return target instanceof HTMLInputElement && target.type === 'checkbox';
}

function isDialogOpen(): boolean {
  return !isOn() || document.querySelector('[aria-modal="true"], [role="menu"], [data-opens]') !== null;
}
