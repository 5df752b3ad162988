import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Rule, Subject } from '../../src/world/objects.ts';
import { account, allow, group, user } from '../helpers/cluster.ts';
import { HOME, program } from '../helpers/plugin.ts';
import { binding, role } from '../helpers/story.ts';

/** A team's manifests: one role of the namespace, for one subject. */
const team = (rule: Rule, ...subjects: Subject[]): object => ({
  apiVersion: 'v1',
  kind: 'List',
  items: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'shop', name: 'web' } },
    role('shop', 'dev', [rule]),
    binding('shop', 'team', 'Role/dev', subjects),
  ],
});
const EXEC = allow('create', 'pods/exec');

/** What is asked of the manifests, and what the screen says besides no. */
const CASES: [words: string, world: object, shows: RegExp][] = [
  [
    'who get pods -n shop',
    team(allow('get', 'po'), user('jane')),
    /user\/jane: .*"po" is a short name of kubectl, RBAC wants "pods"/,
  ],
  [
    'who get pods -n shop --subject user/jane',
    team(allow('Get', 'Pod'), user('jane')),
    /"Pod" is the kind of an object.*; "Get" has other/,
  ],
  [
    'who get pods/log -n shop',
    team(allow('get', 'pods pods/logs'), group('ops')),
    /group\/ops: .*RBAC wants "pods\/log"/,
  ],
  [
    'who create pods/exec -n shop --subject user/jane',
    team(EXEC, user('oidc:jane')),
    /"oidc:jane" has a prefix that "jane" does not have/,
  ],
  ['who create pods/exec -n shop --subject group/devs', team(EXEC, group('/devs')), /"\/devs" has a slash or a path/],
  [
    'who create pods/exec -n shop --subject sa/shop/web',
    team(EXEC, group('system:serviceaccount:shop:web')),
    /RBAC wants account shop\/web/,
  ],
  [
    'who get pods/web-0 -n shop --subject user/jane',
    team(allow('get', 'pods', { names: ['web-*'] }), user('jane')),
    /"web-\*" is a name and no pattern/,
  ],
  [
    'who delete deployments/web -n shop --subject sa/shop/web',
    team(allow('remove', 'deployments', { groups: ['apps/v1'] }), account('shop', 'web')),
    /"apps\/v1" has a version in it.*RBAC wants "apps"; "remove" is a command of kubectl, or a word that people use, RBAC wants "delete"/,
  ],
];

test('who creates only by server-side apply, through the executable', async () => {
  const file = join(HOME, 'by-apply.json');
  writeFileSync(file, JSON.stringify(team(allow('create patch', 'configmaps', { names: ['a'] }), user('jane'))));
  const { stdout } = await program(
    `who create configmaps -n shop --subject user/jane --complete --explain --input ${file}`,
  );
  assert.match(stdout, /^yes: User jane can create configmaps in namespace shop, only by server-side apply\n/);
  assert.match(stdout, /kubectl apply --server-side --dry-run=server --as=jane -f -/);
  const table = await program(`who create configmaps -n shop --complete --input ${file}`);
  assert.match(table.stdout, /^SUBJECT +ONLY-BY .*\nuser\/jane +server-side-apply +shop:names=a /m);
});

describe('near misses, through the executable', { concurrency: 2 }, () => {
  for (const [index, [words, world, shows]] of CASES.entries()) {
    test(`${words}: ${shows.source}`, async () => {
      const file = join(HOME, `near-miss-${index}.json`);
      writeFileSync(file, JSON.stringify(world));
      const { stdout, code } = await program(`${words} --complete --input ${file} --exit-code`);
      assert.match(stdout, /^no: /);
      assert.match(stdout, shows);
      assert.equal(code, 0);
    });
  }
});
