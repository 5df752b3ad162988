import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EvidenceStep } from '../../src/answer/answer.ts';
import type { TargetRef } from '../../src/answer/refs.ts';
import { accountPosition, type Gain } from '../../src/escalation/position.ts';
import { TECHNIQUES } from '../../src/escalation/techniques/index.ts';
import { become } from '../../src/questions/become/become.ts';
import { refOfPosition } from '../../src/questions/become/evidence.ts';
import type { Subject } from '../../src/world/objects.ts';
import { type Caller, caller } from '../helpers/caller.ts';
import { DEFAULT_CONTROLLERS } from '../helpers/control-plane.ts';
import { load } from '../helpers/load.ts';
import { withControlPlane } from '../helpers/real.ts';
import { accountPath, TOKEN_REQUEST, type TokenReply } from './attacker/attack.ts';
import { KNOWN_WORLDS, knownWorld, prefixed } from './attacker/handwritten.ts';
import { MERGE } from './attacker/outcome.ts';
import { attackStage } from './attacker/stage.ts';
import { replay } from './printed/replay.ts';

const CONTROLLERS = [
  ...DEFAULT_CONTROLLERS,
  ...['deployment-controller', 'replicaset-controller', 'daemonset-controller', 'statefulset-controller'],
  ...['job-controller', 'cronjob-controller', 'replicationcontroller-controller'],
  'certificatesigningrequest-signing-controller',
];

/** Techniques that no command of these proofs shows, and what does. */
const SHOWN_ELSEWHERE: Readonly<Record<string, string>> = {
  'admission-webhook-mutate': 'privileged.test.ts carries out what is printed',
  'container-escape': 'it takes a kernel: test/kernel',
  'controller-as-deputy': 'deputies.test.ts writes the custom resources',
  'eks-aws-auth': 'it takes an authenticator outside the cluster',
  'node-proxy-kubelet': 'kubelet.test.ts, with a kubelet that records what arrives',
  'node-root': 'it takes a node: test/escalation has its table',
  'pod-create-privileged': 'privileged.test.ts carries out what is printed',
  'pod-ephemeral-container': 'it takes a pod that runs: privileged.test.ts',
  'pod-image-swap': 'it takes a pod that runs: privileged.test.ts',
};

/** With CI=true all known worlds; else every eighth, or those whose names have `ONLY` in them. */
const { CI, ONLY } = process.env;
const isTried = (name: string, turn: number): boolean =>
  ONLY === undefined ? CI === 'true' || turn % 8 === 0 : name.includes(ONLY);

await withControlPlane({ controllers: CONTROLLERS }, async (plane) => {
  const stage = await attackStage(plane);
  // No kubelet says that it is ready.
  await load(plane, [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } }]);
  await plane.request('PATCH', '/api/v1/nodes/n1', { spec: { taints: [] } }, { headers: MERGE });
  const shown = new Set<string>();

  for (const [turn, known] of KNOWN_WORLDS.entries()) {
    const goals = known.gains === 'everything' ? ['cluster-admin', 'sa/~one/b'] : known.gains;
    if (goals.length === 0 || !isTried(known.name, turn)) continue;
    test(`what is printed does it: ${known.name}`, async (t) => {
      const world = knownWorld(known, `printed-${turn}`, null);
      await stage.place(world);
      try {
        const { body } = await plane.request('POST', `${accountPath(world.start)}/token`, TOKEN_REQUEST);
        const { token } = (body as TokenReply).status;
        const asker = await caller(t, plane, plane.adminToken);
        const subject = { kind: 'ServiceAccount', ...world.start } as const;
        const wanted = goals.flatMap((each) => goalOf(prefixed(each, world.prefix)) ?? []);
        const proofs = (await Promise.all(wanted.map((goal) => proofOf(asker, subject, goal)))).flat();
        if (proofs.length === 0) return t.diagnostic('nothing of it is likely before more is known');
        const [longest] = proofs.filter(isPrinted).toSorted((a, b) => b.evidence.length - a.evidence.length);
        assert.ok(longest, `no proof is printed as a whole: ${JSON.stringify(proofs)}`);
        const start = { subject: { ...subject, members: null }, credentials: { token } };
        await replay(stage, longest.evidence, start, longest.goal);
        for (const { technique } of longest.evidence) shown.add(technique);
      } finally {
        await stage.clear();
        await plane.request('DELETE', '/apis/certificates.k8s.io/v1/certificatesigningrequests');
      }
    });
  }

  if (CI === 'true' && ONLY === undefined)
    test('every technique is shown, here or elsewhere', () => {
      const others = TECHNIQUES.map(({ id }) => id).filter((id) => !shown.has(id));
      assert.deepEqual(others.sort(), Object.keys(SHOWN_ELSEWHERE).sort());
    });
});

interface Proof {
  evidence: readonly EvidenceStep[];
  goal: TargetRef;
}

/** The proof of a goal with what it prints; none where it is not likely. */
async function proofOf(asker: Caller, subject: Subject, goal: Gain): Promise<Proof[]> {
  const target = { starts: [{ kind: 'subject' as const, subject }], goals: [goal] };
  const { findings } = await asker.answer(become, target, { showAttack: true });
  return findings
    .filter(({ verdict, leaning }) => verdict === 'yes' || leaning === 'yes')
    .slice(0, 1)
    .map(({ evidence }) => ({ evidence, goal: refOfPosition(goal) }));
}

/**
 * Whether each request of a proof has its command. What is held needs none, and what opens many things has that of the
 * one that is taken.
 */
const isPrinted = ({ evidence }: Proof): boolean =>
  evidence.every(
    ({ id, technique, grants, attack }) =>
      grants.length === 0 ||
      attack !== undefined ||
      technique.endsWith('-held') ||
      evidence.some((each) => each.uses.includes(id) && each.grants.length === 0 && each.attack !== undefined),
  );

function goalOf(key: string): Gain | null {
  const [kind, first = '', second = ''] = key.split('/');
  switch (kind) {
    case 'cluster-admin':
      return { kind: 'cluster' };
    case 'namespace':
      return { kind: 'namespace', name: first };
    case 'secret':
      return { kind: 'secret', namespace: first, name: second };
    case 'sa':
      return accountPosition(first, second);
    default:
      return null;
  }
}
