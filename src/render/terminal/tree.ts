import { Printable } from './printable.ts';
import { CONTINUES } from './wrap.ts';

export interface Tree {
  line: Printable;
  children: Tree[];
}

/** How a tree is to be drawn. */
export interface Canvas {
  width: number;
  /** The terminal knows ASCII alone. */
  ascii: boolean;
}

/** A tree with the glyphs of kubectl-tree; lines that are too wide are broken between words. */
export function drawTree({ line, children }: Tree, canvas: Canvas): Printable[] {
  return [...line.wrapped(canvas.width, 2), ...drawChildren(children, '', canvas)];
}

function drawChildren(children: readonly Tree[], indent: string, canvas: Canvas): Printable[] {
  const { branch, last, trunk } = canvas.ascii ? ASCII : LINES;
  return children.flatMap(({ line, children: below }, index) => {
    const isLast = index === children.length - 1;
    const inner = `${indent}${isLast ? '  ' : trunk}`;
    const lines = line.wrapped(Math.max(canvas.width - indent.length - 2, LEAST), below.length > 0 ? 2 : 1);
    return [
      ...lines.map((each, at) =>
        drawn(each, at === 0 ? `${indent}${isLast ? last : branch}` : before(lines[at - 1], inner)),
      ),
      ...drawChildren(below, inner, canvas),
    ];
  });
}

const drawn = (line: Printable, prefix: string): Printable => Printable.concat([Printable.of(prefix), line]);

/** Nothing of the tree stands within a command, which may be copied as it is. */
const before = (above: Printable | undefined, prefix: string): string =>
  above?.text.endsWith(CONTINUES) ? ' '.repeat(prefix.length) : prefix;

const LINES = { branch: '├─', last: '└─', trunk: '│ ' };
const ASCII = { branch: '|-', last: '`-', trunk: '| ' };
/** The least width of a line in a deep tree on a narrow terminal. */
const LEAST = 24;
