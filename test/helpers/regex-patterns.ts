import { type Random, random } from './random.ts';

/** What Go is asked about one pattern. */
export interface Question {
  pattern: string;
  texts: string[];
  replacement: string;
}

/**
 * Random patterns with texts that they have a chance to match: of all parts of the syntax, of letters whose case folds
 * beyond ASCII, of loops over nothing, and some that Go does not compile. The same seed makes the same ones.
 */
export function* questions(seed: number): Generator<Question> {
  for (let turn = 0; ; turn += 1) {
    const dice = random(seed * 1_000_003 + turn);
    const pattern = patternOf(dice, 3);
    yield { pattern, texts: textsFor(pattern, dice), replacement: dice.pick(REPLACEMENTS) };
  }
}

function patternOf(dice: Random, depth: number): string {
  const start = dice.chance(0.3) ? dice.pick(dice.chance(0.05) ? WRONG.flags : FLAGS) : '';
  return start + alternatives(dice, depth);
}

const alternatives = (dice: Random, depth: number): string =>
  many(dice, [1, 1, 1, 1, 2, 2, 3], () => sequence(dice, depth)).join('|');

const sequence = (dice: Random, depth: number): string =>
  many(dice, [0, 1, 1, 2, 2, 3, 4], () => piece(dice, depth)).join('');

function piece(dice: Random, depth: number): string {
  const atom =
    depth > 0 && dice.chance(0.35)
      ? group(dice, depth - 1)
      : dice.chance(0.25)
        ? set(dice)
        : dice.pick(dice.chance(0.02) ? WRONG.atoms : ATOMS);
  return dice.chance(0.4) ? atom + dice.pick(dice.chance(0.04) ? WRONG.repetitions : REPETITIONS) : atom;
}

const group = (dice: Random, depth: number): string =>
  dice.pick(dice.chance(0.03) ? WRONG.openings : OPENINGS) + alternatives(dice, depth) + (dice.chance(0.01) ? '' : ')');

function set(dice: Random): string {
  const inside = many(dice, [1, 1, 2, 2, 3], () => {
    const letter = () => dice.pick(LETTERS);
    if (dice.chance(0.3)) return [letter(), letter()].sort(byCodePoint).join('-');
    return dice.chance(0.35) ? dice.pick(dice.chance(0.08) ? WRONG.sets : IN_SETS) : letter();
  });
  return `[${dice.chance(0.3) ? '^' : ''}${inside.join('')}${dice.chance(0.01) ? '' : ']'}`;
}

function textsFor(pattern: string, dice: Random): string[] {
  const own = [...pattern].filter((character) => !SYNTAX.has(character));
  const folded = own.flatMap((each) => [each.toUpperCase(), each.toLowerCase()]);
  const letters = [...own, ...own, ...folded, ...dice.some(LETTERS, 3, 6)];
  return [...many(dice, [3], () => many(dice, [1, 2, 3, 4, 5, 6, 8], () => dice.pick(letters)).join('')), ''];
}

function many<T>(dice: Random, counts: readonly number[], make: () => T): T[] {
  return Array.from({ length: dice.pick(counts) }, make);
}

const SYNTAX: ReadonlySet<string> = new Set('()[]{}|*+?\\^$.');

/** Letters of both cases, those with more than one partner, those with none, and what is no letter. */
const LETTERS = [
  ...['a', 'b', 'c', 'k', 's', 'A', 'B', 'K', 'S', 'x', 'Z', '0', '9', '_', '-', ' ', '\n', '\t', ',', '.', '/', ':'],
  ...['é', 'É', 'ß', 'ẞ', 'ſ', '\u212A', 'å', 'Å', '\u212B', 'σ', 'ς', 'Σ', 'µ', 'μ', 'Μ', 'ı', 'İ', 'i', 'I'],
  ...[
    'ǆ',
    'ǅ',
    'Ǆ',
    'θ',
    'ϑ',
    'ϴ',
    'Ω',
    '\u2126',
    'ω',
    'я',
    'Я',
    'ᲂ',
    'о',
    '𐐀',
    '𐐨',
    'Ᏸ',
    'ꭰ',
    'ÿ',
    'Ÿ',
    'İ',
    'ﬁ',
    '😀',
    '٣',
    '中',
    '\u0301',
  ],
];

