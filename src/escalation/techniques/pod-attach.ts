import { changes } from '../../answer/command.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { Leaning } from '../../answer/verdict.ts';
import type { Pod } from '../../world/objects.ts';
import { child, children } from '../../world/raw.ts';
import { byRights } from '../by-rights.ts';
import { podsOf } from '../targets.ts';
import { right } from '../wanted.ts';
import { isGetEnough, notRunning, podOfGoal, podPosition } from './pod-exec.ts';

const CREATE = right('create', 'pods/attach');
const GET = right('get', 'pods/attach');

/** The input of a process that runs in a pod: a shell, where it reads commands from there. */
export const podAttach = byRights({
  id: 'pod-attach',
  title: 'attach to a pod',
  takes:
    'create pods/attach, until 1.34 get pods/attach is enough; and a container that keeps its standard input open.',
  gives: 'Code in the pod, where the process takes commands from its input, as a shell does.',
  blockers: ['A container without stdin: true shows its output alone.', 'Admission of CONNECT to pods/attach.'],
  mitre: ['T1609'],
  microsoft: ['MS-TA9006'],
  references: ['kubernetes pkg/registry/core/pod/rest/subresources.go', 'kubernetes pkg/kubelet/kubelet_pods.go'],
  targets: ({ world }) => podsOf(world),
  entry: [CREATE, GET].map((wanted) => ({ wanted, isNamed: true })),
  steps: ({ namespace, name }, attacker) => [
    {
      words: `attach to the input of pod ${namespace}/${name}`,
      any: [
        [{ wanted: CREATE, namespace, name }],
        ...(isGetEnough(attacker) ? [[{ wanted: GET, namespace, name }]] : []),
      ],
      attack: () => changes(['attach', '-it', name, ...(namespace === null ? [] : ['-n', namespace])]),
    },
  ],
  gains: podPosition,
  condition: inputOf,
  targetOf: podOfGoal,
});

/** What it depends on; null where every container has its input closed. */
function inputOf(pod: Pod): { unknowns: readonly Unknown[]; leaning: Leaning } | null {
  const { namespace, name, whole } = pod;
  const containers = whole && children(child(whole, 'spec'), 'containers');
  const open = containers?.filter(({ stdin }) => stdin === true);
  if (open?.length === 0) return null;
  const isShell = open?.some(({ tty }) => tty === true) ?? false;
  const what = open
    ? `whether the process of container ${open.map((each) => String(each.name)).join(', ')} takes commands`
    : `whether a container of pod ${namespace}/${name} has its standard input open`;
  const unknown: Unknown = {
    kind: 'invisible',
    what,
    why: open ? 'the API does not say what it does with its input' : 'the pod was not read as a whole',
    affects: `whether to attach to pod ${namespace}/${name} is to run code in it`,
  };
  return { unknowns: [unknown, ...notRunning(pod)], leaning: isShell ? 'yes' : null };
}
