import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, connect as dial } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import { certificateAuthority } from '../helpers/certificates.ts';
import { waitForServiceAccount, withControlPlane } from '../helpers/real.ts';
import { installedByKrew, temporary, VERSION } from '../helpers/released.ts';

/*
 * What users run: the executable of the archive, as krew has installed it, asked through the real kubectl, of a real
 * API server. Whatever their machine has or lacks around it.
 */

const JANE = { token: 'jane-token', user: 'jane' };
const NARROW = { token: 'narrow-token', user: 'narrow' };
const MANY = 12_000;

/** It grows while the tests run. */
const withoutAges = (output: string): string => output.replace(/\b\d+(s|m(\d+s)?) +\d+(s|m(\d+s)?)\(recent\)/g, 'AGE');

await withControlPlane({ tokens: [JANE, NARROW] }, async (plane) => {
  await waitForServiceAccount(plane, 'default');
  const rbac = (kind: string, name: string, more: object, place = '') =>
    plane.request('POST', `/apis/rbac.authorization.k8s.io/v1${place}/${kind}`, { metadata: { name }, ...more });
  const subjects = Array.from({ length: MANY }, (_, index) => ({
    kind: 'User',
    apiGroup: 'rbac.authorization.k8s.io',
    name: `somebody-in-a-large-company-${String(index).padStart(5, '0')}@example.com`,
  }));
  const roleRef = (kind: string, name: string) => ({ roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name } });
  const created = await Promise.all([
    plane.request('POST', '/api/v1/namespaces/default/pods', {
      metadata: { name: 'web-0' },
      spec: { containers: [{ name: 'web', image: 'registry.example/web' }] },
    }),
    rbac(
      'roles',
      'tunnel',
      { rules: [{ apiGroups: [''], resources: ['pods/portforward'], verbs: ['create'] }] },
      '/namespaces/default',
    ),
    rbac(
      'rolebindings',
      'jane',
      {
        subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' }],
        ...roleRef('Role', 'tunnel'),
      },
      '/namespaces/default',
    ),
    rbac('clusterroles', 'reader', {
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['deletecollection'] }],
    }),
    rbac('clusterrolebindings', 'many', { subjects, ...roleRef('ClusterRole', 'reader') }),
    rbac('clusterroles', 'pods-reader', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }] }),
    rbac('clusterrolebindings', 'narrow', {
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'narrow' }],
      ...roleRef('ClusterRole', 'pods-reader'),
    }),
  ]);
  for (const { status, body } of created) assert.equal(status, 201, JSON.stringify(body));

  const installed = await installedByKrew();
  const base: NodeJS.ProcessEnv = { ...installed.env, KUBECONFIG: plane.kubeconfigFile };
  const kubectl = (words: string, env: NodeJS.ProcessEnv = base) => {
    const { status, signal, stdout, stderr } = spawnSync('kubectl', words.split(' '), {
      ...{ env, encoding: 'utf8', maxBuffer: 1e9, cwd: temporary },
    });
    return { status, signal, stdout: withoutAges(stdout), stderr };
  };
  const ask = (words: string, env?: NodeJS.ProcessEnv) => kubectl(`whocan-escalate ${words}`, env);
  const QUESTION = 'port-forward web-0 --direct';
  const expected = ask(QUESTION);

  test('it is the executable that krew has installed', () => {
    assert.match(
      realpathSync(installed.link),
      new RegExp(`/store/whocan-escalate/v${VERSION}/kubectl-whocan_escalate$`),
    );
    assert.equal(kubectl('plugin list').stdout.includes(installed.link), true);
  });

  test('a question is answered as the server itself decides', () => {
    assert.deepEqual([expected.status, expected.stderr], [0, '']);
    assert.match(expected.stdout, /^yes: 1 subject can port-forward to pod default\/web-0;/);
    assert.match(expected.stdout, /^user\/jane +default +RoleBinding\/jane>Role\/tunnel /m);
    const canI = 'auth can-i create pods/web-0 --subresource=portforward';
    assert.equal(kubectl(`${canI} --as=jane`).stdout, 'yes\n');
    assert.equal(kubectl(`${canI} --as=somebody-else`).stdout, 'no\n');
    const verified = ask(`${QUESTION} --verify`);
    assert.deepEqual([verified.status, verified.stdout.split('\n')[0]], [0, expected.stdout.split('\n')[0]]);
  });

  test("the version is ours and the cluster's", () => {
    const { stdout, status } = ask('version -o json');
    const { clientVersion, serverVersion } = JSON.parse(stdout);
    assert.deepEqual([status, clientVersion.gitVersion], [0, `v${VERSION}`]);
    const theirs = JSON.parse(kubectl('version -o json').stdout).serverVersion;
    // An older kubectl drops the fields that it does not know.
    for (const [key, value] of Object.entries(theirs)) assert.equal(serverVersion[key], value, key);
    assert.match(
      ask('version').stdout,
      new RegExp(
        `^Client Version: v${VERSION}\\nCommit: \\S+\\nNode Version: v26\\.\\S+\\nServer Version: ${serverVersion.gitVersion}\\n`,
      ),
    );
    assert.doesNotMatch(ask('version --client').stdout, /Server/);
    const unreachable = ask('version --server https://127.0.0.1:1');
    assert.equal(unreachable.status, 1);
    assert.match(unreachable.stdout, /^Client Version: /);
    assert.match(unreachable.stderr, /refused/);
  });

  describe("exit codes are the user's", () => {
    const narrow = `--token ${NARROW.token}`;
    const rows: [words: string, status: number, why: string][] = [
      [QUESTION, 0, 'answered'],
      [`${QUESTION} --exit-code`, 3, 'yes'],
      [`${QUESTION} --exit-code --subject user/nobody`, 0, 'no'],
      [`${QUESTION} --exit-code --subject user/nobody ${narrow}`, 4, 'depends: roles may not be read'],
      [`${QUESTION} --strict ${narrow}`, 1, 'strict, and roles may not be read'],
      ['port-forward web-1', 1, 'no such pod'],
      ['port-forward', 2, 'no pod named'],
      ['port-forward web-0 --nonsense', 2, 'no such flag'],
      ['port-forward web-0 --context nope', 1, 'no such context'],
    ];
    for (const [words, status, why] of rows)
      test(`${status}: ${why}`, () => assert.equal(ask(words).status, status, ask(words).stderr));
  });

  describe('signals end it as whoever sends them expects', () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      test(signal, async () => {
        // A way to the real server on which nothing comes back.
        const reached = Promise.withResolvers<void>();
        const relay = createServer((socket) => {
          const server = dial(Number(new URL(plane.url).port), '127.0.0.1', () => socket.pipe(server));
          server.once('data', () => reached.resolve());
          for (const end of [socket, server]) end.on('error', () => {});
          socket.once('close', () => server.destroy());
        }).listen(0, '127.0.0.1');
        await once(relay, 'listening');
        after(() => relay.close());
        const { port } = relay.address() as AddressInfo;
        const args = ['whocan-escalate', ...QUESTION.split(' '), '--server', `https://127.0.0.1:${port}`];
        const child = spawn('kubectl', args, { env: base, stdio: 'ignore' });
        await reached.promise;
        child.kill(signal);
        assert.deepEqual(await once(child, 'close'), [null, signal]);
        relay.close();
      });
  });

  describe('pipes', () => {
    test('one that closes early is no failure, and nothing is said', () => {
      const shell = spawnSync(
        'bash',
        ['-c', 'set -o pipefail; kubectl whocan-escalate who deletecollection configmaps -A --direct | head -1'],
        {
          ...{ env: base, encoding: 'utf8', cwd: temporary },
        },
      );
      assert.deepEqual([shell.status, shell.stderr], [0, '']);
      assert.match(shell.stdout, /^yes: \S+ subjects can/);
    });

    test('5 MB come whole through one whose reader takes its time', async () => {
      const child = spawn('kubectl', 'whocan-escalate who deletecollection configmaps -A --direct -o json'.split(' '), {
        ...{ env: base, cwd: temporary, stdio: ['ignore', 'pipe', 'pipe'] },
      });
      child.stdout.pause();
      // It has begun to write, and has to wait.
      await once(child.stdout, 'readable');
      const [output, errors, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ]);
      assert.deepEqual([code, errors], [0, '']);
      assert.ok(output.length > 5e6, String(output.length));
      const named = JSON.parse(output).findings.filter((finding: { subject: { name: string } }) =>
        finding.subject.name.startsWith('somebody-'),
      );
      assert.equal(named.length, MANY);
    });
  });

  describe('what is meant for Node has no effect', () => {
    const folder = join(temporary, 'hostile');
    mkdirSync(folder);
    const file = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const marker = join(folder, 'ran');
    const code = file('evil.cjs', `require('fs').writeFileSync(${JSON.stringify(marker)}, 'ran')`);
    const module = file('evil.mjs', `import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(marker)}, 'ran')`);
    const another = certificateAuthority();
    const openssl = file(
      'openssl.cnf',
      'nodejs_conf = all\nopenssl_conf = all\n[all]\nproviders = some\n[some]\nevil = one\n[one]\nmodule = /nonexistent/evil.so\nactivate = 1\n',
    );
    /** What it leaves in the folder that the user has named, and what Node itself says before anything is asked. */
    type Aside = { leaves?: string; says?: RegExp };
    const rows: [why: string, env: NodeJS.ProcessEnv, aside?: Aside][] = [
      ['code to be loaded first', { NODE_OPTIONS: `--require ${code}` }],
      ['a module to be loaded first', { NODE_OPTIONS: `--import ${module}` }],
      ['an option that does not exist', { NODE_OPTIONS: '--nonsense' }],
      ['a heap that is too small', { NODE_OPTIONS: '--max-old-space-size=1' }],
      ['a debugger', { NODE_OPTIONS: '--inspect-brk=127.0.0.1:0' }],
      ['no check of certificates', { NODE_OPTIONS: '--use-openssl-ca', NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
      ['harmless options', { NODE_OPTIONS: '--no-warnings --max-http-header-size=16384' }],
      ['an authority more, of somebody else', { NODE_EXTRA_CA_CERTS: file('ca.crt', another.cert) }],
      [
        'an authority more, in a file that is not there',
        { NODE_EXTRA_CA_CERTS: join(folder, 'nope') },
        { says: /^Warning: Ignoring extra certs from .*nope.*\n$/ },
      ],
      ['an authority more, in a file that is none', { NODE_EXTRA_CA_CERTS: code }],
      ['an authority more, that of the server', { NODE_EXTRA_CA_CERTS: plane.caFile }],
      ["the system's authorities", { NODE_USE_SYSTEM_CA: '1' }],
      ['a cache of compiled code', { NODE_COMPILE_CACHE: join(folder, 'compiled') }, { leaves: 'compiled' }],
      ['coverage', { NODE_V8_COVERAGE: join(folder, 'coverage') }, { leaves: 'coverage' }],
      [
        'messages for programmers',
        { NODE_DEBUG: 'tls,http,net', NODE_DEBUG_NATIVE: 'tls' },
        { says: /^(HTTP|NET|TLS)/ },
      ],
      ['a folder of modules', { NODE_PATH: folder }],
      ['warnings into a file', { NODE_REDIRECT_WARNINGS: join(folder, 'warnings') }],
      ['code of OpenSSL', { OPENSSL_CONF: openssl, OPENSSL_MODULES: folder, OPENSSL_ENGINES: folder }],
      ['data of ICU', { NODE_ICU_DATA: folder }],
      ['what a parent that is Node sets', { NODE_UNIQUE_ID: '1' }],
    ];
    const before = readdirSync(folder).sort();
    for (const [why, env, { leaves, says } = {}] of rows)
      test(why, () => {
        const { stderr, ...rest } = ask(QUESTION, { ...base, ...env });
        assert.deepEqual({ ...rest, stderr: says ? '' : stderr }, expected);
        if (says) assert.match(stderr, says);
        if (leaves) rmSync(join(folder, leaves), { recursive: true });
        assert.deepEqual(readdirSync(folder).sort(), before);
      });

    test('a module for a prompt is refused, and does not run', () => {
      const refused = ask(QUESTION, { ...base, NODE_REPL_EXTERNAL_MODULE: code });
      assert.deepEqual([refused.status === 0, refused.stdout], [false, '']);
      assert.deepEqual(readdirSync(folder).sort(), before);
    });

    test('none of them makes a server trusted that the kubeconfig does not trust', () => {
      const config = JSON.parse(readFileSync(plane.kubeconfigFile, 'utf8'));
      config.clusters[0].cluster['certificate-authority-data'] = Buffer.from(another.cert).toString('base64');
      const env = { ...base, KUBECONFIG: file('other-authority', JSON.stringify(config)) };
      const refused = ask(QUESTION, env);
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, /certificate/);
      for (const more of [
        { NODE_EXTRA_CA_CERTS: plane.caFile },
        { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
        { SSL_CERT_FILE: plane.caFile },
      ])
        assert.deepEqual(ask(QUESTION, { ...env, ...more }), refused);
    });
  });

  describe('wherever it runs', () => {
    test('without a home, or with one that does not exist: nothing is made', () => {
      const { HOME, ...rest } = base;
      assert.deepEqual(ask(QUESTION, rest), expected);
      const nowhere = join(temporary, 'no', 'such', 'home');
      assert.deepEqual(ask(QUESTION, { ...base, HOME: nowhere }), expected);
      assert.ok(HOME !== undefined && !existsSync(join(temporary, 'no')) && !existsSync('/nonexistent'));
    });

    test('with a home that cannot be written, by somebody who is not root', {
      skip: process.getuid?.() !== 0 && 'only root can be somebody else',
    }, () => {
      const home = join(temporary, 'read-only');
      mkdirSync(join(home, '.kube'), { recursive: true });
      copyFileSync(plane.kubeconfigFile, join(home, '.kube', 'config'));
      for (const path of [join(home, '.kube', 'config'), join(home, '.kube'), home])
        chmodSync(path, path.endsWith('config') ? 0o444 : 0o555);
      for (let path = dirname(realpathSync(installed.link)); path.startsWith(temporary); path = dirname(path))
        chmodSync(path, 0o755);
      const env: NodeJS.ProcessEnv = { ...base, HOME: home };
      delete env.KUBECONFIG;
      const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
      const writes = spawnSync('setpriv', [...nobody, 'touch', join(home, 'x')], { encoding: 'utf8' });
      assert.notEqual(writes.status, 0, 'the home can be written');
      const { status, stdout, stderr } = spawnSync(
        'setpriv',
        [...nobody, 'kubectl', 'whocan-escalate', ...QUESTION.split(' ')],
        {
          ...{ env, encoding: 'utf8', cwd: '/' },
        },
      );
      assert.deepEqual({ status, stdout: withoutAges(stdout), stderr, signal: null }, { ...expected });
      assert.deepEqual(readdirSync(home, { recursive: true }).sort(), ['.kube', '.kube/config']);
    });

    test('without a locale: in ASCII', () => {
      const { LANG, ...rest } = base;
      const plain = ask(`${QUESTION} --explain`, rest);
      assert.deepEqual([plain.status, plain.stderr], [0, '']);
      assert.match(plain.stdout, /^[\n -~]*$/);
      assert.ok(LANG && !/^[\n -~]*$/.test(ask(`${QUESTION} --explain`).stdout));
    });

    test('with a credential plugin', () => {
      const plugin = join(temporary, 'credentials');
      const credential = {
        kind: 'ExecCredential',
        apiVersion: 'client.authentication.k8s.io/v1',
        status: { token: plane.adminToken },
      };
      writeFileSync(
        plugin,
        `#!/bin/sh\necho "$KUBERNETES_EXEC_INFO" > "$0.info"\necho '${JSON.stringify(credential)}'\n`,
        { mode: 0o755 },
      );
      const config = JSON.parse(readFileSync(plane.kubeconfigFile, 'utf8'));
      config.users[0].user = {
        exec: {
          apiVersion: credential.apiVersion,
          command: './credentials',
          interactiveMode: 'Never',
          provideClusterInfo: true,
        },
      };
      const file = join(temporary, 'exec-kubeconfig');
      writeFileSync(file, JSON.stringify(config));
      assert.deepEqual(ask(QUESTION, { ...base, KUBECONFIG: file }), expected);
      assert.equal(JSON.parse(readFileSync(`${plugin}.info`, 'utf8')).spec.cluster.server, plane.url);
    });

    test('in a container with no more than the files of the archive, and the libraries that the README names', {
      skip: process.getuid?.() !== 0 && 'only root can change the root folder',
    }, () => {
      const root = join(temporary, 'chroot');
      mkdirSync(root);
      const store = dirname(realpathSync(installed.link));
      for (const name of readdirSync(store)) copyFileSync(join(store, name), join(root, name));
      const program = join(root, 'kubectl-whocan_escalate');
      const libraries = [...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+\.so\S*) \(0x/g)].map(
        ([, path = '']) => path,
      );
      assert.ok(libraries.some((path) => path.includes('libatomic.so.1')));
      for (const path of libraries) {
        mkdirSync(join(root, dirname(path)), { recursive: true });
        copyFileSync(realpathSync(path), join(root, path));
      }
      copyFileSync(plane.caFile, join(root, 'ca.crt'));
      const words = [
        ...QUESTION.split(' '),
        '--server',
        plane.url,
        '--certificate-authority',
        '/ca.crt',
        '--token',
        plane.adminToken,
      ];
      const { status, stdout, stderr } = spawnSync('chroot', [root, '/kubectl-whocan_escalate', ...words], {
        ...{ env: { PATH: process.env.PATH, LANG: 'C.UTF-8' }, encoding: 'utf8' },
      });
      assert.deepEqual([status, stderr], [0, '']);
      assert.equal(
        withoutAges(stdout),
        expected.stdout.replace(/^context test,/m, `server ${plane.url},`),
        'the same, but for the name of the cluster',
      );
      // Without libatomic it says so, before it is ours to say anything.
      execFileSync('sh', ['-c', 'find "$0" -name "libatomic*" -delete', root]);
      const without = spawnSync('chroot', [root, '/kubectl-whocan_escalate', '--version'], { encoding: 'utf8' });
      assert.match(without.stderr, /libatomic\.so\.1: cannot open shared object file/);
    });
  });

  describe('completion, linked as the caveats say', () => {
    const link = join(dirname(installed.link), 'kubectl_complete-whocan_escalate');
    execFileSync('ln', ['-sf', installed.link, link]);
    const complete = (...words: string[]) => {
      const { stdout, stderr, status } = spawnSync('kubectl', ['__complete', 'whocan-escalate', ...words], {
        env: base,
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      return stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')[0]);
    };
    const rows: [words: string[], offered: string[] | RegExp, why: string][] = [
      [['port-f'], ['port-forward', ':4'], 'a question'],
      [['port-forward', 'we'], ['web-0', ':4'], 'a pod of the cluster'],
      [['port-forward', '-n', 'kube-sys'], ['kube-system', ':4'], 'a namespace'],
      [['port-forward', '-n', 'kube-system', ''], [':4'], 'pods of another namespace, which has none'],
      [['port-forward', 'pod/'], ['pod/web-0', ':4'], 'a pod with its type'],
      [['sa', ''], ['default', ':4'], 'an account'],
      [['pod', '--context', ''], ['test', ':4'], 'a context'],
      [['pod', '-o', 'js'], ['json', ':4'], 'a format'],
      [['pod', '--color='], ['auto', 'always', 'never', ':4'], 'a value after ='],
      [['who', 'create', 'pods/port'], ['pods/portforward', ':4'], 'a subresource'],
      [['pod', '--subj'], ['--subject', '--subject-group', ':4'], 'flags'],
      [['pod', '--server', 'https://127.0.0.1:1', ''], [':4'], 'no server, and no word about it'],
    ];
    for (const [words, offered, why] of rows)
      test(`${words.join(' ')}: ${why}`, () => assert.deepEqual(complete(...words), offered));

    test('a server that says nothing does not hold up the shell', async () => {
      const silent = createServer(() => {}).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      after(() => silent.close());
      const { port } = silent.address() as AddressInfo;
      // Over after the limit of 1.7 s, by itself, where each request would have had 30 s and more.
      const words = ['__complete', 'whocan-escalate', 'pod', '--server', `https://127.0.0.1:${port}`, ''];
      const { stdout, status } = spawnSync('kubectl', words, { env: base, encoding: 'utf8', timeout: 10_000 });
      assert.deepEqual([status, stdout], [0, ':4\n']);
      silent.close();
    });
  });
});
