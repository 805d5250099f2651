import { useState } from 'react';
import classes from './brand-band.module.css';

/** How an account shows itself, as far as it has a logo or a color. */
export interface Brand {
  accountName: string;
  logoUrl?: string | null;
  color?: string | null;
  textColor?: string | null;
}

/** The band of an account above a page for signing in. Its color only fills it: the text on it is black or white. */
export function BrandBand({ accountName, logoUrl, color, textColor }: Brand) {
  // A logo that was replaced meanwhile is left out.
  const [broken, setBroken] = useState<string | null>(null);
  if (!color && !logoUrl) return null;
  const style = color ? { backgroundColor: color, color: textColor ?? undefined } : undefined;
  return (
    <div className={classes.band} style={style} data-plain={!color || undefined}>
      {logoUrl && logoUrl !== broken && <img className={classes.logo} src={logoUrl} alt="" onError={() => setBroken(logoUrl)} />}
      <bdi>{accountName}</bdi>
    </div>
  );
}
