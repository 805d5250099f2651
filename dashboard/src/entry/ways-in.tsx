import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Divider } from '@mantine/core';
import type { MouseEvent } from 'react';
import { withActingFor } from '../session/acting-for';
import { withNext } from '../session/paths';

interface Way {
  id: string;
  label: string;
  url?: string | null;
}

interface Props {
  ways: readonly Way[];
  withPassword: boolean;
  verb: 'sign-in' | 'accept';
  /** `_blank`: in another tab. */
  target?: '_blank';
  /** Asks before the user goes there. */
  onGo?: (go: () => void) => void;
}

/** A button for each provider. They are links: the server sends the browser on. */
export function ProviderButtons({ ways, withPassword, verb, target, onGo }: Props) {
  const providers = ways.filter((way) => way.url);
  if (providers.length === 0) return null;
  return (
    <>
      {withPassword && <Divider label={t`or`} />}
      {providers.map((way) => {
        const href = withActingFor(withNext(way.url ?? '', location.search));
        const ask = (event: MouseEvent) => {
          if (!onGo) return;
          event.preventDefault();
          onGo(() => location.assign(href));
        };
        return (
          <Button key={way.id} component="a" href={href} target={target} onClick={ask} variant="default" fullWidth>
            {verb === 'accept' ? <Trans>Accept with {way.label}</Trans> : <Trans>Sign in with {way.label}</Trans>}
          </Button>
        );
      })}
    </>
  );
}
