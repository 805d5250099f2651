interface Props {
  user: { name?: string | null; email?: string | null };
}

/** Somebody within a sentence: name and address, or the address alone. Set apart, so that no letter turns the text around it. */
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
