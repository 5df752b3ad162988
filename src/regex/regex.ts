import { RE2JS, RE2JSException } from 're2js';
import { BadPattern } from './bad-pattern.ts';
import { translated } from './dialect.ts';

/** The position of a match in a text, and its groups: undefined for a group that took no part. */
export interface Match {
  start: number;
  end: number;
  text: string;
  groups: readonly (string | undefined)[];
}

/**
 * A pattern with the semantics of Go's regexp: RE2's syntax and leftmost-first matching in time linear in the text, so
 * that a hostile policy cannot block. re2js is a port of Go's package; test/admission/regex compares it, and the code
 * here, with Go.
 */
export class Regex {
  readonly #compiled: RE2JS;
  readonly #names: readonly (string | null)[];

  /** Throws BadPattern where the pattern does not compile. */
  constructor(pattern: string) {
    const { source, names } = translated(pattern);
    try {
      this.#compiled = RE2JS.compile(source);
    } catch (error) {
      if (error instanceof RE2JSException) throw new BadPattern(error.message.replace(source, () => pattern));
      throw error;
    }
    this.#names = names;
  }

  /** Whether the pattern matches anywhere in the text. */
  isIn(text: string): boolean {
    return this.#compiled.test(text);
  }

  /** The first match; null where there is none. */
  find(text: string): Match | null {
    return this.#matches(text).next().value ?? null;
  }

  /** At most `limit` matches that do not overlap, or all where it is negative. Mirrors Go's Regexp.allMatches. */
  findAll(text: string, limit = -1): Match[] {
    if (limit === 0) return [];
    const found: Match[] = [];
    let end = -1;
    for (const match of this.#matches(text)) {
      // An empty match directly after another match does not count.
      if (match.end > match.start || match.start !== end) found.push(match);
      end = match.end;
      if (found.length === limit) break;
    }
    return found;
  }

  /**
   * The text with every match replaced; `$1`, `${name}` and `$$` are expanded. Mirrors Go's Regexp.ReplaceAllString.
   */
  replaceAll(text: string, replacement: string): string {
    return this.#replace(text, (match) => this.#expand(replacement, match));
  }

  /** The text with every match replaced by a literal text. */
  replaceAllLiteral(text: string, replacement: string): string {
    return this.#replace(text, () => replacement);
  }

  #replace(text: string, replacementOf: (match: Match) => string): string {
    const parts: string[] = [];
    let end = 0;
    for (const match of this.#matches(text)) {
      parts.push(text.slice(end, match.start));
      if (match.end > end || match.start === 0) parts.push(replacementOf(match));
      end = match.end;
    }
    return parts.join('') + text.slice(end);
  }

  /** The matches in order: each search starts where the last match ended, or one character later after an empty one. */
  *#matches(text: string): Generator<Match, undefined> {
    const matcher = this.#compiled.matcher(text);
    for (let from = 0; from <= text.length && matcher.find(from); ) {
      const [start, end] = [matcher.start(), matcher.end()];
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? undefined);
      yield { start, end, text: text.slice(start, end), groups };
      from = end > from ? end : from + ((text.codePointAt(from) ?? 0) > 0xff_ff ? 2 : 1);
    }
    return undefined;
  }

  /**
   * Expands a template. A reference to a missing group is empty, and among groups with one name the first that took
   * part counts. Mirrors Go's Regexp.expand.
   */
  #expand(template: string, { groups }: Match): string {
    return template.replaceAll(REFERENCE, (whole, braced: string | undefined, plain: string | undefined) => {
      const name = braced ?? plain;
      if (name === undefined) return whole === '$$' ? '$' : whole;
      if (INDEX.test(name)) return groups[Number(name)] ?? '';
      return groups.find((group, index) => group !== undefined && index > 0 && this.#names[index - 1] === name) ?? '';
    });
  }
}

/** Compiles a pattern once, since most patterns are literals of a policy. */
export function compiled(pattern: string): Regex | BadPattern {
  const known = KNOWN.get(pattern);
  if (known) return known;
  const made = compile(pattern);
  if (KNOWN.size > 1000) KNOWN.clear();
  KNOWN.set(pattern, made);
  return made;
}

function compile(pattern: string): Regex | BadPattern {
  try {
    return new Regex(pattern);
  } catch (error) {
    if (error instanceof BadPattern) return error;
    throw error;
  }
}

const KNOWN = new Map<string, Regex | BadPattern>();
const REFERENCE = /\$\$|\$\{([\p{L}\p{Nd}_]+)\}|\$([\p{L}\p{Nd}_]+)/gu;
const INDEX = /^(?:0|[1-9]\d*)$/;
