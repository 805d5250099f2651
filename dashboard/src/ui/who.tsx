interface Props {
  user: { name?: string | null; email?: string | null };
}

/** A user within a sentence: name and address, or the address alone. `bdi` isolates them from the direction of the text around. */
export function Who({ user: { name, email } }: Props) {
  return (
    <>
      <b>
        <bdi>{name ?? email}</bdi>
      </b>
      {name && (
        <>
          {' '}
          (<bdi>{email}</bdi>)
        </>
      )}
    </>
  );
}
