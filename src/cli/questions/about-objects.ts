import type { Question } from '../../questions/question.ts';
import type { ObjectsTarget } from '../../questions/targets.ts';
import type { StaticKind } from '../../world/kinds.ts';
import type { Command } from '../parse/command.ts';
import { asking } from '../parse/flags.ts';
import { PODS } from '../parse/resource-type.ts';
import { parseObjects, selectorOf } from '../parse/targets.ts';
import { type QuestionCommand, question } from './question.ts';

/** What questions about named objects do not have in common. */
interface AboutObjects extends Omit<Command, 'flags'> {
  /**
   * What it takes besides pods and workloads, and how all of it is called: `pods, what runs them, services and nodes`.
   */
  takes?: { besides: readonly StaticKind[]; inWords: string };
  load: () => Promise<Question<ObjectsTarget>>;
  view: QuestionCommand['view'];
  keepsPodsWhole: boolean;
}

/** A question about named objects: who can do something to them. */
export function aboutObjects({ takes, ...row }: AboutObjects): QuestionCommand {
  const { name, usage } = row;
  const { besides, inWords } = takes ?? { besides: [], inWords: 'pods and what runs them' };
  const taken = { name, usage, kinds: [...PODS, ...besides], kindsInWords: inWords };
  return question({
    ...row,
    findsIndirect: true,
    flags: asking('any namespace', 'selector', 'holders', 'direct', 'groups', 'accept', 'system', 'verify', 'attack'),
    parse: (words, values) => parseObjects(words, selectorOf(values), taken),
    named: (objects) => ({ objects }),
    place: (objects, { namespace }) => ({ ...objects, namespace }),
  });
}

/** What the help says of POD. */
export const POD = [
  'POD is a name, several, TYPE/NAME or TYPE NAME, or all that -l selects.',
  'A workload, such as deployment/web, stands for its pods.',
];
