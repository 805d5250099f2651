// The logo and the color of an account, before they are saved.

/** The longest file of a logo that the server takes, in bytes. */
const MAX_BYTES = 64 * 1024;

/** The color that this text means, as the server writes it; null if it means none. */
export function colorOf(text: string): string | null {
  const color = text.trim().toLowerCase();
  return /^#[0-9a-f]{6}$/.test(color) ? color : null;
}

/** The color of text on a color: black or white, whichever has the higher contrast. The server decides in the same way. */
export function textOn(color: string): string {
  const part = (start: number) => {
    const value = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
  return (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) ? '#000000' : '#ffffff';
}

/** What a file is, by its first bytes and not by its name; null if it can be no logo. */
export function logoType(bytes: Uint8Array): string | null {
  const text = (start: number, end: number) => String.fromCharCode(...bytes.subarray(start, end));
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (text(0, 3) === '\xff\xd8\xff') return 'image/jpeg';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
  return null;
}

/** A file that was chosen for a logo: its bytes in base64 and a URL to show it, or the code that the server would refuse it with. */
export async function readLogo(file: Blob): Promise<{ base64: string; url: string } | 'LOGO_TOO_LARGE' | 'INVALID_LOGO'> {
  if (file.size > MAX_BYTES) return 'LOGO_TOO_LARGE';
  const bytes = new Uint8Array(await file.arrayBuffer());
  const type = logoType(bytes);
  if (!type) return 'INVALID_LOGO';
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const base64 = btoa(binary);
  return { base64, url: `data:${type};base64,${base64}` };
}
