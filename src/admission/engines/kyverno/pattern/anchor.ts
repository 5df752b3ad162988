/**
 * The anchors of a key: `(key)` condition, `<(key)` global condition, `X(key)` must be absent, `+(key)` add, `=(key)`
 * if present, `^(key)` at least one.
 */
type Modifier = '' | '<' | 'X' | '+' | '=' | '^';

export interface Anchor {
  modifier: Modifier;
  key: string;
}

/** The anchor that a key of a pattern has; null for a plain key. Mirrors kyverno pkg/engine/anchor/anchor.go. */
export function parseAnchor(key: string): Anchor | null {
  if (!key.includes('(')) return null;
  const match = /^([+<=X^])?\((.+)\)$/s.exec(key.trim());
  return match ? { modifier: (match[1] ?? '') as Modifier, key: match[2] ?? '' } : null;
}

export const formatAnchor = ({ modifier, key }: Anchor): string => `${modifier}(${key})`;
