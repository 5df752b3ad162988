import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { certificateAuthority } from '../../helpers/certificates.ts';
import { startServer } from '../../helpers/http-server.ts';
import { connectBy, folderWith, kubeconfig } from '../../helpers/kubeconfig.ts';

const authority = certificateAuthority();
const serving = authority.issue({ user: 'api', ips: ['127.0.0.1'] });
const ca = { 'certificate-authority-data': Buffer.from(authority.cert).toString('base64') };
const get = { method: 'GET', path: '/version' } as const;
const v1 = 'client.authentication.k8s.io/v1';
const exec = { apiVersion: v1, command: './plugin', interactiveMode: 'Never' };
/** Counts its runs in `runs` and answers with the status that `status` holds, N replaced by the count. */
const counting = `#!/bin/sh\ncd "$(dirname "$0")"\nprintf x >> runs\nN=$(wc -c < runs | tr -d ' ')\nprintf '{"kind":"ExecCredential","apiVersion":"${v1}","status":%s}' "$(sed "s/N/$N/" status)"\n`;

async function api(t: TestContext, status: (authorization: string) => number = () => 200) {
  const server = await startServer(
    ({ headers, message }, response) => {
      response.statusCode = status(headers.authorization ?? '');
      response.end(
        (message.socket as { getPeerCertificate?(): { subject?: { CN?: string } } }).getPeerCertificate?.().subject
          ?.CN ?? '',
      );
    },
    { ...serving, ca: authority.cert, requestCert: true, rejectUnauthorized: false },
  );
  t.after(() => server.close());
  return {
    server,
    cluster: { server: server.url, ...ca },
    seen: () => server.requests.map(({ headers }) => headers.authorization),
  };
}
const status = (fields: object) => JSON.stringify(fields);
const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

test('a plugin has run when connect resolves, and runs once for many requests', async (t) => {
  const { cluster, seen } = await api(t);
  const folder = folderWith(t, { plugin: counting, status: status({ token: 'tokenN', expirationTimestamp: hour(1) }) });
  const connection = await connectBy(t, { cluster, user: { exec }, folder });
  assert.equal(readFileSync(join(folder, 'runs'), 'utf8'), 'x');
  await Promise.all(Array.from({ length: 5 }, () => connection.send(get)));
  assert.deepEqual(seen(), Array(5).fill('Bearer token1'));
});

test('an expired credential is renewed before it is sent, once for many requests', async (t) => {
  const { cluster, seen } = await api(t);
  const folder = folderWith(t, {
    plugin: counting,
    status: status({ token: 'tokenN', expirationTimestamp: hour(-1) }),
  });
  const connection = await connectBy(t, { cluster, user: { exec }, folder });
  writeFileSync(join(folder, 'status'), status({ token: 'tokenN', expirationTimestamp: hour(1) }));
  await Promise.all(Array.from({ length: 5 }, () => connection.send(get)));
  assert.deepEqual(seen(), Array(5).fill('Bearer token2'));
});

test('a refused credential is renewed once, and the request sent again', async (t) => {
  const { cluster, seen } = await api(t, (authorization) => (authorization === 'Bearer token2' ? 200 : 401));
  const folder = folderWith(t, { plugin: counting, status: status({ token: 'tokenN' }) });
  const connection = await connectBy(t, { cluster, user: { exec }, folder });
  assert.equal((await connection.send(get)).status, 200);
  assert.deepEqual(seen(), ['Bearer token1', 'Bearer token2']);
});

test('a credential that stays refused is a 401 after one renewal', async (t) => {
  const { cluster, seen } = await api(t, () => 401);
  const folder = folderWith(t, { plugin: counting, status: status({ token: 'tokenN' }) });
  const connection = await connectBy(t, { cluster, user: { exec }, folder });
  assert.equal((await connection.send(get)).status, 401);
  assert.deepEqual(seen(), ['Bearer token1', 'Bearer token2']);
});

test('a renewal that fails leaves the 401', async (t) => {
  const { cluster } = await api(t, () => 401);
  const folder = folderWith(t, { plugin: counting, status: status({ token: 'tokenN' }) });
  const connection = await connectBy(t, { cluster, user: { exec }, folder });
  writeFileSync(join(folder, 'plugin'), '#!/bin/sh\nexit 1\n');
  assert.equal((await connection.send(get)).status, 401);
});

test('a renewed certificate is used for new connections', async (t) => {
  const { cluster } = await api(t);
  const certificate = (user: string, hours: number) => {
    const { cert, key } = authority.issue({ user });
    return status({ clientCertificateData: cert, clientKeyData: key, expirationTimestamp: hour(hours) });
  };
  const folder = folderWith(t, {
    plugin: counting.replace('%s', '%s').replace('"$(sed "s/N/$N/" status)"', '"$(cat status)"'),
    status: certificate('one', -1),
  });
  const connection = await connectBy(t, { cluster, user: { exec }, folder });
  assert.equal(String((await connection.send(get)).body), 'one');
  writeFileSync(join(folder, 'status'), certificate('two', 1));
  assert.equal(String((await connection.send(get)).body), 'two');
  assert.equal(String((await connection.send(get)).body), 'two');
});

