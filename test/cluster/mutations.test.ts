import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { mutate } from '../../src/admission/mutation/mutate.ts';
import type { UserInfo } from '../../src/admission/request/user.ts';
import { admittedInNamespace } from '../../src/questions/admit/admitted.ts';
import type { PodKind } from '../../src/questions/admit/kinds.ts';
import { writesFor } from '../../src/questions/admit/writes.ts';
import { isRaw, type Raw } from '../../src/world/raw.ts';
import type { World } from '../../src/world/world.ts';
import { type ControlPlane, startControlPlane } from '../helpers/control-plane.ts';
import { load } from '../helpers/load.ts';
import { skipReason } from '../helpers/real.ts';
import { worldOf } from '../helpers/world-of.ts';
import { PODS } from './mutations/pods.ts';
import { CASES, type Case } from './mutations/table.ts';

const POD: PodKind = { group: '', version: 'v1', resource: 'pods', kind: 'Pod' };
const ADMIN: UserInfo = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };

describe('mutating policies make of pods what the API server makes of them', { skip: await skipReason() }, () => {
  test(`${CASES.length} policies, ${PODS.length} pods`, async (t) => {
    const plane = await startControlPlane({ controllers: [] });
    t.after(() => plane.stop());
    const objects = CASES.flatMap(objectsOf);
    await load(plane, objects);
    await load(plane, objectsOf(SENTINEL));
    await inForce(plane);
    const world = worldOf(objects);
    world.facts.version = { major: 1, minor: 37 };
    const counts = { compared: 0, admitted: 0, open: 0, changed: 0 };
    const wrong: string[] = [];
    for (const made of CASES) {
      for (const pod of PODS) {
        const said = await server(plane, made.id, pod);
        const ours = us(world, made.id, pod);
        counts.compared += 1;
        if (said.verdict === 'yes') counts.admitted += 1;
        if (ours.verdict === 'depends') counts.open += 1;
        if (ours.isChanged) counts.changed += 1;
        const name = `${made.id} ${(pod.metadata as Raw).name}`;
        if (ours.verdict === 'depends') {
          if (!made.isOpen)
            wrong.push(`${name}: depends on ${ours.detail}; the server: ${said.verdict} ${said.detail}`);
        } else if (ours.verdict !== said.verdict) {
          wrong.push(`${name}: ${ours.verdict} ${ours.detail}; the server: ${said.verdict} ${said.detail}`);
        } else if (said.verdict === 'yes') {
          const differences = ours.pods.map((each) => differenceOf(each, said.pod));
          if (!differences.includes(null)) wrong.push(`${name}: ${differences[0]}`);
        } else if (ours.words !== '' && !said.detail.includes(ours.words))
          wrong.push(`${name}: ${ours.words}; the server: ${said.detail}`);
      }
    }
    t.diagnostic(JSON.stringify(counts));
    assert.deepEqual(wrong, []);
    assert.ok(
      counts.admitted > counts.compared * 0.3 && counts.admitted < counts.compared * 0.8,
      JSON.stringify(counts),
    );
    assert.ok(counts.changed > 300, JSON.stringify(counts));
  });
});

const SENTINEL: Case = {
  id: 'sentinel',
  policies: [
    {
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: { expression: 'Object{spec: Object.spec{hostname: "seen"}}' },
        },
      ],
    },
  ],
};

function objectsOf({ id, policies, level, binding = {}, objects = [] }: Case): Raw[] {
  const namespace = `case-${id}`;
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
  const api = { apiVersion: 'admissionregistration.k8s.io/v1' };
  const account = (name: string): Raw => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
  const labels = { case: id, ...(level ? { 'pod-security.kubernetes.io/enforce': level } : {}) };
  const made: Raw[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
    account('default'),
    account('other'),
    ...objects,
    ...policies.flatMap((spec, index): Raw[] => [
      {
        ...{ ...api, kind: 'MutatingAdmissionPolicy', metadata: { name: `${id}-${index}` } },
        spec: {
          failurePolicy: 'Fail',
          reinvocationPolicy: 'Never',
          matchConstraints: { resourceRules: [rule] },
          ...spec,
        },
      },
      {
        ...{ ...api, kind: 'MutatingAdmissionPolicyBinding', metadata: { name: `${id}-${index}` } },
        spec: {
          policyName: `${id}-${index}`,
          matchResources: { namespaceSelector: { matchLabels: { case: id } } },
          ...binding,
        },
      },
    ]),
  ];
  return JSON.parse(JSON.stringify(made).replaceAll('"NS"', JSON.stringify(namespace)));
}

async function inForce(plane: ControlPlane): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await sleep(100)) {
    const { pod } = await server(plane, 'sentinel', PODS[0] ?? {});
    if (isRaw(pod.spec) && pod.spec.hostname === 'seen') return;
    if (Date.now() > deadline) throw new Error('policies are not in force');
  }
}

interface Said {
  verdict: 'yes' | 'no' | 'depends';
  detail: string;
}

async function server(plane: ControlPlane, id: string, pod: Raw): Promise<Said & { pod: Raw }> {
  const { status, body } = await plane.request('POST', `/api/v1/namespaces/case-${id}/pods?dryRun=All`, pod);
  const { message = '' } = body as { message?: string };
  return {
    verdict: status === 201 ? 'yes' : 'no',
    detail: `${status === 201 ? '' : status} ${message}`,
    pod: body as Raw,
  };
}

function us(world: World, id: string, pod: Raw): Said & { pods: readonly Raw[]; isChanged: boolean; words: string } {
  const namespace = `case-${id}`;
  const judged = admittedInNamespace({ kind: POD, raw: pod, from: 'table' }, namespace, ADMIN, world);
  const [request] = writesFor(POD, pod, namespace, ADMIN, { major: 1, minor: 37 }).requests;
  const { outcomes } = mutate(request, world);
  const refusedByPolicy = judged.violations.find(({ check }) => check.startsWith(`${id}-`));
  return {
    verdict: judged.verdict,
    detail: judged.reason,
    pods: outcomes.map((each) => each.request.object ?? {}),
    isChanged: outcomes.some((each) => each.request !== request),
    words: refusedByPolicy?.detail.split(': ')[0] ?? '',
  };
}

/** The first field that differs, but for what the server alone fills in. */
function differenceOf(ours: Raw, theirs: Raw): string | null {
  const [left, right] = [ours, theirs].map(plain);
  return left === right ? null : `\n  ours   ${left}\n  server ${right}`;
}

function plain({ status: _, metadata, ...rest }: Raw): string {
  const { uid, creationTimestamp, managedFields, generation, ...kept } = (metadata ?? {}) as Raw;
  const text = JSON.stringify({ ...rest, metadata: kept }).replaceAll(/kube-api-access-[a-z0-9]+/g, 'kube-api-access');
  return JSON.stringify(sorted(JSON.parse(text)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRaw(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
