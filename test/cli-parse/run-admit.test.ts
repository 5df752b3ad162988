import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { after, test } from 'node:test';
import type { Ask } from '../../src/cli/parse/invocation.ts';
import { parseArgs } from '../../src/cli/parse/parse.ts';
import type { Host, Output } from '../../src/cli/run/host.ts';
import { run } from '../../src/cli/run/run.ts';
import { runAsk } from '../../src/cli/run/run-ask.ts';
import type { Source } from '../../src/questions/ask.ts';
import { failed, faultyServer, send } from '../helpers/faulty-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'whocan-admit-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string, ...objects: object[]): string => {
  writeFileSync(join(folder, name), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  return join(folder, name);
};

const pod = (name: string, spec: object = {}, metadata: object = {}): object => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata } },
  spec: { containers: [{ name: 'app', image: 'app' }], ...spec },
});
const ENFORCE = 'pod-security.kubernetes.io/enforce';
const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', uid: 'u', labels: { [ENFORCE]: 'baseline' } },
};
const cluster = file('cluster.json', namespace);
const good = file('good.json', pod('good'));
const bad = file('bad.json', pod('bad', { hostPID: true }));
const elsewhere = file('elsewhere.json', pod('far', {}, { namespace: 'ops' }), pod('good'));
const service = file('service.json', { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } });
const rollout = file(
  'rollout.json',
  { apiVersion: 'argoproj.io/v1', kind: 'Rollout', metadata: { name: 'r' } },
  pod('good'),
);

function fakeHost(stdin = ''): { host: Host; written: { stdout: string; stderr: string } } {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr'): Output =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk);
        done();
      },
    });
  return {
    host: { env: {}, stdin: Readable.from([Buffer.from(stdin)]), stdout: output('stdout'), stderr: output('stderr') },
    written,
  };
}

async function execute(line: string, stdin = ''): Promise<{ code: number; stdout: string; stderr: string }> {
  const { host, written } = fakeHost(stdin);
  const code = await run(parseArgs(line.split(' '), {}), host);
  return { code, ...written };
}

const INPUT = `-n shop --input ${cluster} --complete --server-version 1.37`;

const codes: [line: string, code: number, summary: RegExp, why: string][] = [
  [
    `admit -f ${good} --level baseline --exit-code`,
    0,
    /^yes: pod good would be admitted at baseline:latest\n/,
    'admitted',
  ],
  [
    `admit -f ${bad} --level baseline --exit-code`,
    3,
    /^no: pod bad would not be admitted at baseline:latest: violates/,
    'refused',
  ],
  [
    `admit -f ${good},${bad} --level baseline --exit-code`,
    3,
    /^no: 1 of 2 would be refused at baseline:latest\n/,
    'one refusal is enough',
  ],
  [
    `admit -f ${good},${bad} --level privileged --exit-code`,
    0,
    /^yes: all 2 pods would be admitted at privileged:latest\n/,
    'all of them',
  ],
  [
    `admit -f ${elsewhere} ${INPUT.replace('-n shop ', '')} --exit-code`,
    3,
    /^no: all 2 pods would be refused in namespaces default and ops\n/,
    'two namespaces that are not there',
  ],
  [
    `admit -f ${folder}/good.json -f ${bad} --level restricted --exit-code`,
    3,
    /^no: all 2 pods would be refused at restricted:latest\n/,
    'none',
  ],
  [`admit -f ${good} --level baseline --kubeconfig /nonexistent`, 0, /^yes/, 'no kubeconfig is opened'],
  [
    `admit -f ${good} ${INPUT} --exit-code`,
    0,
    /^yes: pod good would be admitted into namespace shop\n/,
    'a namespace of a file',
  ],
  [
    `admit -f ${bad} ${INPUT} --exit-code`,
    3,
    /^no: pod bad would not be admitted into namespace shop: violates PodSecurity "baseline:latest"/,
    'its labels',
  ],
  [
    `admit -f ${bad} -n shop --input ${good} --exit-code`,
    4,
    /^depends, probably yes: pod bad would likely be admitted into namespace shop: it depends on validatingadmissionpolicies and 6 more\n/,
    'labels that are not in the file',
  ],
  [`admit -f ${good} -n shop --demo`, 0, /^no: .*image of another registry/, 'the demo'],
];
for (const [line, code, summary, why] of codes)
  test(`exit code ${code}: ${why}`, async () => {
    const outcome = await execute(line);
    assert.match(outcome.stdout, summary);
    assert.deepEqual([outcome.code, outcome.stderr], [code, '']);
  });

