import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { policies } from '../../src/admission/policies/layer.ts';
import type { AdmissionRequest } from '../../src/admission/request/request.ts';
import type { UserInfo } from '../../src/admission/request/user.ts';
import { identityOf } from '../../src/rbac/subjects.ts';
import type { Raw } from '../../src/world/raw.ts';
import type { World } from '../../src/world/world.ts';
import { account } from '../helpers/cluster.ts';
import { type ControlPlane, startControlPlane } from '../helpers/control-plane.ts';
import { load } from '../helpers/load.ts';
import { skipReason } from '../helpers/real.ts';
import { worldOf } from '../helpers/world-of.ts';
import { DATA, EXPRESSIONS } from './policies/expressions.ts';
import { PODS } from './policies/pods.ts';
import { CASES, type Case } from './policies/table.ts';

const ADMIN: UserInfo = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };

/** Pods are created in namespaces that no controller gives an account. */
const NO_ACCOUNTS = ['--disable-admission-plugins=ServiceAccount'];

/** Who makes the requests: token, and what the server makes of it. */
const USERS: readonly { token: string | null; info: UserInfo }[] = [
  { token: null, info: ADMIN },
  { token: 'token-jane', info: { name: 'jane', groups: ['devs', 'system:authenticated'] } },
  { token: 'token-ops', info: { name: 'olga', groups: ['break-glass', 'system:authenticated'] } },
  { token: 'token-bot', info: infoOf(identityOf(account('ci', 'bot'))) },
];

describe('policies decide as the API server decides', { skip: await skipReason(), concurrency: 2 }, () => {
  for (const [version, cases] of [
    ['1.37', CASES],
    ['1.34', CASES.filter((_, index) => index % 3 === 0)],
  ] as const) {
    test(`${cases.length} policies at ${version}`, async (t) => {
      const plane = await startControlPlane({
        controllers: [],
        ...(version === '1.37' ? {} : { emulatedVersion: version }),
        tokens: USERS.flatMap(({ token, info }) =>
          token
            ? [{ token, user: info.name ?? '', groups: info.groups.filter((each) => each !== 'system:authenticated') }]
            : [],
        ),
        extraApiserverArgs: NO_ACCOUNTS,
      });
      t.after(() => plane.stop());
      const objects = [...rights(), ...cases.flatMap(objectsOf)];
      await load(plane, [...objects, ...objectsOf(SENTINEL)]);
      await inForce(plane);
      const world = worldOf(objects);
      world.facts.version = { major: 1, minor: version === '1.37' ? 37 : 34 };
      const pods = await Promise.all(PODS.map((pod) => defaulted(plane, pod)));
      const counts = { compared: 0, admitted: 0, unknown: 0 };
      const wrong: string[] = [];
      await each(
        cases.flatMap(({ id }) => USERS.flatMap((who) => pods.map((pod) => ({ id, who, pod })))),
        async ({ id, who, pod }) => {
          const said = await server(plane, id, who.token, pod);
          const ours = us(world, id, who.info, pod);
          counts.compared += 1;
          if (said === 'admitted') counts.admitted += 1;
          if (ours === 'unknown') counts.unknown += 1;
          else if (ours !== said)
            wrong.push(`${id} ${nameOf(pod)} by ${who.info.name}:\n  server ${said}\n  ours   ${ours}`);
        },
      );
      t.diagnostic(`${version}: ${JSON.stringify(counts)}`);
      assert.deepEqual(wrong, []);
      assert.equal(counts.unknown, 0);
      assert.ok(
        counts.admitted > counts.compared * 0.3 && counts.admitted < counts.compared * 0.7,
        `${counts.admitted} of ${counts.compared} admitted`,
      );
    });
  }

  test(`${EXPRESSIONS.length} expressions have the server's values, or fail in its words`, async (t) => {
    const plane = await startControlPlane({ controllers: [], extraApiserverArgs: NO_ACCOUNTS });
    t.after(() => plane.stop());
    const objects = EXPRESSIONS.flatMap(printing);
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'expressions' } };
    await load(plane, [namespace, ...objects, ...objectsOf(SENTINEL)]);
    await inForce(plane);
    const world = worldOf([namespace, ...objects]);
    const wrong: string[] = [];
    const counts = { compared: 0, failed: 0, unknown: 0 };
    await each([...EXPRESSIONS.entries()], async ([index, source]) => {
      const object = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'data', labels: { expression: `x${index}` } },
        data: DATA,
      };
      const { body } = await plane.request('POST', '/api/v1/namespaces/expressions/configmaps?dryRun=All', object);
      const said = denial((body as { message?: string }).message ?? '');
      const verdict = policies.admits(creation('ConfigMap', 'configmaps', 'expressions', object, ADMIN), world);
      const ours = verdict.value === 'depends' ? 'unknown' : denial(`is forbidden: ${verdict.evidence[0]?.detail}`);
      counts.compared += 1;
      if (said.includes('resulted in error')) counts.failed += 1;
      if (ours === 'unknown') counts.unknown += 1;
      if (ours !== said) wrong.push(`${source}\n  server ${said}\n  ours   ${ours}`);
    });
    t.diagnostic(JSON.stringify(counts));
    assert.deepEqual(wrong, []);
  });
});

