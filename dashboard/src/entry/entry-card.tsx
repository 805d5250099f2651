import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { LanguageSwitch } from '../language/language-switch';
import { ColorSchemeSwitch } from '../shell/color-scheme-switch';
import { useTitle } from '../ui/use-title';
import { type Brand, BrandBand } from './brand-band';
import classes from './entry-card.module.css';

interface Props {
  title: string;
  /** The account that the page is about, where the reader may know it. */
  brand?: Brand | null;
  children: ReactNode;
}

/** A page for people who are not signed in. */
export function EntryCard({ title, brand, children }: Props) {
  useTitle(title);
  return (
    <div className={classes.page}>
      <main className={classes.card}>
        {brand && (
          <div className={classes.band}>
            <BrandBand {...brand} />
          </div>
        )}
        <div className={classes.top}>
          <span className={classes.brand} translate="no">
            Roster
          </span>
          <ColorSchemeSwitch />
        </div>
        <Title order={1} size="h2">
          {title}
        </Title>
        {children}
        <LanguageSwitch />
      </main>
    </div>
  );
}
