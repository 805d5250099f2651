import { Button, Divider } from '@mantine/core';

interface Way {
  id: string;
  label: string;
  url?: string | null;
}

/** A button for each provider. They are links: the server sends the browser on. */
export function ProviderButtons({ ways, withPassword, verb }: { ways: readonly Way[]; withPassword: boolean; verb: string }) {
  const providers = ways.filter((way) => way.url);
  if (providers.length === 0) return null;
  return (
    <>
      {withPassword && <Divider label="or" />}
      {providers.map((way) => (
        <Button key={way.id} component="a" href={way.url ?? ''} variant="default" fullWidth>
          {verb} with {way.label}
        </Button>
      ))}
    </>
  );
}
