import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Answer } from '../../../src/answer/answer.ts';
import { openInput } from '../../../src/cluster/input/open.ts';
import { writeSnapshot } from '../../../src/cluster/input/snapshot/write.ts';
import { LiveSource } from '../../../src/cluster/live/live.ts';
import { ask, type Source } from '../../../src/questions/ask.ts';
import { exec, who } from '../../../src/questions/index.ts';
import { pod } from '../../../src/questions/pod/pod.ts';
import { privileged } from '../../../src/questions/privileged/privileged.ts';
import type { Options } from '../../../src/questions/question.ts';
import { caller } from '../../helpers/caller.ts';
import { account, allow, group } from '../../helpers/cluster.ts';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import { folderWith } from '../../helpers/kubeconfig.ts';
import { load } from '../../helpers/load.ts';
import { OPTIONS, objects, right } from '../../helpers/question.ts';
import { binding, role } from '../../helpers/story.ts';

const HOME = 'haunted';
const GHOST = account(HOME, 'ghost');
const CORE = { apiVersion: 'v1' };
const OBJECTS = [
  { ...CORE, kind: 'Namespace', metadata: { name: HOME } },
  { ...CORE, kind: 'ServiceAccount', metadata: { namespace: HOME, name: 'default' } },
  {
    ...CORE,
    kind: 'Pod',
    metadata: { namespace: HOME, name: 'web-0' },
    spec: { containers: [{ name: 'app', image: 'app' }] },
  },
  role(HOME, 'reader', [allow('get list', 'configmaps'), allow('create', 'pods pods/exec')]),
  binding(HOME, 'reader', 'Role/reader', [GHOST, account('nowhere', 'web'), group('system:serviceaccounts:nowhere')]),
];

type Ask = (source: Source, options: Options) => ReturnType<typeof ask>;
const questions: [words: string, asked: Ask][] = [
  ['who in a namespace', (source, options) => ask(who, right('list configmaps', HOME), source, options)],
  ['exec', (source, options) => ask(exec, objects(HOME, 'web-0'), source, options)],
  ['pod', (source, options) => ask(pod, objects(HOME, 'web-0'), source, options)],
  ['privileged', (source, options) => ask(privileged, { subjects: [], pods: null, namespace: HOME }, source, options)],
];

/**
 * Live, from a snapshot and from what `kubectl get -o json` prints: the same marks and the same lines, before the
 * account is created and after.
 */
export function declareAbsentAccounts(plane: ControlPlane): void {
  test('an account that does not exist is marked, whatever the objects are read from; once it is created, it has its rights', async (t) => {
    await load(plane, OBJECTS);
    t.after(() => plane.request('DELETE', `/api/v1/namespaces/${HOME}`));
    const { client } = await caller(t, plane, plane.adminToken, HOME);
    const folder = folderWith(t);

    async function sources(name: string): Promise<Source[]> {
      const snapshot = join(folder, `${name}.jsonl.gz`);
      await writeSnapshot(snapshot, (onRaw) => new LiveSource(client, { onRaw }));
      const printed = join(folder, `${name}.json`);
      writeFileSync(printed, JSON.stringify({ ...CORE, kind: 'List', items: await everything(plane) }));
      return [new LiveSource(client), await openInput(snapshot, OPENING), await openInput(printed, OPENING)];
    }

    const marks = async (source: Source, asked: Ask, options: Partial<Options> = {}): Promise<unknown> => {
      const { asked: answers } = await asked(source, { ...OPTIONS, ...options });
      return answers.map(({ answer }) => marksOf(answer));
    };
    const before = await sources('before');
    for (const [words, asked] of questions)
      for (const options of [{ direct: false }, { direct: true }]) {
        const said = await Promise.all(before.map((source) => marks(source, asked, options)));
        assert.deepEqual(said, [said[0], said[0], said[0]], words);
        // The card reads the accounts that its pods may run as, whatever is asked.
        assert.match(
          JSON.stringify(said[0]),
          options.direct && words !== 'pod' ? /not all were looked up/ : /"haunted","ghost","account"/,
          words,
        );
      }

    const token = `/api/v1/namespaces/${HOME}/serviceaccounts/ghost/token`;
    assert.equal((await plane.request('POST', token, TOKEN)).status, 404, 'nobody can be it yet');
    await load(plane, [{ ...CORE, kind: 'ServiceAccount', metadata: { namespace: HOME, name: 'ghost' } }]);
    const after = await sources('after');
    for (const [words, asked] of questions) {
      const said = await Promise.all(after.map((source) => marks(source, asked)));
      assert.deepEqual(said, [said[0], said[0], said[0]], words);
      assert.doesNotMatch(JSON.stringify(said[0]), /"ghost","account"/, words);
    }
    const issued = (await plane.request('POST', token, TOKEN)).body as { status: { token: string } };
    const read = await plane.request('GET', `/api/v1/namespaces/${HOME}/configmaps`, undefined, {
      token: issued.status.token,
    });
    assert.equal(read.status, 200, 'whoever creates it has this');
  });
}

const TOKEN = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
const OPENING = {
  whole: true,
  complete: true,
  serverVersion: { major: 1, minor: 37 },
  namespace: null,
  stdin: process.stdin,
};

/** Who is marked, and what is said of it. */
const marksOf = ({ verdict, summary, findings, assumptions }: Answer): unknown => ({
  ...{ verdict, summary },
  marked: findings.map(({ subject: { kind, namespace, name }, absent = null, reason }) => [
    ...[kind === 'ServiceAccount' ? 'sa' : kind, namespace, name, absent],
    ...(absent === null ? [] : [reason]),
  ]),
  said: assumptions.filter((each) => each.includes('looked up')),
});

const KINDS: Readonly<Record<string, readonly string[]>> = {
  'api/v1': ['namespaces', 'serviceaccounts', 'pods', 'nodes', 'services'],
  'apis/rbac.authorization.k8s.io/v1': ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
};

/** The objects as `kubectl get -A -o json` prints them. */
async function everything(plane: ControlPlane): Promise<object[]> {
  const lists = Object.entries(KINDS).flatMap(([root, resources]) => resources.map((resource) => ({ root, resource })));
  const items = await Promise.all(
    lists.map(async ({ root, resource }) => {
      const { body } = await plane.request('GET', `/${root}/${resource}`);
      const { kind, apiVersion, items: found } = body as { kind: string; apiVersion: string; items: object[] };
      return found.map((item) => ({ ...item, apiVersion, kind: kind.replace(/List$/, '') }));
    }),
  );
  return items.flat();
}
