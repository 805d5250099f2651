import { t } from '@lingui/core/macro';
/** The frame of a page before it is known who is signed in: the same as in index.html, so that nothing jumps. */
export function Frame() {
  return (
    <div className="frame" role="status" aria-label={t`Loading Roster …`}>
      <div className="frame-side" />
      <div className="frame-page">
        <div className="frame-head" />
        <div className="frame-body" />
      </div>
    </div>
  );
}
