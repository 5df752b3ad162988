import { changes } from '../../answer/command.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { Pod } from '../../world/objects.ts';
import { oncePerObject } from '../../world/once.ts';
import { compareVersions, type Version } from '../../world/version.ts';
import type { Attacker } from '../attacker.ts';
import { byRights } from '../by-rights.ts';
import type { Position } from '../position.ts';
import { podsOf } from '../targets.ts';
import { right } from '../wanted.ts';

const CREATE = right('create', 'pods/exec');
const GET = right('get', 'pods/exec');

/** The position of code in a pod; the same object each time. */
export const podPosition = oncePerObject(
  ({ namespace, name }: Pod): Position => ({ kind: 'pod', namespace: namespace ?? '', name }),
);

/** Commands in a container of a pod that runs. */
export const podExec = byRights({
  id: 'pod-exec',
  title: 'run commands in a pod',
  takes: 'create pods/exec; until 1.34 get pods/exec is enough, by a WebSocket.',
  gives:
    'Code in the pod: its account, if a token is mounted, its Secrets, its network, and the node if its containers reach it.',
  blockers: ['Admission of CONNECT to pods/exec.', 'An image without any program to run.'],
  mitre: ['T1609'],
  microsoft: ['MS-TA9006'],
  references: ['kubernetes pkg/registry/core/pod/rest/subresources.go'],
  targets: ({ world }) => podsOf(world),
  entry: [CREATE, GET].map((wanted) => ({ wanted, isNamed: true })),
  steps: ({ namespace, name }, attacker) => [
    {
      words: `run commands in pod ${namespace}/${name}`,
      any: [
        [{ wanted: CREATE, namespace, name }],
        ...(isGetEnough(attacker) ? [[{ wanted: GET, namespace, name }]] : []),
      ],
      attack: () => changes(['exec', name, ...(namespace === null ? [] : ['-n', namespace]), '--', 'id']),
    },
  ],
  gains: podPosition,
  condition: (pod) => ({ unknowns: notRunning(pod), leaning: 'yes' }),
  targetOf: podOfGoal,
});

/** In 1.35 the API server began to check `create` for WebSockets as well. */
export const isGetEnough = ({ world }: Attacker): boolean =>
  world.facts.version !== null && compareVersions(world.facts.version, CREATE_FOR_ALL) < 0;

const CREATE_FOR_ALL: Version = { major: 1, minor: 35 };

export function podOfGoal(goal: Position, { world }: Attacker): Pod | null {
  if (goal.kind !== 'pod') return null;
  return world.find('pods', goal.namespace, goal.name) ?? null;
}

/** A pod that waits may never run. A manifest says no phase; its pod will run. */
export const notRunning = ({ phase, namespace, name }: Pod): Unknown[] =>
  phase === null || phase === 'Running'
    ? []
    : [
        {
          kind: 'invisible',
          what: `whether pod ${namespace}/${name} will run`,
          why: `its phase is ${phase}`,
          affects: 'commands in it',
        },
      ];
