import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { LanguageSwitch } from '../language/language-switch';
import { ColorSchemeSwitch } from '../shell/color-scheme-switch';
import { useTitle } from '../ui/use-title';
import classes from './entry-card.module.css';

/** A page for people who are not signed in. */
export function EntryCard({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title);
  return (
    <div className={classes.page}>
      <main className={classes.card}>
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
