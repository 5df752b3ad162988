import { className } from './class-names.ts';

/** A pattern in the dialect of re2js. */
export interface Translated {
  source: string;
  /** The names of the groups in order; null for a group without one. */
  names: readonly (string | null)[];
}

/**
 * Translates a pattern of Go into the dialect of re2js. They differ in three things: the names of classes
 * (`className`), groups with the same name, of which Go allows any number, and `[[:]`, which Go reads as a bracket and
 * a colon. A pattern that neither compiles stays wrong.
 */
export function translated(pattern: string): Translated {
  const names: (string | null)[] = [];
  let source = '';
  let isInClass = false;
  for (let at = 0; at < pattern.length; ) {
    const part: RegExp = isInClass ? INSIDE : OUTSIDE;
    part.lastIndex = at;
    const [text = '', letter, negation, property, named, plain]: (string | undefined)[] = part.exec(pattern) ?? [];
    at += text.length;
    if (letter !== undefined && property !== undefined) source += `\\${letter}{${negation}${className(property)}}`;
    else if (isInClass) source += text === '[:' ? '\\[:' : text;
    else source += named !== undefined && names.includes(named) ? '(' : text;
    if (named !== undefined || plain !== undefined) names.push(named ?? null);
    isInClass = isInClass ? text !== ']' : text.startsWith('[');
  }
  return { source, names };
}

/**
 * The parts of a pattern outside a class: quoted text, a class by its name, another escape, the start of a class that
 * begins with a literal bracket, a group, anything else.
 */
const OUTSIDE = /\\Q.*?(?:\\E|$)|\\([pP])\{(\^?)([^}]*)\}|\\.|\[\^?\]?|\(\?P?<([A-Za-z0-9_]+)>|(\()(?!\?)|./suy;
/**
 * The parts inside a class: a class by its name, another escape, a POSIX class, text that looks like one, anything
 * else.
 */
const INSIDE = /\\([pP])\{(\^?)([^}]*)\}|\\.|\[:.*?:\]|\[:|./suy;
