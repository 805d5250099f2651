import { GoogleIcon, PasswordIcon, ProviderIcon } from '../ui/icons';
import { methodWord } from '../ui/words';
import classes from './method-icons.module.css';
import type { User } from './queries';

/** The login methods as icons; their names on hover, and for screen readers. */
export function MethodIcons({ methods }: { methods: User['authMethods'] }) {
  return (
    <ul className={classes.list}>
      {methods.map((method) => (
        <li key={method.id}>
          <span role="img" aria-label={methodWord(method)} title={methodWord(method)}>
            {iconOf(method)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function iconOf({ id, kind }: User['authMethods'][number]) {
  if (kind === 'PASSWORD') return <PasswordIcon />;
  return id === 'google' ? <GoogleIcon size={16} /> : <ProviderIcon />;
}
