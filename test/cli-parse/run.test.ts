import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { after, test } from 'node:test';
import { UserError } from '../../src/answer/user-error.ts';
import type { Ask } from '../../src/cli/parse/invocation.ts';
import { parseArgs } from '../../src/cli/parse/parse.ts';
import type { Host, Output } from '../../src/cli/run/host.ts';
import { reportError } from '../../src/cli/run/report.ts';
import { run } from '../../src/cli/run/run.ts';
import { runAsk } from '../../src/cli/run/run-ask.ts';
import type { Opened } from '../../src/cli/run/source.ts';
import type { Source } from '../../src/questions/ask.ts';

const folder = mkdtempSync(join(tmpdir(), 'whocan-run-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const RBAC = 'rbac.authorization.k8s.io';
const subjects = [
  { kind: 'User', name: 'jane', apiGroup: RBAC },
  { kind: 'ServiceAccount', name: 'builder', namespace: 'shop' },
];
const CLUSTER = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'builder', namespace: 'shop' } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-0', namespace: 'shop' },
      spec: { containers: [{ name: 'app' }] },
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata: { name: 'tunnel', namespace: 'shop' },
      rules: [{ apiGroups: [''], resources: ['pods/portforward'], verbs: ['create'] }],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'tunnel', namespace: 'shop' },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'tunnel' },
      subjects,
    },
  ],
};
const cluster = file('cluster.json', JSON.stringify(CLUSTER));
const accepted = file('accepted.txt', '# on call\nuser/jane  # the lead\n\nsa/builder\n');

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function fakeHost({ isTTY = false, stdin = '' } = {}): { host: Host; written: Omit<Outcome, 'code'> } {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr'): Output =>
    Object.assign(
      new Writable({
        write: (chunk, _encoding, done) => {
          written[name] += String(chunk);
          done();
        },
      }),
      { isTTY, columns: 80 },
    );
  return {
    host: { env: {}, stdin: Readable.from([Buffer.from(stdin)]), stdout: output('stdout'), stderr: output('stderr') },
    written,
  };
}

async function execute(line: string, setting: Parameters<typeof fakeHost>[0] = {}): Promise<Outcome> {
  const { host, written } = fakeHost(setting);
  const code = await run(parseArgs(line.split(' '), {}), host);
  return { code, ...written };
}

const INPUT = `-n shop --input ${cluster} --complete --server-version 1.37`;

test('an answer goes to stdout, and nothing to stderr', async () => {
  const { code, stdout, stderr } = await execute(`port-forward web-0 ${INPUT}`);
  assert.match(stdout, /^yes: 2 subjects can port-forward to pod shop\/web-0\n/);
  assert.deepEqual([code, stderr], [0, '']);
});

test('standard input', async () => {
  const { code, stdout } = await execute('port-forward web-0 -n shop --input - -oname', {
    stdin: JSON.stringify(CLUSTER),
  });
  assert.deepEqual([code, stdout], [0, 'system:serviceaccount:shop:builder\nuser/jane\n']);
});

test('`who`', async () => {
  assert.match(
    (await execute(`who create pods/portforward ${INPUT}`)).stdout,
    /^yes: 2 subjects can create pods\/portforward/,
  );
});

const codes: [line: string, code: number, why: string][] = [
  [`port-forward web-0 ${INPUT} --exit-code`, 3, 'yes'],
  [`exec web-0 ${INPUT} --exit-code`, 0, 'no'],
  [`exec web-0 -n shop --input ${cluster} --exit-code`, 4, 'a no that rests on what is not in the file is a depends'],
  [`exec web-0 -n shop --input ${cluster} --strict`, 1, 'which --strict takes for no answer'],
  [`port-forward web-0 ${INPUT} --strict`, 0, 'all could be read'],
  [`port-forward web-0 ${INPUT} --exit-code --accept user/jane --accept sa/builder`, 0, 'all holders are accepted'],
  [`port-forward web-0 ${INPUT} --exit-code --accept @${accepted}`, 0, 'by a file'],
  [`port-forward web-0 ${INPUT} --exit-code --accept ${accepted}`, 0, 'by a file without @'],
  [`port-forward web-0 ${INPUT} --exit-code --accept user/jane`, 3, 'one of them is'],
  [`port-forward web-0 ${INPUT} --exit-code --subject sa/builder`, 3, 'an account of the namespace in use'],
  [
    `port-forward web-0 ${INPUT} --exit-code --subject system:serviceaccount:ci:builder`,
    1,
    'an account that is not there',
  ],
  [`exec web-0 ${INPUT} --exit-code --subject sa/default`, 0, 'one that every namespace has'],
];
for (const [line, code, why] of codes)
  test(`exit code ${code}: ${why}`, async () => {
    assert.equal((await execute(line)).code, code);
  });

