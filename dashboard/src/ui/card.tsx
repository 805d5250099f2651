import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './card.module.css';

interface Props {
  title: string;
  /** What it is for. */
  description?: ReactNode;
  /** For what cannot be taken back. */
  isDangerous?: boolean;
  children: ReactNode;
}

/** A part of a page that is about one thing, such as a form. */
export function Card({ title, description, isDangerous = false, children }: Props) {
  return (
    <section className={classes.card} data-dangerous={isDangerous || undefined}>
      <div className={classes.head}>
        <Title order={2} size="h4">
          {title}
        </Title>
        {description && (
          <Text size="sm" c="dimmed">
            {description}
          </Text>
        )}
      </div>
      {children}
    </section>
  );
}
