import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isReadFlag, keepFlags } from '../../../src/world/kept/flags.ts';
import { kept } from '../../../src/world/kept/index.ts';
import { holdsLeftOut, isLeftOut, LEFT_OUT, withoutLeftOut } from '../../../src/world/kept/left-out.ts';
import { wordsIn } from '../../../src/world/kept/params.ts';
import { KINDS, STATIC_KINDS } from '../../../src/world/kinds.ts';
import { Malformed, type Raw } from '../../../src/world/raw.ts';
import { reduce } from '../../../src/world/reduce/index.ts';
import { clusterOfCanaries } from '../../input/canaries.ts';

const SECRET = 'hunter2';
const container = {
  name: 'app',
  image: 'i',
  command: ['sh', SECRET],
  args: [SECRET],
  env: [
    { name: 'A', value: SECRET },
    { name: 'B', value: '' },
    { name: 'C', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
  ],
  livenessProbe: {
    exec: { command: [SECRET] },
    httpGet: { port: 1, host: 'h', path: '/', httpHeaders: [{ name: 'Authorization', value: SECRET }] },
  },
};
const left = {
  name: 'app',
  image: 'i',
  command: [LEFT_OUT, LEFT_OUT],
  args: [LEFT_OUT],
  env: [
    { name: 'A', value: LEFT_OUT },
    { name: 'B', value: '' },
    { name: 'C', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
  ],
  livenessProbe: {
    exec: { command: [LEFT_OUT] },
    httpGet: { port: 1, host: 'h', path: LEFT_OUT, httpHeaders: [{ name: 'Authorization', value: LEFT_OUT }] },
  },
};
const API_SERVER = {
  metadata: {
    namespace: 'kube-system',
    labels: { component: 'kube-apiserver' },
    annotations: { 'kubernetes.io/config.mirror': 'h' },
  },
};
const FLAGS = [
  'kube-apiserver',
  '--authorization-mode=Node',
  '--feature-gates',
  'A=true',
  '--token-auth-file',
  SECRET,
  `--oidc-client-id=${SECRET}`,
];
const KEPT_FLAGS = [LEFT_OUT, '--authorization-mode=Node', '--feature-gates', 'A=true', LEFT_OUT, LEFT_OUT, LEFT_OUT];
const rule = (fields: object) => ({ spec: { rules: [{ name: 'r', ...fields }] } });
const mutate = { patchStrategicMerge: { spec: { a: SECRET } } };

const cases: [what: string, kind: string, raw: Raw, left: Raw][] = [
  [
    'values of containers',
    '/Pod',
    { spec: { containers: [container], initContainers: [container] } },
    { spec: { containers: [left], initContainers: [left] } },
  ],
  [
    'fields of pods that nobody knows, but that they are there',
    '/Pod',
    { spec: { future: { a: SECRET }, none: null, off: false } },
    { spec: { future: LEFT_OUT, none: null, off: false } },
  ],
  [
    'fields of a wrong type, which stay wrong',
    '/Pod',
    { spec: { containers: [{ env: ['x'], args: 'x', name: { a: SECRET } }], volumes: 7 } },
    { spec: { containers: [{ env: [LEFT_OUT], args: LEFT_OUT, name: {} }], volumes: 7 } },
  ],
  [
    'what drivers of volumes are told',
    '/Pod',
    {
      spec: {
        volumes: [
          { name: 'v', csi: { driver: 'd', volumeAttributes: { a: SECRET } } },
          { name: 'g', gitRepo: { repository: `https://u:${SECRET}@h/p?q` } },
        ],
      },
    },
    {
      spec: {
        volumes: [
          { name: 'v', csi: { driver: 'd', volumeAttributes: { a: LEFT_OUT } } },
          { name: 'g', gitRepo: { repository: 'https://h' } },
        ],
      },
    },
  ],
  [
    'annotations, but those that decide',
    '/Pod',
    {
      metadata: {
        annotations: {
          a: SECRET,
          'openshift.io/required-scc': 's',
          'container.apparmor.security.beta.kubernetes.io/app': 'unconfined',
        },
      },
    },
    {
      metadata: {
        annotations: {
          a: LEFT_OUT,
          'openshift.io/required-scc': 's',
          'container.apparmor.security.beta.kubernetes.io/app': 'unconfined',
        },
      },
    },
  ],
  [
    'messages of containers that ended',
    '/Pod',
    {
      status: {
        phase: 'Running',
        message: SECRET,
        containerStatuses: [{ name: 'a', state: { terminated: { exitCode: 1, message: SECRET } } }],
      },
    },
    { status: { phase: 'Running', containerStatuses: [{ name: 'a', state: { terminated: { exitCode: 1 } } }] } },
  ],
  [
    "other flags of a kube-apiserver's static pod",
    '/Pod',
    { ...API_SERVER, spec: { containers: [{ command: FLAGS }] } },
    {
      ...{ metadata: { ...API_SERVER.metadata, annotations: { 'kubernetes.io/config.mirror': LEFT_OUT } } },
      spec: { containers: [{ command: KEPT_FLAGS }] },
    },
  ],
  [
    'all flags of a pod that only says it were one',
    '/Pod',
    { metadata: { ...API_SERVER.metadata, annotations: {} }, spec: { containers: [{ command: FLAGS }] } },
    {
      metadata: { ...API_SERVER.metadata, annotations: {} },
      spec: { containers: [{ command: FLAGS.map(() => LEFT_OUT) }] },
    },
  ],
  [
    'what the writers wrote, not who and when',
    'rbac.authorization.k8s.io/Role',
    { metadata: { managedFields: [{ manager: 'm', operation: 'Update', time: 't', fieldsV1: { 'f:x': {} } }] } },
    { metadata: { managedFields: [{ manager: 'm', operation: 'Update', time: 't' }] } },
  ],
  [
    'data of a ConfigMap',
    '/ConfigMap',
    { metadata: { name: 'c' }, data: { a: SECRET }, binaryData: { a: SECRET } },
    { metadata: { name: 'c' } },
  ],
  [
    'not of aws-auth, which grants',
    '/ConfigMap',
    { metadata: { name: 'aws-auth', namespace: 'kube-system' }, data: { a: 'b' } },
    { metadata: { name: 'aws-auth', namespace: 'kube-system' }, data: { a: 'b' } },
  ],
  [
    'nor of another of that name',
    '/ConfigMap',
    { metadata: { name: 'aws-auth', namespace: 'x' }, data: { a: SECRET } },
    { metadata: { name: 'aws-auth', namespace: 'x' } },
  ],
  [
    'the sources of a PersistentVolume, but that it has one',
    '/PersistentVolume',
    {
      spec: { csi: { driver: 'd', volumeAttributes: { a: SECRET } }, mountOptions: [SECRET], claimRef: { name: 'c' } },
    },
    { spec: { csi: {}, claimRef: { name: 'c' } } },
  ],
  [
    'schemas',
    'apiextensions.k8s.io/CustomResourceDefinition',
    {
      spec: {
        group: 'g',
        versions: [{ name: 'v1', schema: { default: SECRET }, subresources: { status: { a: SECRET } } }],
      },
    },
    { spec: { group: 'g', versions: [{ name: 'v1', subresources: { status: {} } }] } },
  ],
  [
    'all but the host of a webhook',
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    { webhooks: [{ name: 'w', clientConfig: { url: `https://u:${SECRET}@h:1/p?q=${SECRET}`, caBundle: SECRET } }] },
    { webhooks: [{ name: 'w', clientConfig: { url: 'https://h:1' } }] },
  ],
  [
    'what Kyverno would write',
    'kyverno.io/ClusterPolicy',
    rule({ mutate, generate: { kind: 'Secret', data: { stringData: { a: SECRET } } } }),
    rule({ mutate: { patchStrategicMerge: LEFT_OUT }, generate: { kind: LEFT_OUT, data: LEFT_OUT } }),
  ],
  [
    'what Kyverno asks elsewhere',
    'kyverno.io/ClusterPolicy',
    rule({ context: [{ name: 'c', apiCall: { service: { headers: [{ key: 'k', value: SECRET }] } } }] }),
    rule({ context: [{ name: 'c', apiCall: {} }] }),
  ],
  [
    'not a pattern of arguments',
    'kyverno.io/ClusterPolicy',
    rule({ validate: { pattern: { spec: { containers: [{ args: ['!--insecure'], '=(env)': [{ value: 'x' }] }] } } } }),
    rule({ validate: { pattern: { spec: { containers: [{ args: ['!--insecure'], '=(env)': [{ value: 'x' }] }] } } } }),
  ],
  [
    'but one of data',
    'kyverno.io/Policy',
    rule({ validate: { pattern: { data: { a: SECRET } } } }),
    rule({ validate: { pattern: { data: { a: LEFT_OUT } } } }),
  ],
  [
    'parameters that no policy names',
    'example.com/Limit',
    { metadata: { name: 'l' }, spec: { most: { a: 1 }, token: SECRET }, other: SECRET, status: SECRET },
    { metadata: { name: 'l' }, spec: { most: { a: 1 }, token: LEFT_OUT }, other: LEFT_OUT },
  ],
  [
    'a field called __proto__',
    '/Pod',
    JSON.parse(`{"spec": {"__proto__": {"a": "${SECRET}"}}}`),
    JSON.parse(`{"spec": {"__proto__": ${JSON.stringify(LEFT_OUT)}}}`),
  ],
];
const words = new Set(wordsIn([{ expression: 'params.spec.most.all(k, k != "x")' }]));
for (const [what, name, raw, expected] of cases)
  test(`leaves out ${what}`, () => {
    const [group = '', kind = ''] = name.split('/');
    const before = structuredClone(raw);
    const found = kept({ group, kind }, raw, words);
    assert.deepEqual(JSON.parse(JSON.stringify(found)), expected);
    assert.doesNotMatch(JSON.stringify(found), new RegExp(SECRET));
    assert.deepEqual(kept({ group, kind }, found, words), found, 'of what is kept all is kept');
    assert.deepEqual(raw, before, 'the object itself stays as it is');
  });

test('an object that is nested without end is cut', () => {
  const deep = JSON.parse(`${'{"most":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
  for (const name of ['/Pod', 'example.com/Limit', 'kyverno.io/ClusterPolicy', 'constraints.gatekeeper.sh/X']) {
    const [group = '', kind = ''] = name.split('/');
    for (const raw of [
      deep,
      { metadata: deep, spec: deep },
      { spec: { affinity: deep, parameters: deep, rules: [{ match: deep }] } },
    ])
      assert.ok(JSON.stringify(kept({ group, kind }, raw, words)).length < 20_000);
  }
});

test('what is kept is reduced to the same', () => {
  let compared = 0;
  for (const raw of clusterOfCanaries())
    for (const kind of STATIC_KINDS) {
      const api = KINDS[kind];
      if (api.kind !== raw.kind) continue;
      const { flags: _, ...before } = reduce({ kind }, raw) as unknown as Record<string, unknown>;
      const { flags: __, ...after } = reduce({ kind }, kept(api, raw)) as unknown as Record<string, unknown>;
      // What is read of annotations and of a repository is not all of it.
      const { annotations: ___, volumes, ...rest } = before;
      assert.deepEqual(
        { ...after, annotations: null, volumes: null },
        { ...rest, annotations: null, volumes: null },
        raw.kind,
      );
      assert.equal((after.volumes as [] | undefined)?.length, (volumes as [] | undefined)?.length);
      compared += 1;
    }
  assert.ok(compared >= STATIC_KINDS.length, `${compared} compared`);
});

test('what is malformed stays malformed, in the same words', () => {
  const wrong: unknown[] = [7, true, 'x', [7], ['x'], { a: 1 }, [{ a: 1 }], null];
  const said = (read: () => unknown): string => {
    try {
      read();
      return '';
    } catch (error) {
      assert.ok(error instanceof Malformed);
      return error.message;
    }
  };
  let malformed = 0;
  for (const raw of clusterOfCanaries())
    for (const kind of STATIC_KINDS.filter((each) => KINDS[each].kind === raw.kind))
      for (const value of wrong)
        for (const changed of withEach(raw, value)) {
          const before = said(() => reduce({ kind }, changed));
          const after = said(() => reduce({ kind }, kept(KINDS[kind], changed)));
          assert.equal(after, before, JSON.stringify(changed).slice(0, 300));
          malformed += before === '' ? 0 : 1;
        }
  assert.ok(malformed > 500, `${malformed} are malformed`);
});

/** The object with another value at each place in turn, a few levels deep. */
function* withEach(raw: Raw, value: unknown, depth = 0): Generator<Raw> {
  for (const [key, each] of Object.entries(raw)) {
    if (key === 'annotations' || key === 'other') continue;
    yield { ...raw, [key]: value };
    if (depth > 4) continue;
    if (Array.isArray(each)) {
      const [first] = each;
      if (typeof first === 'object')
        for (const changed of withEach(first, value, depth + 1)) yield { ...raw, [key]: [changed] };
    } else if (typeof each === 'object' && each !== null) {
      for (const changed of withEach(each as Raw, value, depth + 1)) yield { ...raw, [key]: changed };
    }
  }
}

test('every flag that is looked at is kept, with its value', () => {
  const folder = join(import.meta.dirname, '../../../src');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const named = sources.flatMap((source) => {
    const names = [...source.matchAll(/(?:flagOf|listFlag)\(\w+, (?:'([\w-]+)'|([A-Z]+))\)/g)];
    return names.map(
      ([, name, constant]) =>
        name ?? new RegExp(`const ${constant} = '([\\w-]+)'`).exec(source)?.[1] ?? `${constant} is not found`,
    );
  });
  assert.ok(named.length >= 6);
  assert.deepEqual(
    named.filter((name) => !isReadFlag(`--${name}`)),
    [],
  );
  assert.deepEqual(keepFlags(['--anonymous-auth=false', '--token-auth-file=x']), ['--anonymous-auth=false', LEFT_OUT]);
});

test('what is left out is known by its place', () => {
  assert.deepEqual(
    [isLeftOut(LEFT_OUT), isLeftOut(['a', LEFT_OUT]), isLeftOut([{ a: LEFT_OUT }]), isLeftOut('a')],
    [true, true, false, false],
  );
  assert.deepEqual(
    [holdsLeftOut({ a: [{ b: LEFT_OUT }] }), holdsLeftOut({ a: [{ b: 1 }] }), holdsLeftOut(null)],
    [true, false, false],
  );
  assert.deepEqual(withoutLeftOut({ a: LEFT_OUT, b: { c: LEFT_OUT }, d: [LEFT_OUT, 1], e: {}, f: [] }), {
    d: [1],
    e: {},
    f: [],
  });
});
