import type { Random } from '../helpers/random.ts';

/** What a terminal obeys, hides or puts in another order, and what ends a line of somebody. */
export const TERMINAL: readonly string[] = [
  ...[
    '\t',
    '\0',
    '\n',
    '\nINJECTED',
    '\r\nINJECTED',
    '\u2028INJECTED',
    '\u0085INJECTED',
    '\u001b]0;title\u0007',
    '\u001b[2J',
    '\u009b2J',
  ],
  ...['\u202egnp.exe', '\u2066', '\u200b', '\ufeff', '\ufe0f', '\u{e0041}', '\ud800', '\udc00x'],
];

/** What is written to take over a terminal, a line, a path, a shell, a template, an object or a parser. */
export const HOSTILE: readonly string[] = [
  ...TERMINAL,
  ...['', ' ', '\u0301', 'héllo wörld 😀', 'Ａ'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length', 'then'],
  ...[
    '..',
    '../../etc',
    'a/b',
    '/',
    '%2e%2e',
    '%',
    '?x=1',
    '#',
    ':',
    'a:b:c',
    '[::1]',
    '@',
    '*',
    '*/*',
    '-',
    '--',
    '--help',
    '-n',
  ],
  ...[
    "'",
    '"',
    '`',
    '\\',
    '\\u001b',
    '$(id)',
    '${HOME}',
    ';',
    '|',
    '&',
    '{{',
    '}}',
    '{{ request.object }}',
    '{{ x',
    '$(y)',
    '<none>',
  ],
  ...[
    'null',
    'true',
    'no',
    '~',
    '{}',
    '[]',
    '{"a":1}',
    '- a',
    'a: b',
    '&a',
    '*a',
    '<<',
    '!!binary x',
    '0',
    '-1',
    '1e999',
    '0x10',
    '1_000',
    '.inf',
  ],
  ...[
    '9'.repeat(40),
    'x'.repeat(300),
    'a.'.repeat(60),
    '('.repeat(40),
    '(a+)+$',
    '[',
    '1.37',
    'v1',
    'v0.0',
    '12:30',
    '2026-01-01',
    '1Gi',
    '1e3Ki',
    '-0',
  ],
  ...[
    'system:masters',
    'system:serviceaccount:',
    'system:serviceaccount:a:b',
    'system:node:n1',
    'kube-system',
    'default',
    'Pod',
    'pods/exec',
  ],
];

/** Any value that JSON can have, of some kind that is not the one that belongs there. */
export function hostileValue(choose: Random, depth = 2): unknown {
  const kind = choose.below(depth > 0 ? 10 : 6);
  if (kind < 3) return choose.pick(HOSTILE);
  if (kind < 6) return choose.pick(SCALARS);
  if (kind === 6) return Array.from({ length: choose.below(4) }, () => hostileValue(choose, depth - 1));
  if (kind === 7) return nested(choose.pick([3, 20, 90, 150]), choose.chance(0.5));
  return withOwn(Array.from({ length: choose.below(4) }, () => [choose.pick(KEYS), hostileValue(choose, depth - 1)]));
}

const SCALARS: readonly unknown[] = [
  ...[
    null,
    null,
    true,
    false,
    0,
    -1,
    1,
    65_536,
    2 ** 31,
    -(2 ** 31) - 1,
    2 ** 53,
    1e300,
    -1e300,
    1.5,
    5e-324,
    1e21,
    '1',
    'true',
  ],
];

const KEYS: readonly string[] = [
  ...HOSTILE,
  'name',
  'kind',
  'metadata',
  'spec',
  'type',
  'items',
  'any',
  'all',
  'key',
  'operator',
  'values',
  'matchLabels',
];

/** An object that has these keys itself, whatever they are called. */
export function withOwn(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [key, value] of entries)
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  return object;
}

function nested(depth: number, isList: boolean): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level += 1) value = isList ? [value] : { a: value };
  return value;
}
