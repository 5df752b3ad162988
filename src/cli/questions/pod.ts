import { usageError } from '../../answer/user-error.ts';
import { otherThanPod } from '../parse/footholds.ts';
import { splitLists } from '../parse/split-lists.ts';
import { aboutObjects, POD } from './about-objects.ts';
import { GOAL, podFoothold } from './footholds.ts';
import type { QuestionCommand } from './question.ts';

const card = aboutObjects({
  name: 'pod',
  usage: 'POD',
  summary: 'Who can get in, and what can be done from there',
  details: POD,
  examples: [
    ['A pod has been breached. Where do we stand?', 'pod web-0 -n shop'],
    ['The same for all pods of a deployment', 'pod deployment/web -n shop'],
    ['Can code in it get to cluster-admin?', 'pod web-0 -n shop --to cluster-admin'],
  ],
  isShownFirst: true,

  load: async () => (await import('../../questions/pod/pod.ts')).pod,
  view: async () => (await import('../../render/views/pod.ts')).podView,
  keepsPodsWhole: true,
});

/** With a goal, or together with other footholds, it asks what code in the pod leads to. */
export const pod: QuestionCommand = {
  ...card,
  flags: [...card.flags, GOAL],
  parse: (words, values) => {
    const reason = splitLists(values.list('to')).length > 0 ? '--to' : otherThanPod(words);
    if (reason === undefined) return { ...card.parse(words, values), question: pod };
    const idle = card.flags.find(
      ({ name }) => values.list(name) && !podFoothold.flags.some((each) => each.name === name),
    );
    if (idle) throw usageError(`error: --${idle.name} cannot be used with ${reason}`);
    return podFoothold.parse(words, values);
  },
};
