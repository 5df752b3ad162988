import { Printable } from './escape.ts';

export interface Tree {
  line: Printable;
  children: Tree[];
}

/** A tree with the glyphs of kubectl-tree. */
export const drawTree = ({ line, children }: Tree): Printable[] => [line, ...drawChildren(children, Printable.of(''))];

function drawChildren(children: readonly Tree[], indent: Printable): Printable[] {
  return children.flatMap(({ line, children: below }, index) => {
    const isLast = index === children.length - 1;
    return [
      Printable.concat([indent, Printable.of(isLast ? '└─' : '├─'), line]),
      ...drawChildren(below, Printable.concat([indent, Printable.of(isLast ? '  ' : '│ ')])),
    ];
  });
}
