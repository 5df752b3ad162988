import { asking } from '../parse/flags.ts';
import { PODS } from '../parse/resource-type.ts';
import { parseObjects, selectorOf } from '../parse/targets.ts';
import { question } from './question.ts';

const [name, usage] = ['raw-sockets', '[POD]'];
const TAKES = { name, usage, kinds: PODS, kindsInWords: 'pods and what runs them' };

/** Every pod of the namespace, or of any. */
const EVERY_POD = { refs: [], selector: null };

export const rawSockets = question({
  name,
  usage,
  summary: 'Which containers can open raw sockets, and why',
  details: [
    'By what the runtime of the node gives by default, what is added and dropped,',
    'the user, and whether it can gain privileges. Without POD all pods of the',
    'namespace are asked about, with -A those of any. A workload stands for its pods.',
    '',
    'yes         a process of the container opens them itself',
    'via-binary  only a setuid-root or file-capability program in it does',
    'unknown     it depends, and on what',
    'no          nothing in it does',
  ],
  examples: [
    ['Which pods of this namespace can, and why?', 'raw-sockets -n shop'],
    ['What has to be changed, and what would not be enough?', 'raw-sockets web-0 -n shop --explain'],
    ['Every container of the cluster, one a line', 'raw-sockets -A -o wide'],
  ],
  flags: asking('any namespace', 'selector'),
  parse: (words, values) => {
    const selector = selectorOf(values);
    return words.length === 0 && selector === null ? EVERY_POD : parseObjects(words, selector, TAKES);
  },
  named: (objects) => ({ objects }),
  place: (objects, { namespace }) => ({ ...objects, namespace }),
  load: async () => (await import('../../questions/raw-sockets/raw-sockets.ts')).rawSockets,
  view: async () => (await import('../../render/views/raw-sockets.ts')).rawSocketsView,
  keepsPodsWhole: false,
});
