import { asking } from '../parse/flags.ts';
import { PODS } from '../parse/resource-type.ts';
import { parseSubject } from '../parse/subject.ts';
import { parseSubjects, selectorOf } from '../parse/targets.ts';
import { question } from './question.ts';

const [name, usage] = ['privileged', '[SUBJECT|POD]'];
const TAKES = { name, usage, kinds: PODS, kindsInWords: 'pods and what runs them' };

export const privileged = question({
  name,
  usage,
  summary: 'Who can get a pod onto a node, and what stops it',
  details: [
    'SUBJECT is sa/NAME, user/NAME, group/NAME or system:serviceaccount:NS:NAME;',
    'a POD stands for its account. All namespaces are looked at. Without either',
    'everybody is asked about, in the namespace, or with -A in any. A named subject',
    'is followed through all that it can become, unless --direct is given.',
  ],
  examples: [
    ['Can this service account get onto a node, in which namespaces?', 'privileged sa/builder -n ci'],
    ['This pod has been breached. Can it spawn something stronger?', 'privileged web-0 -n shop --explain'],
    ['Who can, anywhere?', 'privileged -A'],
  ],
  flags: asking('any namespace', 'selector', 'groups', 'accept', 'direct', 'system', 'verify', 'attack'),
  parse: (words, values) => parseSubjects(words, selectorOf(values), TAKES),
  named: ({ subjects, pods }) => ({ subjects, objects: pods }),
  place: ({ subjects, pods }, { home, namespace, given }) => ({
    subjects: subjects.map((each) => parseSubject(each, home)),
    pods: pods && { ...pods, namespace },
    namespace,
    given: namespace === null ? null : given,
  }),
  load: async () => (await import('../../questions/privileged/privileged.ts')).privileged,
  view: async () => (await import('../../render/views/privileged.ts')).privilegedView,
  keepsPodsWhole: true,
  findsIndirect: true,
});
