import { ASSERTIONS, type Assertion, BadPattern, CONTROLS, fold, not, PERL, POSIX, unicodeClass } from './classes.ts';

/** A regular expression as Go's regexp reads it (RE2): no back references, no look-around, so that matching takes linear time. */
export type Pattern =
  | { op: 'character'; test: (code: number) => boolean }
  | { op: 'assert'; what: Assertion }
  | { op: 'sequence' | 'either'; parts: readonly Pattern[] }
  | { op: 'repeat'; part: Pattern; min: number; max: number; greedy: boolean };

interface Flags {
  ignoreCase: boolean;
  multiLine: boolean;
  dotAll: boolean;
  ungreedy: boolean;
}

/** Throws BadPattern. Mirrors Go's regexp/syntax. */
export function parsePattern(source: string): Pattern {
  return new PatternParser([...unquoted(source)]).whole();
}

/** With what `\Q` and `\E` enclose escaped character by character. */
function unquoted(source: string): string {
  return source.replace(/\\(?:Q([\s\S]*?)(?:\\E|$)|[\s\S])/g, (all, quoted: string | undefined) =>
    quoted === undefined ? all : quoted.replace(/[!-/:-@[-`{-~]/g, '\\$&'),
  );
}

class PatternParser {
  readonly #source: readonly string[];
  #at = 0;
  #depth = 0;
  #flags: Flags = { ignoreCase: false, multiLine: false, dotAll: false, ungreedy: false };

  constructor(source: readonly string[]) {
    this.#source = source;
  }

  whole(): Pattern {
    const pattern = this.#alternatives();
    if (this.#at < this.#source.length) throw new BadPattern('unexpected )');
    return pattern;
  }

  #alternatives(): Pattern {
    this.#depth += 1;
    if (this.#depth > 200) throw new BadPattern('expression nests too deeply');
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    this.#depth -= 1;
    return { op: 'either', parts };
  }

  #sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.#at < this.#source.length && this.#next !== '|' && this.#next !== ')') {
      const part = this.#atom();
      if (part) parts.push(this.#repeated(part));
    }
    return { op: 'sequence', parts };
  }

  #repeated(part: Pattern): Pattern {
    let repeated = part;
    for (let times = 0; ; times++) {
      const bounds = this.#bounds();
      if (!bounds) return repeated;
      if (times > 0) throw new BadPattern('invalid nested repetition operator');
      const [min, max] = bounds;
      if (max < min || min > 1000 || (max !== Number.POSITIVE_INFINITY && max > 1000)) throw new BadPattern('invalid repeat count');
      const isLazy = this.#take('?');
      repeated = { op: 'repeat', part, min, max, greedy: isLazy === this.#flags.ungreedy };
    }
  }

  #bounds(): readonly [number, number] | null {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    const match = /^\{(\d{1,5})(?:(,)(\d{1,5})?)?\}/.exec(this.#source.slice(this.#at, this.#at + 14).join(''));
    if (!match) return null;
    this.#at += match[0].length;
    const min = Number(match[1]);
    return [min, match[2] === undefined ? min : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3])];
  }

  #atom(): Pattern | null {
    const character = this.#advance();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return this.#character(this.#class());
      case '.':
        return this.#character(this.#flags.dotAll ? () => true : (code) => code !== 10);
      case '^':
        return { op: 'assert', what: this.#flags.multiLine ? 'lineStart' : 'start' };
      case '$':
        return { op: 'assert', what: this.#flags.multiLine ? 'lineEnd' : 'end' };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw new BadPattern('missing argument to repetition operator');
      default:
        return this.#literal(character);
    }
  }

  #group(): Pattern | null {
    const outer = this.#flags;
    if (this.#take('?')) {
      if (!this.#named()) {
        const ends = this.#setFlags();
        if (ends) return null;
      }
    }
    const inner = this.#alternatives();
    if (!this.#take(')')) throw new BadPattern('missing closing )');
    this.#flags = outer;
    return inner;
  }

  #named(): boolean {
    const match = /^P?<[A-Za-z0-9_]+>/.exec(this.#source.slice(this.#at, this.#at + 100).join(''));
    if (match) this.#at += match[0].length;
    return match !== null;
  }

  /** `(?i)` to the end of the group around it, which `true` says; `(?i:…)` for what follows. */
  #setFlags(): boolean {
    const flags = { ...this.#flags };
    for (let value = true; ; ) {
      const character = this.#advance();
      if (character === '-' && value) value = false;
      else if (character === 'i') flags.ignoreCase = value;
      else if (character === 'm') flags.multiLine = value;
      else if (character === 's') flags.dotAll = value;
      else if (character === 'U') flags.ungreedy = value;
      else if (character === ')' || character === ':') {
        this.#flags = flags;
        return character === ')';
      } else throw new BadPattern('invalid or unsupported Perl syntax');
    }
  }

  #escape(): Pattern {
    const character = this.#advance();
    const assertion = ASSERTIONS.get(character);
    if (assertion) return { op: 'assert', what: assertion };
    const set = this.#set(character);
    return set ? this.#character(set) : this.#literal(this.#escaped(character));
  }

  /** `\d`, `\pL`, `\P{Greek}`. */
  #set(character: string): ((code: number) => boolean) | null {
    const lower = character.toLowerCase();
    const perl = PERL.get(lower);
    if (perl) return lower === character ? perl : not(perl);
    if (lower !== 'p') return null;
    let name = this.#advance();
    if (name === '{') {
      const end = this.#source.indexOf('}', this.#at);
      if (end < 0) throw new BadPattern('invalid character class range');
      name = this.#source.slice(this.#at, end).join('');
      this.#at = end + 1;
    }
    const negated = name.startsWith('^');
    const test = unicodeClass(negated ? name.slice(1) : name);
    return negated === (character === 'P') ? test : not(test);
  }

  #escaped(character: string): string {
    const control = CONTROLS.get(character);
    if (control !== undefined) return control;
    if (character === 'x') return this.#hex();
    if (/^[0-7]$/.test(character)) {
      const digits = /^[0-7]{1,3}/.exec(this.#source.slice(this.#at - 1, this.#at + 2).join(''))?.[0] ?? '';
      if (digits.length === 1 && digits !== '0') throw new BadPattern('invalid escape sequence');
      this.#at += digits.length - 1;
      return String.fromCodePoint(Number.parseInt(digits, 8));
    }
    if (/^[A-Za-z89]$/.test(character) || character > '\x7f') throw new BadPattern(`invalid escape sequence: \`\\${character}\``);
    return character;
  }

  #hex(): string {
    const match = /^(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2}))/.exec(this.#source.slice(this.#at, this.#at + 8).join(''));
    const code = Number.parseInt(match?.[1] ?? match?.[2] ?? '', 16);
    if (!match || code > 0x10_ff_ff) throw new BadPattern('invalid escape sequence');
    this.#at += match[0].length;
    return String.fromCodePoint(code);
  }

  #class(): (code: number) => boolean {
    const negated = this.#take('^');
    const tests: ((code: number) => boolean)[] = [];
    for (let isFirst = true; isFirst || this.#next !== ']'; isFirst = false) {
      const test = this.#posix() ?? this.#classSet();
      if (test) tests.push(test);
      else tests.push(this.#range());
    }
    this.#at += 1;
    const any = (code: number) => tests.some((test) => test(code));
    const folded = this.#flags.ignoreCase ? fold(any) : any;
    return negated ? not(folded) : folded;
  }

  #classSet(): ((code: number) => boolean) | null {
    if (this.#next !== '\\') return null;
    const at = this.#at;
    this.#at += 1;
    const set = this.#set(this.#advance());
    if (!set) this.#at = at;
    return set;
  }

  #posix(): ((code: number) => boolean) | null {
    const match = /^\[:(\^?)([a-z]+):\]/.exec(this.#source.slice(this.#at, this.#at + 14).join(''));
    if (!match) return null;
    const range = POSIX.get(match[2] ?? '');
    if (!range) throw new BadPattern('invalid character class range');
    this.#at += match[0].length;
    const test = (code: number) => code < 128 && range.test(String.fromCharCode(code));
    return match[1] ? not(test) : test;
  }

  #range(): (code: number) => boolean {
    const low = this.#classCharacter();
    const isRange = this.#next === '-' && this.#source[this.#at + 1] !== ']' && this.#at + 1 < this.#source.length;
    if (!isRange) return (code) => code === low;
    this.#at += 1;
    const high = this.#classCharacter();
    if (high < low) throw new BadPattern('invalid character class range');
    return (code) => code >= low && code <= high;
  }

  #classCharacter(): number {
    const character = this.#advance();
    return (character === '\\' ? this.#escaped(this.#advance()) : character).codePointAt(0) ?? 0;
  }

  #literal(character: string): Pattern {
    const wanted = character.codePointAt(0) ?? 0;
    const test = (code: number) => code === wanted;
    return { op: 'character', test: this.#flags.ignoreCase ? fold(test) : test };
  }

  #character(test: (code: number) => boolean): Pattern {
    return { op: 'character', test };
  }

  get #next(): string | undefined {
    return this.#source[this.#at];
  }

  #take(character: string): boolean {
    if (this.#next !== character) return false;
    this.#at += 1;
    return true;
  }

  #advance(): string {
    const character = this.#next;
    if (character === undefined) throw new BadPattern('unexpected end');
    this.#at += 1;
    return character;
  }
}
