import { useNetwork } from '@mantine/hooks';
import classes from './shell.module.css';

/** Says that the browser has no connection, for as long as it has none. */
export function OfflineBanner() {
  const { online } = useNetwork();
  return (
    <div role="status">
      {!online && (
        <div className={classes.offline}>You are offline. What you see may be old; it is renewed when you are back.</div>
      )}
    </div>
  );
}
