import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Checkbox, Group, Input, Stack, Text, TextInput } from '@mantine/core';
import { useRef } from 'react';
import { textOfCode } from '../api/code-texts';
import type { Problem } from '../api/problems';
import { problemAt } from '../api/use-api-mutation';
import { BrandBand } from '../entry/brand-band';
import { colorOf, readLogo, textOn } from './brand';
import classes from './brand-fields.module.css';

/** How an account shows itself, while it is edited. */
export interface Look {
  /** Where the logo is shown from; null without one. */
  logoUrl: string | null;
  /** The new logo in base64, or an empty text to remove it; null if it stays. */
  logo: string | null;
  /** Why the chosen file can be no logo. */
  logoProblem: string | null;
  color: string;
  showsAccount: boolean;
}

interface Props {
  accountName: string;
  look: Look;
  onChange: (look: Look) => void;
  problems: Problem[];
}

/** The logo, the color, who sees them before signing in, and how it looks. */
export function BrandFields({ accountName, look, onChange, problems }: Props) {
  const chooser = useRef<HTMLInputElement>(null);
  const choose = async (file: File | undefined) => {
    if (!file) return;
    const read = await readLogo(file);
    if (typeof read === 'string') {
      const text = textOfCode(read);
      onChange({ ...look, logoProblem: text ? i18n._(text) : read });
    } else onChange({ ...look, logo: read.base64, logoUrl: read.url, logoProblem: null });
  };
  const remove = () => {
    if (chooser.current) chooser.current.value = '';
    onChange({ ...look, logo: '', logoUrl: null, logoProblem: null });
  };
  const color = colorOf(look.color);
  const brand = { accountName, logoUrl: look.logoUrl, color, textColor: color && textOn(color) };
  return (
    <Stack>
      <Input.Wrapper
        label={t`Logo`}
        labelProps={{ htmlFor: 'logo' }}
        description={t`A PNG, JPEG or WebP image of at most 64 kB. It is part of every mail.`}
        error={look.logoProblem ?? problemAt(problems, 'logo')}
      >
        <Group mt="xs">
          <input
            id="logo"
            ref={chooser}
            className={classes.file}
            type="file"
            accept="image/png,image/jpeg,image/webp"
            onChange={(event) => choose(event.target.files?.[0])}
          />
          {look.logoUrl && (
            <Button size="xs" variant="default" onClick={remove}>
              <Trans>Remove the logo</Trans>
            </Button>
          )}
        </Group>
      </Input.Wrapper>
      <TextInput
        label={t`Color`}
        description={t`Such as #1864ab. It fills the band above mails and pages for signing in.`}
        value={look.color}
        onChange={(event) => onChange({ ...look, color: event.target.value })}
        rightSection={color && <span className={classes.swatch} style={{ backgroundColor: color }} />}
        error={problemAt(problems, 'color')}
      />
      <Checkbox
        label={t`Show the account on its page for signing in`}
        description={t`Everyone who opens the page sees what the account is called, its logo and its color, and learns that it exists.`}
        checked={look.showsAccount}
        onChange={(event) => onChange({ ...look, showsAccount: event.target.checked })}
      />
      {(color || look.logoUrl) && (
        <section className={classes.previews} aria-label={t`Preview`}>
          <div className={classes.preview}>
            <BrandBand {...brand} />
            <Text className={classes.body}>
              <Trans>The page for signing in</Trans>
            </Text>
          </div>
          <div className={`${classes.preview} ${classes.mail}`}>
            <BrandBand {...brand} />
            <div className={classes.body}>
              <Trans>A mail, such as an invitation</Trans>
            </div>
          </div>
        </section>
      )}
    </Stack>
  );
}
