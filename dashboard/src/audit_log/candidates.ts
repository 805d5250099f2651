// Users as the choices of a picker.

import { t } from '@lingui/core/macro';

export interface Candidate {
  id: string;
  email?: string | null;
  name?: string | null;
}

/** The choices that were found, and the chosen one, which a picker must know to name it. */
export function choicesOf(
  found: readonly Candidate[],
  chosenId: string,
  chosen: Candidate | null,
  isComing: boolean,
): { value: string; label: string }[] {
  const choices = found.filter(({ id }) => id !== chosenId).map((one) => ({ value: one.id, label: labelOf(one) }));
  if (chosenId === '') return choices;
  return [...choices, { value: chosenId, label: chosen?.id === chosenId ? labelOf(chosen) : isComing ? '…' : t`unknown user` }];
}

function labelOf({ email, name }: Candidate): string {
  if (!email) return t`an erased user`;
  return name ? `${name} (${email})` : email;
}