test('what a plugin is told of the cluster, which it has to ask for', async (t) => {
  const { cluster } = await api(t);
  const plugin = `#!/bin/sh\nprintf %s "$KUBERNETES_EXEC_INFO" > "$(dirname "$0")/info"\nprintf '{"kind":"ExecCredential","apiVersion":"${v1}","status":{"token":"a"}}'\n`;
  const folder = folderWith(t, { plugin });
  const info = () => JSON.parse(readFileSync(join(folder, 'info'), 'utf8'));
  const base = { kind: 'ExecCredential', apiVersion: v1 };
  await connectBy(t, { cluster, user: { exec }, folder });
  assert.deepEqual(info(), { ...base, spec: { interactive: false } });
  const extensions = [
    { name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } },
    { name: 'other', extension: 1 },
  ];
  const more = { 'tls-server-name': 'n', 'proxy-url': 'http://p:1', 'disable-compression': true };
  await connectBy(t, {
    cluster: { ...cluster, ...more, extensions },
    user: { exec: { ...exec, provideClusterInfo: true } },
    folder,
  });
  assert.deepEqual(info(), {
    ...base,
    spec: { cluster: { ...cluster, ...more, config: { audience: 'x' } }, interactive: false },
  });
});

// mode           terminal  the plugin's stdin, or the refusal
const modes = [
  ['Never', true, ''],
  ['IfAvailable', true, 'typed'],
  ['IfAvailable', false, ''],
  ['Always', true, 'typed'],
] as const;
for (const [interactiveMode, stdinIsTerminal, stdin] of modes) {
  test(`interactiveMode ${interactiveMode} ${stdinIsTerminal ? 'at' : 'without'} a terminal: the plugin ${stdin ? 'can ask and is answered' : 'has no stdin'}`, async (t) => {
    const plugin = `#!/bin/sh\necho 'Who is there?' >&2\nread -r answer\nprintf '{"kind":"ExecCredential","apiVersion":"${v1}","status":{"token":"%s"}}' "<$answer>"\n`;
    const folder = folderWith(t, {
      plugin,
      config: kubeconfig({ server: 'https://127.0.0.1:1', ...ca }, { exec: { ...exec, interactiveMode } }),
    });
    const program = `
      const { loadKubeconfig } = await import('./src/cluster/connect/kubeconfig/load.ts');
      const { resolveTarget } = await import('./src/cluster/connect/kubeconfig/overrides.ts');
      const { credentialsFor } = await import('./src/cluster/connect/kubeconfig/credentials.ts');
      const target = resolveTarget(loadKubeconfig(${JSON.stringify(join(folder, 'config'))}, {}).config, {});
      const credentials = credentialsFor(target, { env: process.env, stdinIsTerminal: ${stdinIsTerminal}, version: '' });
      console.log((await credentials.current()).authorization);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'pipe' });
    child.stdin.end('typed\n');
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    assert.equal(output, `Bearer <${stdin}>\n`);
    assert.equal(errors, 'Who is there?\n');
  });
}

test('a plugin at a real terminal', { skip: await scriptSkip() }, async (t) => {
  const plugin = `#!/bin/sh\ntest -t 0 && test -t 2 && TOKEN=terminal\nprintf '{"kind":"ExecCredential","apiVersion":"${v1}","status":{"token":"%s"}}' "$TOKEN"\n`;
  const { cluster, seen } = await api(t);
  const folder = folderWith(t, {
    plugin,
    config: kubeconfig(cluster, { exec: { ...exec, interactiveMode: 'Always' } }),
  });
  const program = `
    import { connect } from './src/cluster/connect/connect.ts';
    const environment = { env: process.env, stdinIsTerminal: process.stdin.isTTY, version: '' };
    const connection = await connect({ kubeconfig: ${JSON.stringify(join(folder, 'config'))} }, environment);
    await connection.send({ method: 'GET', path: '/' });
    connection.close();`;
  writeFileSync(join(folder, 'program.mjs'), program.replaceAll("'./src", `'${process.cwd()}/src`));
  await promisify(execFile)('script', ['-qec', `${process.execPath} ${join(folder, 'program.mjs')}`, '/dev/null']);
  assert.deepEqual(seen(), ['Bearer terminal']);
});

async function scriptSkip(): Promise<string | false> {
  return promisify(execFile)('script', ['-qec', 'true', '/dev/null']).then(
    () => false,
    () => 'no script(1) that can run a command in a terminal',
  );
}
