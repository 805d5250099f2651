import { t } from '@lingui/core/macro';
import { Checkbox } from '@mantine/core';
import { useSearchParams } from 'wouter';

interface KeyPage {
  /** Whether keys that have ended are listed, too. */
  includeEnded: boolean;
  /** The cursor that the page comes after. */
  after: string | null;
}

/** Which page of a list of keys is shown, as the address holds it. */
export function useKeyPage(): KeyPage & { show: (page: KeyPage) => void } {
  const [params, setParams] = useSearchParams();
  return {
    includeEnded: params.get('ended') === 'yes',
    after: params.get('after'),
    show: ({ includeEnded, after }) =>
      setParams({ ...(includeEnded ? { ended: 'yes' } : {}), ...(after === null ? {} : { after }) }),
  };
}

/** Shows keys that have ended, too. */
export function EndedCheckbox({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <Checkbox label={t`Show keys that have ended, too`} checked={checked} onChange={(event) => onChange(event.target.checked)} />
  );
}
