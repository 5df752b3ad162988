import type { PodFacts } from '../../answer/facts/pod.ts';
import { type Printable, sentence } from '../terminal/printable.ts';
import { printed } from '../terminal/shell.ts';
import type { View } from './view.ts';

/**
 * What to do first, and the line that finds what was done. Each command is the dry run alone: the one that does it is
 * among the fields of `-o json`, and one word shorter.
 */
export function nowLines({ now = [], audit = null }: PodFacts, isBrief: boolean, { paint, width }: View): Printable[] {
  const actions = now.flatMap(({ summary, ends, destroys, commands: [trial] }, index) => [
    sentence`${isBrief ? '' : '  '}${paint('yes', sentence`${index + 1}`)} ${summary}`,
    ...(isBrief ? [] : [sentence`    ends: ${ends}`]),
    ...(isBrief || destroys === null ? [] : [sentence`    destroys: ${destroys}`]),
    ...(trial ? [sentence`${isBrief ? '  ' : '    '}${printed(trial)}`] : []),
  ]);
  const label = sentence`${isBrief ? '' : '  '}Its use: `;
  const [first, ...rest] = audit === null ? [] : printed(audit).wrapped(width);
  // The command begins behind its label where there is room.
  const begin = first && (label.width + first.width <= width ? [sentence`${label}${first}`] : [label, first]);
  return [
    ...(actions.length === 0
      ? []
      : [
          paint('heading', sentence`What now (dry runs; without --dry-run=server done; bindings act in seconds):`),
          ...actions,
        ]),
    ...(begin ?? []),
    ...rest,
  ];
}