/** A policy that refuses the object labelled with its number, and prints the value of an expression. */
function printing(source: string, index: number): Raw[] {
  const api = { apiVersion: 'admissionregistration.k8s.io/v1' };
  const printed = `'%s'.format([dyn(${source})])`;
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] };
  return [
    {
      ...{ ...api, kind: 'ValidatingAdmissionPolicy', metadata: { name: `x${index}` } },
      spec: {
        matchConstraints: { resourceRules: [rule], objectSelector: { matchLabels: { expression: `x${index}` } } },
        validations: [{ expression: `${printed} == 'never'`, messageExpression: `'=' + ${printed}` }],
        ...(source === 'params' ? { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } } : {}),
      },
    },
    {
      ...api,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: `x${index}` },
      spec: { policyName: `x${index}`, validationActions: ['Deny'] },
    },
  ];
}

/** What follows the policy's name in the server's refusal, without the expression. */
function denial(message: string): string {
  const said = /is forbidden: ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request: ([\s\S]*)/.exec(
    message,
  )?.[1];
  return said === undefined
    ? message
    : said.replace(/^expression '[\s\S]*' resulted in error: /, 'resulted in error: ');
}

/** A policy that refuses all, made last: once it is in force, so are the others. */
const SENTINEL: Case = { id: 'sentinel', spec: { validations: [{ expression: 'false', message: 'seen' }] } };

function objectsOf({ id, spec, binding = {}, labels = {}, objects = [] }: Case): Raw[] {
  const namespace = `case-${id}`;
  const { matchResources = {}, ...rest } = binding as { matchResources?: Raw };
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] };
  const api = { apiVersion: 'admissionregistration.k8s.io/v1' };
  const made: Raw[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { case: id, ...labels } } },
    ...objects,
    {
      ...api,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: id },
      spec: { matchConstraints: { resourceRules: [rule] }, ...spec },
    },
    {
      ...{ ...api, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name: `bound-${id}` } },
      spec: {
        ...{ policyName: id, validationActions: ['Deny'], ...rest },
        matchResources: { ...matchResources, namespaceSelector: { matchLabels: { case: id } } },
      },
    },
  ];
  return JSON.parse(
    JSON.stringify(made).replaceAll('"NS"', JSON.stringify(namespace)).replaceAll("'NS'", `'${namespace}'`),
  );
}

