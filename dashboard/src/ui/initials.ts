// What an avatar shows of a person who has no picture.

const COLORS = ['blue', 'green', 'orange', 'red', 'violet', 'teal'] as const;

/** A color of the tokens. */
export type AvatarColor = (typeof COLORS)[number];

/** One or two letters: of the first and the last name, or of an address. Empty where there is no letter. */
export function initialsOf(name: string | null | undefined, email: string | null | undefined): string {
  const words = lettersOf(name ?? '') ?? lettersOf(email?.split('@')[0]?.replace(/[._+-]/g, ' ') ?? '') ?? [];
  const [first = '', ...others] = words;
  return (first + (others.at(-1) ?? '')).toUpperCase();
}

/** The first letter of each word; null where there are none. */
function lettersOf(text: string): string[] | null {
  const letters = text.split(/\s+/).flatMap((word) => word.match(/\p{L}/u)?.[0] ?? []);
  return letters.length > 0 ? letters : null;
}

/** The same color for the same person. */
export function avatarColorOf(id: string): AvatarColor {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return COLORS[sum % COLORS.length] ?? 'blue';
}