const ATOMS = [
  ...LETTERS.filter((each) => !SYNTAX.has(each)),
  ...[
    '.',
    '\\.',
    '^',
    '$',
    '\\A',
    '\\z',
    '\\b',
    '\\B',
    '\\d',
    '\\D',
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '\\pL',
    '\\PL',
    '\\p{Lu}',
    '\\p{Greek}',
  ],
  ...[
    '\\p{^Lu}',
    '\\P{^Ll}',
    '\\pN',
    '\\p{Nd}',
    '\\p{Latin}',
    '\\p{Han}',
    '\\p{Cyrillic}',
    '\\pM',
    '\\pZ',
    '\\p{Any}',
    '\\x41',
  ],
  ...[
    '\\101',
    '\\n',
    '\\t',
    '\\Qa.b\\E',
    '\\Q(\\E',
    '\\-',
    '\\/',
    '{',
    '}',
    'a{',
    'a{,2}',
    ']',
    '()',
    '(|a)',
    '(a|)',
    '(?:)',
    'abc',
    'ks',
  ],
  ...[
    '\\07',
    '\\v',
    '\\a',
    '\\p{Lt}',
    '\\p{Co}',
    '\\p{Cs}',
    '\\p{Cn}',
    '\\p{LC}',
    '\\p{lu}',
    '\\p{Letter}',
    '\\p{greek}',
    '\\pC',
    '\\p{Common}',
  ],
  ...['\\x{1F600}', '\\p{Uppercase_Letter}', '\\P{ decimal-number}', '\\p{ASCII}', '\\p{Assigned}'],
];

const IN_SETS = [
  ...[
    '\\d',
    '\\D',
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '\\pL',
    '\\PL',
    '\\p{Lu}',
    '\\p{^Greek}',
    '[:alpha:]',
    '[:^alpha:]',
    '[:word:]',
    '[:cntrl:]',
  ],
  ...[
    '[:punct:]',
    '[:upper:]',
    '[:lower:]',
    '\\n',
    '\\]',
    '\\-',
    '\\x{3b1}-\\x{3c9}',
    '^',
    '[',
    '.',
    '$',
    '&&',
    '[:',
    '\\p{Letter}',
  ],
  ...[
    '\\pN',
    '\\101',
    '[:space:]',
    '[:xdigit:]',
    '[:ascii:]',
    '[.a.',
    '[=a=',
    '[:alpha',
    '[:graph:]',
    '[:print:]',
    '[:blank:]',
  ],
];

const OPENINGS = [
  ...[
    '(',
    '(',
    '(?:',
    '(?:',
    '(?i:',
    '(?s:',
    '(?m:',
    '(?U:',
    '(?i-s:',
    '(?-i:',
    '(?P<n>',
    '(?<m>',
    '(?P<n1>',
    '(?i)(',
    '(?ms:',
    '(?P<1a>',
  ],
];

const FLAGS = ['(?i)', '(?i)', '(?i)', '(?i)', '(?s)', '(?m)', '(?U)', '(?im)', '(?i-s)', '(?-i)', '(?ii)'];

const REPETITIONS = [
  ...[
    '*',
    '+',
    '?',
    '*?',
    '+?',
    '??',
    '*',
    '+',
    '?',
    '{2}',
    '{1,2}',
    '{0}',
    '{0,1}',
    '{2,}',
    '{1,3}?',
    '{,3}',
    '{20}',
    '{x}',
    '{1',
    '{01}',
  ],
  ...['{-1}', '{1,}?'],
];

/** What Go does not compile, alone or often. */
const WRONG = {
  atoms: [
    '\\Z',
    '\\8',
    '\\pX',
    '\\p{Nope}',
    '\\y',
    '\\é',
    '\\C',
    '\\G',
    '\\1',
    '\\x{110000}',
    '\\xZ',
    '\\p{L',
    '\\p',
    '\\c',
    '\\p{Script=Greek}',
    '\\p{Old_Italic}',
  ],
  sets: ['[:foo:]', '-', '\\b', '\\Q', 'a-\\d', '\\E', '\\z', '[.a.]', '[=a=]', '\\A', 'z-a', '\\p{Old_Italic}'],
  openings: [
    '(?=',
    '(?!',
    '(?<=',
    '(?>',
    '(?P=n)(',
    '(?P<>',
    '(?P<a-b>',
    '(?P<é>',
    '(?#',
    '(?x:',
    '(?i-:',
    '(?-:',
    '(?-',
    '(?^:',
    '(?',
    '(?|',
  ],
  flags: ['(?x)', '(?)', '(?i', '(?-)', '(?i-)', '(?'],
  repetitions: ['{2,1}', '{1000}', '{1001}', '{0,1000}', '{500}', '{99999}', '**', '+*', '{1}{2}', '???'],
};

const REPLACEMENTS = [
  ...[
    '',
    'x',
    '$0',
    '$1',
    '${1}x',
    '$1x',
    '$n',
    '${n}',
    '$$',
    '$',
    '<$0>',
    '\\1',
    '$2$1',
    '${',
    '${}',
    'é$0',
    '${m}-${n1}',
    '$ $',
    '$01',
  ],
];

const byCodePoint = (a: string, b: string): number => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);