test('what has an answer is answered, and what has none is said', async () => {
  const { code, stdout, stderr } = await execute(`port-forward web-0 web-9 ${INPUT} -oname`);
  assert.deepEqual([code, stdout], [1, 'system:serviceaccount:shop:builder\nuser/jane\n']);
  assert.equal(
    stderr,
    'Error from server (NotFound): pods "web-9" not found in namespace shop, did you mean "web-0"?\n',
  );
});

const bad = file('bad.txt', 'user/jane\njane\n');
const failures: [line: string, code: number, stderr: string][] = [
  ['exec --bogus', 2, "error: unknown flag: --bogus\nSee 'kubectl whocan-escalate exec --help' for usage.\n"],
  [
    'bogus',
    2,
    'error: unknown command "bogus" for "kubectl whocan-escalate"\nSee \'kubectl whocan-escalate --help\' for usage.\n',
  ],
  [
    'exec \u001b[31m/x',
    2,
    "error: the server doesn't have a resource type \"\\u001b[31m\"\nSee 'kubectl whocan-escalate exec --help' for usage.\n",
  ],
  ['exec --\u001b=1', 2, "error: unknown flag: --\\u001b\nSee 'kubectl whocan-escalate exec --help' for usage.\n"],
  ['exec web-0 --input /nonexistent', 1, 'error: the path "/nonexistent" does not exist\n'],
  ['exec web-0 --kubeconfig /nonexistent', 1, 'error: stat /nonexistent: no such file or directory\n'],
  [`exec web-0 ${INPUT} --accept jane`, 2, 'error: invalid subject "jane": say sa/jane, user/jane or group/jane\n'],
  [
    `exec web-0 ${INPUT} --accept ${bad}`,
    2,
    `error: invalid subject "jane": say sa/jane, user/jane or group/jane (${bad}, line 2)\n`,
  ],
  [
    `exec web-0 ${INPUT} --accept @/nonexistent`,
    2,
    "error: --accept /nonexistent: ENOENT: no such file or directory, open '/nonexistent'\n",
  ],
];
for (const [line, code, stderr] of failures)
  test(`one line on stderr and nothing on stdout: ${JSON.stringify(line)}`, async () => {
    assert.deepEqual(await execute(line), { code, stdout: '', stderr });
  });

test('on a terminal stderr says what to ask next, of the same input', async () => {
  const { stderr } = await execute(`port-forward web-0 ${INPUT}`, { isTTY: true });
  // On a busy machine the spinner comes first.
  assert.match(
    stderr,
    /\nTry: {3}kubectl whocan-escalate pod web-0 -n shop --input(?: \\\n)? +\S+ --complete --server-version 1.37\n$/,
  );
});

for (const flag of ['-q', '-ojson', '-oname'])
  test(`but not with ${flag}`, async () => {
    assert.equal((await execute(`port-forward web-0 ${INPUT} ${flag}`, { isTTY: true })).stderr, '');
  });

const colors: [flag: string, isTTY: boolean, colored: boolean][] = [
  ['', true, true],
  ['', false, false],
  [' --color=always', false, true],
  [' --color=never', true, false],
];
for (const [flag, isTTY, colored] of colors)
  test(`${colored ? 'colour' : 'no colour'} ${isTTY ? 'on a terminal' : 'into a pipe'}${flag}`, async () => {
    assert.equal((await execute(`port-forward web-0 ${INPUT}${flag}`, { isTTY })).stdout.includes('\u001b['), colored);
  });

/** A source of which only the closing counts. */
function failing(error: Error): { opened: Opened; closed: () => boolean } {
  let closed = false;
  const source: Source = { facts: () => Promise.reject(error), read: () => Promise.resolve() };
  const close = () => {
    closed = true;
  };
  return { opened: { source, namespace: 'default', name: 'prod', client: null, close }, closed: () => closed };
}

test('a source is closed, whatever happened', async () => {
  const { opened, closed } = failing(new UserError('error: gone'));
  const asking = runAsk(parseArgs(['exec', 'web-0'], {}) as Ask, fakeHost().host, () => Promise.resolve(opened));
  await assert.rejects(asking, new UserError('error: gone'));
  assert.ok(closed());
});

test('a bug of ours is one line, and its stack with -v', () => {
  const { host, written } = fakeHost();
  assert.equal(reportError(new TypeError('a\nb'), host, 0), 1);
  assert.equal(written.stderr, 'error: internal error: a\\u000ab (please report it, with what -v adds)\n');
  reportError(new TypeError('again'), host, 1);
  assert.match(written.stderr, /\nerror: internal error: again\n +at .*run\.test\.ts/);
});
