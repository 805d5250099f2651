import { Group, UnstyledButton } from '@mantine/core';
import { chooseLanguage, language } from './language';
import classes from './language-switch.module.css';
import { CHOICES } from './languages';

/** The other languages, on pages of people who are not signed in. Each is called what its speakers call it. */
export function LanguageSwitch() {
  return (
    <Group gap="md" justify="center" translate="no">
      {CHOICES.filter(({ tag }) => tag !== language()).map(({ tag, name }) => (
        <UnstyledButton key={tag} lang={tag} className={classes.choice} onClick={() => chooseLanguage(tag)}>
          {name}
        </UnstyledButton>
      ))}
    </Group>
  );
}
