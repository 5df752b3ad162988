import { className } from './class-names.ts';

/** A pattern as re2js takes it. */
export interface Translated {
  source: string;
  /** The name of each group, in order; null for one without. */
  names: readonly (string | null)[];
}

/**
 * A pattern of Go's in the dialect of re2js. They differ in three things: names of classes (`className`), groups of the
 * same name, of which Go takes any number, and `[[:]`, to Go a bracket and a colon. What neither compiles stays wrong.
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
 * What is quoted, a class by its name, another escape, where a class begins with a bracket that is part of it, a group,
 * anything else.
 */
const OUTSIDE = /\\Q.*?(?:\\E|$)|\\([pP])\{(\^?)([^}]*)\}|\\.|\[\^?\]?|\(\?P?<([A-Za-z0-9_]+)>|(\()(?!\?)|./suy;
/** A class by its name, another escape, a POSIX class, what looks like one, anything else. */
const INSIDE = /\\([pP])\{(\^?)([^}]*)\}|\\.|\[:.*?:\]|\[:|./suy;
