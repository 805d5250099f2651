import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { CloseIcon, DoneIcon, WarningIcon } from './icons';
import { closeToast, type Toast, useToast } from './notify';
import classes from './toaster.module.css';

/** Shows the message of `notify.ts`: below dialogs, so that it never covers one. */
export function Toaster() {
  const toast = useToast();
  return createPortal(
    <section className={classes.toaster} aria-label={t`Messages`} data-portal data-screen-only>
      {toast && <Message key={toast.id} toast={toast} />}
    </section>,
    document.body,
  );
}

/** It stays while it is pointed at, or holds the focus. */
function Message({ toast: { id, text, isProblem, action, stays } }: { toast: Toast }) {
  const [isHeld, setIsHeld] = useState(false);
  const before = useRef(document.activeElement);
  useEffect(() => {
    if (stays === null || isHeld) return;
    const end = setTimeout(() => closeToast(id), stays);
    return () => clearTimeout(end);
  }, [id, stays, isHeld]);
  const close = () => {
    closeToast(id);
    if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus({ preventScroll: true });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it does nothing but keep it
    <div
      className={classes.toast}
      data-toast
      onMouseEnter={() => setIsHeld(true)}
      onMouseLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
    >
      <span className={isProblem ? classes.bad : classes.good}>{isProblem ? <WarningIcon /> : <DoneIcon />}</span>
      <span className={classes.text} role="alert">
        {text}
      </span>
      {action && (
        <button
          type="button"
          className={classes.action}
          onClick={() => {
            close();
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className={classes.close} aria-label={t`Close message`} onClick={close}>
        <CloseIcon size={16} />
      </button>
    </div>
  );
}
