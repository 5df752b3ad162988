import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { ConnectFlags } from '../../src/cluster/connect/connection.ts';
import { certificateAuthority } from '../helpers/certificates.ts';
import { load } from '../helpers/load.ts';
import { startIssuer } from '../helpers/oidc-issuer.ts';
import { EXECUTABLE } from '../helpers/plugin.ts';
import { startProxy } from '../helpers/proxy.ts';
import { withControlPlane } from '../helpers/real.ts';
import { noTerminal, terminal } from '../helpers/terminal.ts';
import { auditLog } from './kubeconfig/audit.ts';
import { differencesOf } from './kubeconfig/differences.ts';
import { ACCOUNT_FOLDER, podWith, whyNoPod } from './kubeconfig/pod.ts';
import { prepare } from './kubeconfig/prepare.ts';
import { type Answer, clientNode, executable, kubectl, type Reader, sources } from './kubeconfig/readers.ts';
import { anonymous, jane, janesPlugin, type Outcome, plugin, situationsOf } from './kubeconfig/situations.ts';

const audit = auditLog();
const issuer = await startIssuer();

await withControlPlane(
  { tokens: [jane], controllers: [], extraApiserverArgs: [...audit.flags, ...issuer.flags] },
  async (plane) => {
    const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
    const proxy = await startProxy();
    after(() => {
      rmSync(folder, { recursive: true, force: true });
      proxy.close();
    });
    const works = { 'certificate-authority': plane.caFile, server: plane.url };
    const situations = situationsOf(plane, proxy, issuer);
    const namespaceOf = (index: number): string => `situation-${index}`;
    await load(
      plane,
      situations.map((_, index) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespaceOf(index) } })),
    );

    const readers: Record<string, Reader> = { kubectl: kubectl(), sources: sources(), executable: executable(audit) };
    describe(`${situations.length} kubeconfigs, read by kubectl, by the sources and by the executable`, {
      concurrency: 4,
    }, () => {
      for (const [index, [name, situation, outcome]] of situations.entries())
        test(name, async () => {
          // Each has a folder of its own: some write into the kubeconfig.
          const read = async (by: string): Promise<Answer> => {
            const home = join(folder, String(index), by);
            const answer = await readers[by]?.(prepare(home, works, situation), namespaceOf(index));
            if (!answer || 'identity' in answer) return answer ?? assert.fail(by);
            return { refusal: answer.refusal.replaceAll(home, 'F') };
          };
          const [theirs, ...ours] = await Promise.all(Object.keys(readers).map(read));
          for (const our of ours) compare(theirs ?? assert.fail(), our, outcome);
        });
    });

    const admin = { token: plane.adminToken };

    test('a plugin is told the same by kubectl, by the sources and by the executable', async () => {
      const note = `#!/bin/sh\nprintf %s "$KUBERNETES_EXEC_INFO" > "$INFO"\n${janesPlugin.plugin.replace('#!/bin/sh', '')}`;
      const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: '<x>' } }];
      const cluster = {
        'tls-server-name': '10.0.0.1',
        'proxy-url': proxy.url,
        'disable-compression': true,
        extensions,
      };
      const home = join(folder, 'info');
      const user = plugin('./plugin', { interactiveMode: 'IfAvailable', provideClusterInfo: true });
      const { flags, env } = prepare(home, works, { cluster, user, files: { plugin: note } });
      const told: unknown[] = [];
      for (const [by, read] of Object.entries(readers)) {
        await read({ flags, env: { ...env, INFO: join(home, by) } }, 'default');
        told.push(JSON.parse(readFileSync(join(home, by), 'utf8')));
      }
      assert.deepEqual(told, [told[0], told[0], told[0]]);
      assert.equal(
        (told[0] as { spec: { cluster: { config: { audience: string } } } }).spec.cluster.config.audience,
        '<x>',
      );
    });

    describe('a plugin that asks in a terminal', { skip: noTerminal }, () => {
      const asks = `#!/bin/sh
test -t 0 || exit 1
printf 'Token, please: ' >&2
read -r token
printf '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "%s"}}' "$token"
`;
      for (const interactiveMode of ['Always', 'IfAvailable'])
        test(`interactiveMode ${interactiveMode}`, async (t) => {
          const namespace = `terminal-${interactiveMode.toLowerCase()}`;
          await load(plane, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
          const user = plugin('./plugin', { interactiveMode });
          const { flags } = prepare(join(folder, namespace), works, { user, files: { plugin: asks } });
          for (const command of ['kubectl auth whoami', `${EXECUTABLE} who get pods -n ${namespace} --direct`]) {
            const shown = terminal(t, `${command} --kubeconfig ${flags.kubeconfig}`);
            await shown.shows('Token, please: ');
            shown.type(`${jane.token}\n`);
            assert.equal(await shown.ended, 0, shown.screen);
          }
          assert.deepEqual(
            (await audit.identities(namespace)).map(({ username }) => username),
            ['jane'],
          );
        });
    });

    test('--as-user-extra, which older kubectls do not know', async () => {
      const asking = prepare(join(folder, 'extra'), works, {
        user: admin,
        flags: { as: 'carol', asUserExtra: ['Scopes=a', 'Scopes=b=c', 'nothing'] },
      });
      await load(plane, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'extra' } }]);
      for (const read of [sources(), executable(audit)]) {
        const answer = await read(asking, 'extra');
        assert.deepEqual('identity' in answer && answer.identity.extra, { scopes: ['a', 'b=c'] });
      }
    });

    describe('the ten ways in which @kubernetes/client-node differs from kubectl', { concurrency: 4 }, async () => {
      const differences = differencesOf(plane, proxy);
      const prepared = (by: string) =>
        differences.map(([way, situation]) =>
          prepare(join(folder, `${by} ${way.replaceAll(/\W/g, '-')}`), works, situation),
        );
      const answers = clientNode(prepared('client-node'));
      for (const [index, asking] of prepared('kubectl').entries()) {
        const [way = '', , outcome] = differences[index] ?? [];
        test(way, async () => {
          const theirs = await kubectl()(asking, '');
          const other = (await answers)[index] ?? assert.fail();
          if (outcome === 'refused')
            return assert.ok('refusal' in theirs && 'identity' in other, JSON.stringify({ theirs, other }));
          assert.equal('identity' in theirs && theirs.identity.username, outcome, JSON.stringify(theirs));
          assert.notDeepEqual(other, theirs);
        });
      }
    });

    describe('in a pod', { skip: whyNoPod(), concurrency: 4 }, () => {
      const { port } = new URL(plane.url);
      const inPod = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: port };
      const account = { token: `${jane.token}\n`, 'ca.crt': plane.caData, namespace: 'shop' };
      const cases: [name: string, account: Record<string, string>, flags: ConnectFlags, outcome: Outcome][] = [
        ['the service account', account, {}, { user: 'jane' }],
        ['--token', account, admin, { user: 'admin' }],
        [
          'a token without a byte',
          { ...account, token: '' },
          {},
          { says: 'error: read empty token from file "F/token"' },
        ],
        [
          'a token of blanks',
          { ...account, token: ' ' },
          {},
          { says: 'error: read empty token from file "F/token"', kubectl: anonymous },
        ],
        ['another CA', { ...account, 'ca.crt': certificateAuthority('other').cert }, {}, 'refused'],
      ];
      for (const [index, [name, files, flags, outcome]] of cases.entries())
        test(name, async () => {
          const namespace = `pod-${index}`;
          const mount = join(folder, namespace);
          await load(plane, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
          const asking = prepare(mount, works, { noFlag: true, files, flags, env: inPod });
          const words = podWith(mount);
          const answers = await Promise.all(
            [kubectl(...words), sources(mount), executable(audit, ...words)].map((read) => read(asking, namespace)),
          );
          const [theirs, ...ours] = answers.map((answer) =>
            'identity' in answer
              ? answer
              : { refusal: answer.refusal.replaceAll(mount, 'F').replaceAll(ACCOUNT_FOLDER, 'F') },
          );
          for (const our of ours) compare(theirs ?? assert.fail(), our, outcome);
        });
    });
  },
);

/** Holds our answer against kubectl's, and both against what has to come out. */
function compare(theirs: Answer, ours: Answer, outcome: Outcome): void {
  if (outcome === 'refused') {
    assert.ok('refusal' in theirs && 'refusal' in ours, JSON.stringify({ theirs, ours }));
  } else if ('says' in outcome) {
    assert.deepEqual(ours, { refusal: outcome.says });
    if (outcome.kubectl) assert.match('refusal' in theirs ? theirs.refusal : JSON.stringify(theirs), outcome.kubectl);
    else assert.deepEqual(theirs, { refusal: outcome.says });
  } else {
    assert.deepEqual(ours, theirs);
    assert.equal('identity' in ours && ours.identity.username, outcome.user);
  }
}
