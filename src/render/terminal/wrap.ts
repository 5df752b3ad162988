import { displayWidth } from './width.ts';

/**
 * A space at which no line is broken. It never comes from a cluster: of spaces only the plain one is printed as it is.
 */
export const UNBREAKABLE = '\u00a0';

/**
 * Text broken between words. Style codes are closed where a line ends and opened again on the next. A word that is
 * wider than all has a line of its own; only a command is continued, as a shell would read it.
 */
export function wrapText(text: string, width: number, hang: number): string[] {
  const lines: string[] = [];
  const indent = ' '.repeat(hang);
  let line = '';
  let used = 0;
  let isEmpty = true;
  let style = '';
  const end = (more = ''): void => {
    lines.push(`${line}${more}${style === '' ? '' : (CLOSING.get(style) ?? '')}`);
    line = `${indent}${style}`;
    used = hang;
    isEmpty = true;
  };
  for (const [, gap = '', word = ''] of text.matchAll(/( *)([^ ]+)/gy)) {
    const columns = widthOf(word);
    if (!isEmpty && used + gap.length + columns > width) end();
    else if (!isEmpty || lines.length === 0) {
      line += gap;
      used += gap.length;
    }
    const pieces = used + columns > width ? continued(word, width - used, width - hang - 2) : [word];
    for (const [index, piece] of pieces.entries()) {
      line += piece;
      used += widthOf(piece);
      isEmpty = false;
      if (index < pieces.length - 1) {
        end(CONTINUES);
        line += '  ';
        used += 2;
      }
    }
    style = styleAfter(word, style);
  }
  return [...lines, line];
}

/** Columns, without style codes. */
export const widthOf = (text: string): number => displayWidth(text.replace(STYLE, ''));

/** The end of a line that a command follows: nothing may stand before the command. */
export const CONTINUES = ' \\';

/** A command in parts, where a shell lets it be broken; the first has less room. Whatever else: as it is. */
function continued(word: string, first: number, room: number): string[] {
  if (!word.includes(UNBREAKABLE)) return [word];
  const atoms = word.match(WORDS_OF_A_SHELL) ?? [];
  // What does not fit even so stays one line, which a terminal copies as one.
  if (atoms.join(UNBREAKABLE) !== word || atoms.some((atom) => widthOf(atom) + CONTINUES.length > room)) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const atom of atoms) {
    const longer = piece === '' ? atom : `${piece}${UNBREAKABLE}${atom}`;
    const space = (pieces.length === 0 ? first : room) - CONTINUES.length;
    if (piece !== '' && widthOf(longer) > space) {
      pieces.push(piece);
      piece = atom;
    } else piece = longer;
  }
  return [...pieces, piece];
}

const WORDS_OF_A_SHELL = /(?:\$'(?:\\.|[^'\\])*'|'[^']*'|\\.|[^\u00a0'\\])+/gs;

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what style codes begin with.
const STYLE = /\u001b\[\d+m/g;

const CLOSING: ReadonlyMap<string, string> = new Map(
  [
    ['1', '22'],
    ['2', '22'],
    ['31', '39'],
    ['32', '39'],
    ['33', '39'],
  ].map(([open, close]) => [`\u001b[${open}m`, `\u001b[${close}m`]),
);

/** The code that is still open, if any: they are not nested. */
function styleAfter(word: string, before: string): string {
  const last = word.match(STYLE)?.at(-1);
  if (last === undefined) return before;
  return CLOSING.has(last) ? last : '';
}
