import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectMatches } from '../../src/admission/connect.ts';
import type { UserInfo } from '../../src/admission/request/user.ts';
import { sees } from '../../src/admission/webhooks/sees.ts';
import { webhooksOf } from '../../src/admission/webhooks/webhook.ts';
import type { Raw } from '../../src/world/raw.ts';
import { type ControlPlane, startControlPlane } from '../helpers/control-plane.ts';
import { load } from '../helpers/load.ts';
import { skipReason } from '../helpers/real.ts';
import { worldOf } from '../helpers/world-of.ts';
import { CONNECT_POLICIES, CONNECTS, connectTo } from './policies/connects.ts';
import { cases, REQUESTS, requestOf } from './policies/webhook-cases.ts';

const ADMIN: UserInfo = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const JANE: UserInfo = { name: 'jane', groups: ['devs', 'system:authenticated'] };

describe('who sees what', { skip: await skipReason() }, () => {
  test('on the real API server', async (t) => {
    const plane = await startControlPlane({
      ...{ controllers: [], extraApiserverArgs: ['--disable-admission-plugins=ServiceAccount'] },
      tokens: [{ token: 'token-jane', user: 'jane', groups: ['devs'] }],
    });
    t.after(() => plane.stop());
    const objects = [...namespaces(), ...rights(), configuration(), ...CONNECT_POLICIES];
    await load(plane, [...namespaces(), ...rights(), ...CONNECT_POLICIES]);
    await load(plane, [configuration()]);
    await waitFor(
      plane,
      'POST',
      '/api/v1/namespaces/a/configmaps?dryRun=All',
      configMap('sentinel'),
      /failed calling webhook "sentinel/,
    );
    await waitFor(
      plane,
      'POST',
      '/api/v1/namespaces/sealed/pods/sentinel/exec?command=id',
      undefined,
      /denied request: sentinel/,
    );
    const world = worldOf(objects);

    await t.test(`${cases.length} webhooks are called for exactly what we say`, async (t) => {
      const { webhooks } = webhooksOf(world);
      const counts = { compared: 0, seen: 0, refused: 0, unknown: 0 };
      const wrong: string[] = [];
      const all = cases.flatMap(({ name }) => REQUESTS.map((request) => ({ name, request })));
      await each(all, async ({ name, request }) => {
        const body = { ...request.body, metadata: { ...(request.body.metadata as Raw), annotations: { case: name } } };
        const reply = await plane.request(request.method, `${request.path}?dryRun=All`, body);
        const said = heard(name, reply.status, (reply.body as { message?: string }).message ?? '');
        const webhook = webhooks.find((each) => each.name === `${name}.example.com`) ?? assert.fail(name);
        const ours = sees(webhook, { ...requestOf(request), object: body, user: ADMIN }, world).value;
        counts.compared += 1;
        if (said === 'yes') counts.seen += 1;
        if (said === 'refused') counts.refused += 1;
        if (ours === 'depends') counts.unknown += 1;
        else if (ours !== said)
          wrong.push(
            `${JSON.stringify(cases.find((each) => each.name === name))}\n  ${request.path}: server ${said}, ours ${ours}`,
          );
      });
      t.diagnostic(JSON.stringify(counts));
      assert.deepEqual(wrong, []);
      assert.equal(counts.unknown, 0);
      assert.ok(
        counts.seen > counts.compared * 0.25 && counts.seen < counts.compared * 0.75,
        `${counts.seen} of ${counts.compared} seen`,
      );
      assert.ok(counts.refused >= 10, `${counts.refused} refused by a condition that fails`);
    });

    await t.test('policies that match CONNECT refuse before anything is dialled', async (t) => {
      const counts = { compared: 0, refused: 0 };
      const wrong: string[] = [];
      const all = CONNECTS.flatMap((connect) => [ADMIN, JANE].map((who) => ({ connect, who })));
      await each(all, async ({ connect, who }) => {
        const { status, body } = await plane.request(
          'POST',
          connect.path,
          undefined,
          who === JANE ? { token: 'token-jane' } : {},
        );
        const message = (body as { message?: string } | null)?.message ?? String(body);
        const said = /is forbidden: (ValidatingAdmissionPolicy [\s\S]*)/.exec(message)?.[1] ?? 'admitted';
        if (said === 'admitted' && ![404, 400, 500, 502, 503].includes(status))
          wrong.push(`${connect.path}: ${status} ${message}`);
        const verdict = connectMatches({ ...connectTo(connect), user: who }, world);
        const ours =
          verdict.value === 'yes' ? 'admitted' : verdict.value === 'no' ? verdict.evidence[0]?.detail : 'unknown';
        counts.compared += 1;
        if (said !== 'admitted') counts.refused += 1;
        if (ours !== said) wrong.push(`${connect.path} by ${who.name}:\n  server ${said}\n  ours   ${ours}`);
      });
      t.diagnostic(JSON.stringify(counts));
      assert.deepEqual(wrong, []);
      assert.ok(
        counts.refused > 10 && counts.refused < counts.compared,
        `${counts.refused} of ${counts.compared} refused`,
      );
    });
  });
});

/** Nothing listens there: the server says so of each webhook that it calls. */
function configuration(): Raw {
  const common = {
    clientConfig: { url: 'https://127.0.0.1:1/' },
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 5,
  };
  const only = (name: string) => ({
    name: 'case',
    expression: `object != null && has(object.metadata) && object.metadata.?annotations[?'case'].orValue('') == '${name}'`,
  });
  return {
    ...{
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'nobody-listens' },
    },
    webhooks: [...cases, SENTINEL].map(({ name, conditions = [], ...webhook }) => ({
      ...{ name: `${name}.example.com`, ...common, ...webhook },
      matchConditions: [only(name), ...conditions],
    })),
  };
}

const ANYTHING = [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'], scope: '*' }];
const SENTINEL = { name: 'sentinel', rules: ANYTHING, failurePolicy: 'Fail', conditions: [] };

const configMap = (name: string): Raw => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, annotations: { case: name } },
});

function namespaces(): Raw[] {
  const namespace = (name: string, labels: Record<string, string>): Raw => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
  });
  return [
    namespace('a', { env: 'prod', team: 'x' }),
    namespace('b', { env: 'dev' }),
    namespace('sealed', { exec: 'never' }),
  ];
}

function rights(): Raw[] {
  const api = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'all' } };
  return [
    { ...api, kind: 'ClusterRole', rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
    {
      ...{
        ...api,
        kind: 'ClusterRoleBinding',
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'all' },
      },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'devs' }],
    },
    configMap('there'),
  ].map((object) =>
    object.kind === 'ConfigMap'
      ? { ...object, metadata: { name: 'there', namespace: 'a', labels: { app: 'old' } } }
      : object,
  );
}

function heard(name: string, status: number, message: string): string {
  if (message.includes(`failed calling webhook "${name}.example.com"`)) return 'yes';
  if (/is forbidden: .*resulted in error/.test(message)) return 'refused';
  return status === 200 || status === 201 ? 'no' : `${status} ${message}`;
}

async function waitFor(
  plane: ControlPlane,
  method: string,
  path: string,
  body: unknown,
  wanted: RegExp,
): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await sleep(100)) {
    const reply = await plane.request(method, path, body);
    const message = JSON.stringify(reply.body).replaceAll('\\"', '"');
    if (wanted.test(message)) return;
    if (Date.now() > deadline) throw new Error(`never ${wanted}: ${reply.status} ${message}`);
  }
}

async function each<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (const item of queue) await run(item);
    }),
  );
}
