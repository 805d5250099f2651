// The macros make this of every `<Trans>` (lingui.config.ts).
import { Trans as LinguiTrans, type TransProps } from '@lingui/react';
import { Fragment } from 'react';

/** A text with its values. What looks like a tag in a value is text: Lingui itself would read `<0>` in a name as an element of the text. */
export function Trans({ values, ...props }: TransProps) {
  return <LinguiTrans {...props} {...(values && { values: Object.fromEntries(Object.entries(values).map(asText)) })} />;
}

const asText = ([key, value]: [string, unknown]) =>
  typeof value === 'string' && value.includes('<') ? [key, <Fragment key={key}>{value}</Fragment>] : [key, value];