/** Everybody may create pods; some may more, which policies ask about. */
function rights(): Raw[] {
  const api = { apiVersion: 'rbac.authorization.k8s.io/v1' };
  const role = (name: string, rule: Raw): Raw => ({ ...api, kind: 'ClusterRole', metadata: { name }, rules: [rule] });
  const bind = (name: string, role: string, ...subjects: Raw[]): Raw => ({
    ...{
      ...api,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    },
    subjects: subjects.map((subject) => ({ apiGroup: 'rbac.authorization.k8s.io', ...subject })),
  });
  return [
    role('pods', { apiGroups: [''], resources: ['pods'], verbs: ['create'] }),
    bind('pods', 'pods', { kind: 'Group', name: 'system:authenticated' }),
    role('exception', {
      apiGroups: ['example.com'],
      resources: ['exceptions'],
      resourceNames: ['privileged'],
      verbs: ['use'],
    }),
    bind('exception', 'exception', { kind: 'User', name: 'jane' }),
    role('metrics', { nonResourceURLs: ['/metrics'], verbs: ['get'] }),
    bind('metrics', 'metrics', { kind: 'Group', name: 'break-glass' }),
    role('secrets', { apiGroups: [''], resources: ['secrets'], verbs: ['get'] }),
    bind('secrets', 'secrets', { kind: 'ServiceAccount', namespace: 'ci', name: 'bot', apiGroup: '' }),
  ];
}

async function inForce(plane: ControlPlane): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await sleep(100)) {
    const said = await server(plane, 'sentinel', null, PODS[0] ?? {});
    if (said.endsWith(': seen')) return;
    if (Date.now() > deadline) throw new Error(`policies are not in force: ${said}`);
  }
}

/** The pod as validation sees it, but for what the server alone fills in. */
async function defaulted(plane: ControlPlane, pod: Raw): Promise<Raw> {
  const { status, body } = await plane.request('POST', '/api/v1/namespaces/default/pods?dryRun=All', pod);
  assert.equal(status, 201, JSON.stringify(body));
  const { status: _, metadata, ...rest } = body as Raw;
  const { uid, creationTimestamp, managedFields, generation, namespace, ...kept } = metadata as Raw;
  assert.deepEqual(
    [namespace, typeof uid, typeof creationTimestamp, typeof managedFields, generation],
    ['default', 'string', 'string', 'object', 1],
  );
  return { ...rest, metadata: kept };
}

async function server(plane: ControlPlane, id: string, token: string | null, pod: Raw): Promise<string> {
  const { namespace: _, ...metadata } = pod.metadata as Raw;
  const path = `/api/v1/namespaces/case-${id}/pods?dryRun=All`;
  const { status, body } = await plane.request('POST', path, { ...pod, metadata }, token ? { token } : {});
  const { message = '' } = body as { message?: string };
  if (status === 201) return 'admitted';
  return /is forbidden: (ValidatingAdmissionPolicy [\s\S]*)/.exec(message)?.[1] ?? `${status} ${message}`;
}

function us(world: World, id: string, who: UserInfo, pod: Raw): string {
  const verdict = policies.admits(creation('Pod', 'pods', `case-${id}`, pod, who), world);
  if (verdict.value === 'depends') return 'unknown';
  return verdict.value === 'yes' ? 'admitted' : (verdict.evidence[0]?.detail ?? 'refused for nothing');
}

function creation(kind: string, resource: string, namespace: string, object: Raw, who: UserInfo): AdmissionRequest {
  return {
    ...{
      operation: 'CREATE',
      kind: { group: '', version: 'v1', kind },
      resource: { group: '', version: 'v1', resource },
    },
    ...{ subresource: '', namespace, name: nameOf(object), object, oldObject: null, user: who },
  };
}

const nameOf = (pod: Raw): string => String((pod.metadata as Raw).name);

function infoOf({ user: name, groups }: { user: string | null; groups: readonly string[] }): UserInfo {
  return { name, groups };
}

async function each<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (const item of queue) await run(item);
    }),
  );
}
