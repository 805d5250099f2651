import { t } from '@lingui/core/macro';
import { Link } from 'wouter';
import { ProfileIcon } from './icons';
import { avatarColorOf, initialsOf } from './initials';
import classes from './person-cell.module.css';

interface PersonProps {
  id: string;
  name?: string | null;
  email?: string | null;
}

/** The initials of a person in a circle. It only decorates: their name stands beside it. */
export function Avatar({ id, name, email, size = 'm' }: PersonProps & { size?: 'm' | 'l' }) {
  const initials = initialsOf(name, email);
  return (
    <span className={classes.avatar} data-color={avatarColorOf(id)} data-size={size} aria-hidden="true">
      {initials ? <bdi>{initials}</bdi> : <ProfileIcon size={16} />}
    </span>
  );
}

interface Props {
  user: PersonProps;
  /** Where it leads; without it, it is no link. */
  href?: string;
  /** Behind the name, such as "(you)". */
  note?: string | undefined;
}

/** A person in a list: initials, name and address, in one or two lines, linked to their page. */
export function PersonCell({ user, href, note }: Props) {
  const { name, email } = user;
  const text = (
    <>
      <span className={classes.name}>
        <bdi>{name ?? email ?? t`Erased`}</bdi>
      </span>{' '}
      {name && (
        <span className={classes.address}>
          <bdi>{email}</bdi>
        </span>
      )}
    </>
  );
  return (
    <span className={classes.person}>
      <Avatar {...user} />
      <span className={classes.text}>
        {href ? (
          <Link href={href} className={classes.link} title={email ?? undefined}>
            {text}
          </Link>
        ) : (
          text
        )}
      </span>
      {note && <span className={classes.note}>{note}</span>}
    </span>
  );
}
