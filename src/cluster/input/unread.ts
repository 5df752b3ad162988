import type { Unknown } from '../../answer/unknown.ts';
import { UserError } from '../../answer/user-error.ts';
import { Malformed } from '../../world/raw.ts';
import { inputError } from './input-error.ts';
import { type Hidden, NoObject, ParseError } from './parse-error.ts';

/** A file, or a part of one, that could not be read. */
export interface Unread {
  /** The place: `chart/values.yaml:1`, or only the file. */
  at: string;
  why: string;
  hidden: Hidden;
}

/** The parts of a source that could not be read, for the answer. */
export interface UnreadParts {
  warnings: readonly string[];
  unknowns: readonly Unknown[];
}

/** What an error in a file of a directory leaves unread. Throws errors that are not about the file. */
export function unreadOf(file: string, error: unknown): Unread {
  if (error instanceof ParseError)
    return {
      at: `${file}:${error.line}`,
      why: error.message,
      hidden: error instanceof NoObject ? error.hidden : 'anything',
    };
  if (error instanceof Malformed) return { at: file, why: error.message, hidden: 'anything' };
  const told = inputError(file, error);
  if (!(told instanceof UserError)) throw error;
  const why = [`error parsing ${file}: `, `open ${file}: `, `${file} `].reduce(
    (text, start) => text.replace(start, ''),
    told.message.slice('error: '.length),
  );
  return { at: file, why, hidden: 'anything' };
}

/** Reports each part in a warning, and as unknowns by their problem. `affects` says what depends on their contents. */
export function unreadParts(unread: readonly Unread[], affects: string): UnreadParts {
  const warnings = unread.map(({ at, why }) => `${at} is not read: ${why}`);
  const groups = Map.groupBy(unread, ({ why, hidden }) => JSON.stringify([why, hidden === 'nothing']));
  const unknowns = [...groups.values()].map((same): Unknown => {
    const isNothing = same[0]?.hidden === 'nothing';
    return {
      kind: 'unreadable',
      what: same.map(({ at }) => at).join(', '),
      why: same[0]?.why ?? '',
      affects: isNothing ? 'nothing, unless it was meant to be an object of Kubernetes' : affects,
    };
  });
  return { warnings, unknowns };
}
