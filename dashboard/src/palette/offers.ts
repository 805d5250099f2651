// What the page that is shown offers the palette, such as its export, or what can be done to those who are selected.
import { useEffect, useId } from 'react';
import type { Entry } from './entries';

/** An entry of the palette; the palette closes before it runs. */
export type Offer = Omit<Entry, 'onMore' | 'detail'>;

const offered = new Map<string, readonly Offer[]>();

/** Offers these for as long as the component is shown. */
export function useOffers(offers: readonly Offer[]): void {
  const id = useId();
  useEffect(() => {
    offered.set(id, offers);
  });
  useEffect(() => () => void offered.delete(id), [id]);
}

/** All that is offered now. */
export function offersOfPage(): Offer[] {
  return [...offered.values()].flat();
}
