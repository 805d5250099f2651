import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { copy } from './copy';
import { CheckIcon, CopyIcon } from './icons';

interface Props {
  /** What it is, such as "Invitation link". */
  label: string;
  text: string;
}

/** A text in a field that cannot be edited, with a button that copies it. Where the browser refuses, the text is selected. */
export function CopyField({ label, text }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [isCopied, setIsCopied] = useState<boolean | null>(null);
  const take = async () => {
    const input = field.current;
    const isDone = await copy(text, input?.parentElement ?? undefined);
    if (!isDone) {
      input?.focus();
      input?.select();
    }
    setIsCopied(isDone);
  };
  return (
    <div>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          ref={field}
          label={label}
          readOnly
          value={text}
          data-in-address
          flex={1}
          miw={0}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button
          variant="default"
          onClick={take}
          leftSection={isCopied ? <CheckIcon size={16} /> : <CopyIcon size={16} />}
          data-autofocus
        >
          {isCopied ? t`Copied` : t`Copy`}
        </Button>
      </Group>
      {isCopied === false && (
        <Text size="sm" role="alert" mt="xs">
          <Trans>The browser does not allow copying. The text is selected: copy it with Ctrl-C or ⌘C.</Trans>
        </Text>
      )}
    </div>
  );
}
