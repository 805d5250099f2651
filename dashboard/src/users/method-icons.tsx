import { Tooltip } from '@mantine/core';
import { GoogleIcon, PasswordIcon, ProviderIcon } from '../ui/icons';
import classes from './method-icons.module.css';
import type { User } from './queries';

/** The login methods as icons; their names on hover, on focus, and for screen readers. */
export function MethodIcons({ methods }: { methods: User['authMethods'] }) {
  return (
    <ul className={classes.list}>
      {methods.map((method) => (
        <li key={method.id}>
          <Tooltip label={method.label}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the name of an icon must be reachable without a mouse */}
            <span role="img" aria-label={method.label} tabIndex={0}>
              {iconOf(method)}
            </span>
          </Tooltip>
        </li>
      ))}
    </ul>
  );
}

function iconOf({ id, kind }: User['authMethods'][number]) {
  if (kind === 'PASSWORD') return <PasswordIcon />;
  return id === 'google' ? <GoogleIcon /> : <ProviderIcon />;
}