test('standard input', async () => {
  assert.match(
    (await execute('admit -f - --level baseline', JSON.stringify(pod('piped')))).stdout,
    /^yes: pod piped would be admitted/,
  );
});

test('a kind that is not known is warned about, and the rest is answered', async () => {
  const { code, stdout, stderr } = await execute(`admit -f ${rollout} --level baseline`);
  assert.match(stderr, /^Warning: Rollout of argoproj\.io\/v1 is no kind of Kubernetes' own/);
  assert.deepEqual([code, stdout.slice(0, 3)], [0, 'yes']);
});

const failures: [line: string, stderr: string, why: string][] = [
  [
    `admit -f ${service} --level baseline`,
    `error: no pods, and nothing that makes pods, in ${service}\n`,
    'nothing to ask about',
  ],
  [
    `admit -f /nonexistent --kubeconfig /none`,
    'error: the path "/nonexistent" does not exist\n',
    'a file comes before the cluster',
  ],
];
for (const [line, stderr, why] of failures)
  test(why, async () => assert.deepEqual(await execute(line), { code: 1, stdout: '', stderr }));

test('another namespace than -n: exit code 1, and the others are answered', async () => {
  const { code, stdout, stderr } = await execute(`admit -f ${elsewhere} ${INPUT} --exit-code`);
  assert.deepEqual([code, stdout.slice(0, 4)], [1, 'yes:']);
  assert.match(
    stderr,
    /^error: the namespace from the provided object "ops" does not match the namespace "shop"\. You must pass '--namespace=ops' to/,
  );
});

test('one document, with the violations', async () => {
  const { stdout } = await execute(`admit -f ${bad} --level baseline -ojson`);
  const { kind, question, findings } = JSON.parse(stdout);
  assert.deepEqual([kind, question, findings.length], ['Answer', 'admit', 1]);
  assert.deepEqual(findings[0].violations, [
    { check: 'hostNamespaces', reason: 'host namespaces', detail: 'hostPID=true' },
  ]);
});

/** A namespace that nothing is enforced in, and a server that answers dry runs. */
const source: Source = {
  facts: async () => ({
    ...{
      context: 'prod',
      namespace: 'shop',
      gitVersion: null,
      version: { major: 1, minor: 37 },
      readAt: '',
      origin: 'live' as const,
    },
    ...{ self: null, selfFailure: null, discovery: null, flags: null },
  }),
  read: async (needs, world) => {
    for (const need of needs) world.add(need, { read: true });
    world.put('namespaces', [{ namespace: null, name: 'shop', labels: {}, deleting: false }]);
  },
};

test('dry runs are announced before they are sent, and their outcome is told', async (t) => {
  const { host, written } = fakeHost();
  const before: string[] = [];
  const { client, received } = await faultyServer(t, (_, response) => {
    before.push(written.stderr);
    return send(
      response,
      403,
      failed(403, 'Forbidden', 'pods "good" is forbidden: violates PodSecurity "baseline:latest": x'),
    );
  });
  const invocation = parseArgs(['admit', '-f', good, '--verify', '-q'], {}) as Ask;
  await runAsk(invocation, host, async () => ({
    source,
    namespace: 'shop',
    name: 'prod',
    client,
    close: () => undefined,
  }));
  assert.deepEqual(
    received.map(({ path, query }) => [path, query.get('dryRun')]),
    [['/api/v1/namespaces/shop/pods', 'All']],
  );
  const announcement = 'Sending 1 pod as a dry run to prod, as you: nothing is stored, but audit entries are left.\n';
  assert.deepEqual([before, written.stderr], [[announcement], announcement]);
  assert.match(written.stdout, /^depends, probably no: .*\n[\s\S]*Verified 1 answer with the server: 1 CONTRADICTED/);
});

test('nothing is announced, and nothing sent, without --verify', async (t) => {
  const { host, written } = fakeHost();
  const { client, received } = await faultyServer(t, () => ({}));
  const invocation = parseArgs(['admit', '-f', good], {}) as Ask;
  await runAsk(invocation, host, async () => ({
    source,
    namespace: 'shop',
    name: 'prod',
    client,
    close: () => undefined,
  }));
  assert.deepEqual([received, written.stderr], [[], '']);
});
