import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { declareChange } from '../cluster/what-if/agree.ts';
import { cases } from '../cluster/what-if/cases.ts';
import { CONTROLLERS, makeReady, nodes } from '../cluster/what-if/plane.ts';
import { fromExecutable, RUNNERS } from '../helpers/in-process.ts';
import { load } from '../helpers/load.ts';
import { HOME, plugin } from '../helpers/plugin.ts';
import { waitForAggregation, withControlPlane } from '../helpers/real.ts';

const file = (name: string, content: string): string => {
  writeFileSync(join(HOME, name), content);
  return join(HOME, name);
};

const GRANT = `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: grant}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{kind: User, name: mallory, apiGroup: rbac.authorization.k8s.io}]
`;
const grant = file('grant.yaml', GRANT);
const empty = file('empty.yaml', '');
const broken = file('broken.yaml', 'a: [');
const nameless = file('nameless.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {}\n');
const shapeless = file('shapeless.yaml', `${GRANT.replace(/subjects: .*/, 'subjects: everybody')}`);
const unread = file('unread.yaml', `${GRANT}---\napiVersion: apps/v1\nkind: ControllerRevision\nmetadata: {name: r}\n`);
const otherRole = file(
  'other-role.yaml',
  GRANT.replace('name: grant', 'name: cart').replace('name: edit', 'name: view'),
);

/** What is refused, and what is said about it. */
const errors: [words: string, code: number, stderr: RegExp][] = [
  [`exec web-0 --with ${empty}`, 1, /^error: .*empty\.yaml is empty\n/],
  [`exec web-0 --with ${broken}`, 1, /^error: error parsing .*broken\.yaml: line 1/],
  [
    `exec web-0 --with ${nameless}`,
    1,
    /^error: error validating .*nameless\.yaml:1: Pod: resource name may not be empty\n/,
  ],
  [
    `exec web-0 --with ${shapeless}`,
    1,
    /^error: error validating .*shapeless\.yaml:1: rolebindings shop\/grant: subjects/,
  ],
  [`exec web-0 --with ${otherRole}`, 1, /^The RoleBinding "cart" is invalid: roleRef: cannot change roleRef/],
  ['exec web-0 --with no-such.yaml', 1, /^error: the path "no-such.yaml" does not exist\n/],
  [`exec web-0 --with ${HOME}`, 1, /it is a directory, and files have to be named one by one\n$/],
  [
    'exec web-0 --without rolebinding/crat',
    1,
    /^Error from server \(NotFound\): rolebindings\.rbac\.authorization\.k8s\.io "crat" not found in namespace shop, did you mean "cart"\?\n/,
  ],
  [
    'exec web-0 --without rolebinding/ci/cart',
    1,
    /^Error from server \(NotFound\): rolebindings\.rbac\.authorization\.k8s\.io "cart" not found in namespace ci; there is one in shop\n/,
  ],
  [
    'exec web-0 --without ns/kube-system',
    1,
    /^Error from server \(Forbidden\): namespaces "kube-system" is forbidden: this namespace may not be deleted\n/,
  ],
  ['exec web-0 --without events/x', 2, /^error: no question reads events/],
  [
    `exec web-0 --with ${unread} -o name`,
    0,
    /^Warning: no question reads ControllerRevision r: nothing changes by it\n$/,
  ],
];

/** What the exit code says of the world as it would be. */
const codes: [words: string, code: number][] = [
  ['exec web-0 --subject user/mallory --direct', 0],
  [`exec web-0 --subject user/mallory --direct --with ${grant}`, 3],
  ['port-forward web-0 --subject sa/cart --direct', 3],
  ['port-forward web-0 --subject sa/cart --direct --without rolebinding/cart', 0],
];

for (const [name, runner] of RUNNERS)
  describe(name, { concurrency: 2 }, () => {
    for (const [words, code, stderr] of errors)
      test(`${words}: ${code}`, async () => {
        const found = await runner(`${words} -n shop --demo`);
        assert.match(found.stderr, stderr);
        assert.equal(found.code, code);
      });
    for (const [words, code] of codes)
      test(`${words} --exit-code: ${code}`, async () => {
        assert.equal((await runner(`${words} -n shop --demo --exit-code`)).code, code);
      });

    test('the rows that come and go, before and after', async () => {
      const words = `port-forward web-0 -n shop --demo -o json --with - --without clusterrolebinding/jane-migration`;
      const { stdout, code } = await runner(words, { stdin: GRANT });
      assert.equal(code, 0);
      const { whatIf, verdict }: Answer = JSON.parse(stdout);
      assert.ok(whatIf);
      assert.deepEqual(
        [whatIf.with, whatIf.without],
        [['RoleBinding/shop/grant'], ['ClusterRoleBinding/jane-migration']],
      );
      const names = (findings: Answer['findings']) => [...new Set(findings.map(({ subject }) => subject.name))];
      assert.deepEqual([names(whatIf.added), names(whatIf.removed)], [['mallory'], ['jane']]);
      assert.deepEqual([verdict, whatIf.before?.verdict, whatIf.noAnswerBefore], ['yes', 'yes', null]);
    });

    test('what does not exist yet has no answer before, and kubectl’s words say why', async () => {
      const pod =
        'apiVersion: v1\nkind: Pod\nmetadata: {name: new, namespace: fresh}\nspec: {containers: [{name: a, image: i}]}\n';
      const { stdout } = await runner('exec new -n fresh --demo -o json --with -', { stdin: pod });
      const { whatIf }: Answer = JSON.parse(stdout);
      assert.equal(whatIf?.before, null);
      assert.match(whatIf?.noAnswerBefore ?? '', /^Error from server \(NotFound\): namespaces "fresh" not found/);
    });

    test('an unused role is as good as none', async () => {
      const unused =
        'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: unused}\nrules: [{verbs: ["*"], apiGroups: ["*"], resources: ["*"]}]\n';
      for (const words of [
        'exec web-0',
        'raw-sockets',
        'sa cart',
        'who create pods',
        'pod web-0',
        'privileged sa/cart',
      ]) {
        const { stdout } = await runner(`${words} -n shop --demo -o json --with -`, { stdin: unused });
        const { whatIf, verdict }: Answer = JSON.parse(stdout);
        const { added, removed, changed, facts, held, before } = whatIf ?? assert.fail(words);
        assert.deepEqual(
          [added, removed, changed, facts, held.added, held.removed, before?.verdict],
          [[], [], [], [], [], [], verdict],
        );
      }
    });

    test('the screen says first that all of it is supposed, and last what changes', async () => {
      const { stdout } = await runner(`exec web-0 -n shop --demo --with ${grant}`);
      assert.match(stdout, /^yes: .*\nSupposed: with RoleBinding\/shop\/grant\n/);
      assert.match(
        stdout,
        /\nWhat changes: the verdict stays yes\n {2}\+ +user\/mallory +(?:exec +)?shop +grant>edit\n/,
      );
    });
  });

test('kubectl hands the flags on', async () => {
  const { stdout, code } = await plugin(
    `exec web-0 -n shop --demo --exit-code --without rolebinding/cart --with ${grant}`,
  );
  assert.match(stdout, /^Supposed: with RoleBinding\/shop\/grant and without RoleBinding\/shop\/cart$/m);
  assert.equal(code, 3);
});

/** What users run is the executable: one change of each sort, against a real server. */
await withControlPlane({ controllers: CONTROLLERS }, async (plane) => {
  await load(plane, nodes());
  await makeReady(plane);
  await waitForAggregation(plane);
  for (const [index, change] of cases.entries())
    if (index % 4 === 0) declareChange(plane, index, change, fromExecutable);
});
