import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { become } from '../../src/questions/become/become.ts';
import { caller } from '../helpers/caller.ts';
import { account, allow } from '../helpers/cluster.ts';
import { load } from '../helpers/load.ts';
import { waitFor, waitForServiceAccount, withControlPlane } from '../helpers/real.ts';
import { runAs } from '../helpers/shell.ts';
import { seen } from '../helpers/staging.ts';
import { binding, role } from '../helpers/story.ts';

const PODS = {
  properties: {
    template: {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            containers: { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            serviceAccountName: { type: 'string' },
          },
        },
      },
    },
  },
};

const definition = (group: string, plural: string, kind: string, spec: object = {}): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    ...{ group, scope: 'Namespaced', names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` } },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, ...spec } },
          },
        },
      },
    ],
  },
});

const core = (kind: string, namespace: string | null, name: string, more: object = {}): object => ({
  ...{ apiVersion: 'v1', kind, metadata: { name, ...(namespace === null ? {} : { namespace }) } },
  ...more,
});

const operator = (name: string, image: string): object[] => [
  core('ServiceAccount', 'system', name),
  core('Pod', 'system', name, {
    spec: { serviceAccountName: name, automountServiceAccountToken: false, containers: [{ name, image }] },
  }),
];

/** Custom resources that somebody writes, with the right to it and the one that the controller needs. */
const cases = [
  {
    ...{ group: 'tekton.dev', plural: 'taskruns', kind: 'TaskRun', verdict: 'yes' as const, spec: {} },
    image: 'ghcr.io/tektoncd/pipeline/controller-10a3e32792f33651396d02b6855a6e36:v1.0.0',
    makes: allow('create', 'pods'),
  },
  {
    ...{ group: 'jobset.x-k8s.io', plural: 'jobsets', kind: 'JobSet', verdict: 'yes' as const, spec: {} },
    ...{ image: 'registry.k8s.io/jobset/jobset:v0.8.0', makes: allow('create', 'jobs', { groups: ['batch'] }) },
  },
  {
    ...{ group: 'example.org', plural: 'widgets', kind: 'Widget', verdict: 'depends' as const, spec: PODS },
    ...{ image: 'example.org/widgets:v1', makes: allow('create', 'pods') },
  },
];
type Case = (typeof cases)[number];

const RESTRICTED = { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } };

await withControlPlane({ controllers: ['serviceaccount-controller'] }, async (plane) => {
  await load(
    plane,
    ['shop', 'system'].map((name) => ({
      ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...(name === 'shop' ? RESTRICTED : {}) } },
    })),
  );
  await load(plane, [
    core('ServiceAccount', 'shop', 'web'),
    ...cases.map(({ plural }) => core('ServiceAccount', 'shop', `writes-${plural}`)),
  ]);
  await load(
    plane,
    cases.map(({ group, plural, kind, spec }) => definition(group, plural, kind, spec)),
  );
  await waitForServiceAccount(plane, 'shop');
  await waitForServiceAccount(plane, 'system');

  const writer = ({ plural }: Case): string => `writes-${plural}`;
  const ask = async (t: Parameters<typeof caller>[0], name: string): Promise<Answer> => {
    const { answer } = await caller(t, plane, plane.adminToken);
    return await answer(become, {
      starts: [{ kind: 'subject', subject: account('shop', name) }],
      goals: [],
    });
  };
  const web = ({ findings }: Answer) => findings.find(({ object, direct }) => !direct && object.name === 'web');

  for (const each of cases) {
    const { group, plural, kind, image, makes, verdict } = each;
    await load(plane, [
      ...operator(`runs-${plural}`, image),
      role(null, `runs-${plural}`, [allow('get list watch', plural, { groups: [group] }), makes]),
      binding(null, `runs-${plural}`, `ClusterRole/runs-${plural}`, [account('system', `runs-${plural}`)]),
      role('shop', writer(each), [allow('create', plural, { groups: [group] })]),
      binding('shop', writer(each), `Role/${writer(each)}`, [account('shop', writer(each))]),
    ]);
    await waitFor(plane, `/apis/${group}/v1/${plural}`, (_, status) => status === 200);
    await seen(plane, `sentinel-${plural}`, 'shop');
    const path = `/apis/${group}/v1/namespaces/shop/${plural}`;
    const token = async (): Promise<string> => {
      const { body } = await plane.request('POST', `/api/v1/namespaces/shop/serviceaccounts/${writer(each)}/token`, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {},
      });
      return (body as { status: { token: string } }).status.token;
    };
    const write = async (name: string): Promise<number> => {
      const object = { apiVersion: `${group}/v1`, kind, metadata: { name, namespace: 'shop' }, spec: {} };
      return (await plane.request('POST', path, object, { token: await token() })).status;
    };

    test(`${plural}.${group}: the writer becomes an account of the namespace: ${verdict}, and the server takes it`, async (t) => {
      const found = web(await ask(t, writer(each)));
      assert.equal(found?.verdict, verdict);
      assert.match(found?.reason ?? '', new RegExp(`^create ${plural}\\.`));
      if (verdict === 'depends') assert.equal(found?.unknowns[0]?.kind, 'unmodelled');
      const check = await runAs(plane, plane.adminToken, found?.evidence[0]?.command ?? '');
      assert.equal(check.code, 0, check.output);
      assert.equal(await write('mine'), 201);
    });

    test(`${plural}.${group}: without the right of its controller nothing is gained`, async (t) => {
      const name = `runs-${plural}`;
      const bindingPath = `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${name}`;
      await plane.request('DELETE', bindingPath);
      const only = `watches-${plural}`;
      await load(plane, [
        role(null, only, [allow('get list watch', plural, { groups: [group] })]),
        binding(null, name, `ClusterRole/${only}`, [account('system', name)]),
      ]);
      assert.equal(web(await ask(t, writer(each))), undefined);
    });

    test(`${plural}.${group}: without the right to it the server refuses, and nothing is gained`, async (t) => {
      await plane.request('DELETE', `/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/${writer(each)}`);
      await seen(plane, `gone-${plural}`, 'shop');
      assert.equal(web(await ask(t, writer(each))), undefined);
      assert.equal(await write('refused'), 403);
    });
  }
});
