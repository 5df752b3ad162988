import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type * as NearMisses from '../../src/rbac/near-misses.ts';
import { nearMisses } from '../../src/rbac/near-misses.ts';
import { rbacOf } from '../../src/rbac/rbac-of.ts';
import { isUrlRequest } from '../../src/rbac/request.ts';
import { GROUP_SPELLINGS } from '../../src/rbac/spellings/groups.ts';
import { NAME_SPELLINGS } from '../../src/rbac/spellings/names.ts';
import { RESOURCE_SPELLINGS } from '../../src/rbac/spellings/resources.ts';
import type { Spelling } from '../../src/rbac/spellings/spelling.ts';
import type * as Subjects from '../../src/rbac/spellings/subjects.ts';
import { meantAs } from '../../src/rbac/spellings/subjects.ts';
import { URL_SPELLINGS } from '../../src/rbac/spellings/urls.ts';
import { VERB_SPELLINGS } from '../../src/rbac/spellings/verbs.ts';
import { identityOf } from '../../src/rbac/subjects.ts';
import { BUILT_IN } from '../../src/world/known-resources.ts';
import type { Rule } from '../../src/world/objects.ts';
import { allow, cluster, user } from '../helpers/cluster.ts';
import { importMutant } from '../helpers/mutate.ts';
import { NO_MISSPELLINGS, NO_MISSPELT_SUBJECTS, RULE_ROWS, SUBJECT_ROWS } from '../helpers/near-miss-rows.ts';
import { request } from '../helpers/request.ts';
import { MUTATIONS } from './near-miss-mutations.ts';

type Engine = Pick<typeof NearMisses, 'nearMisses'> & Pick<typeof Subjects, 'meantAs'>;

/** The ids of what jane misses of a request by these rules, bound in this namespace. */
function idsOf(engine: Pick<Engine, 'nearMisses'>, asked: string, rules: readonly Rule[], place = 'shop'): string[] {
  const wanted = request(asked);
  const builder = cluster().clusterRole('r', rules);
  const isEverywhere = isUrlRequest(wanted) || wanted.namespace === '';
  const world = (
    isEverywhere
      ? builder.clusterBinding('b', 'ClusterRole/r', user('jane'))
      : builder.binding(place, 'b', 'ClusterRole/r', user('jane'))
  ).world();
  const entries = [...world.list('clusterrolebindings'), ...world.list('rolebindings')].map((binding) => ({
    binding,
    subjects: binding.subjects,
  }));
  // Words that were read are remembered by the list of what is known.
  const misses = engine.nearMisses(rbacOf(world), entries, [{ request: wanted }], {
    known: [...BUILT_IN],
    rules: true,
  });
  return misses.map(({ miss, misspelt }) => misspelt[0]?.id ?? miss);
}

/** The first row in which an engine says otherwise than it should; null where it says the same in all. */
function noticed({ nearMisses, meantAs }: Engine): string | null {
  try {
    for (const { id, asked, rule } of RULE_ROWS)
      if (idsOf({ nearMisses }, asked, [rule]).join() !== id) return `${id} of ${asked}`;
    for (const [asked, rule, why] of NO_MISSPELLINGS) {
      const ids = new Set(RULE_ROWS.map(({ id }) => id));
      if (idsOf({ nearMisses }, asked, [rule]).some((id) => ids.has(id))) return why;
    }
    for (const [why, asked, rules, place, expected] of MORE)
      if (idsOf({ nearMisses }, asked, rules, place).join() !== expected) return why;
    for (const { id, written, asked, everywhere } of SUBJECT_ROWS)
      if (meantAs(asked, identityOf(asked))(written, everywhere ? null : 'shop')?.id !== id)
        return `${id} of ${asked.name}`;
    for (const [written, asked, why] of NO_MISSPELT_SUBJECTS) {
      const reading = meantAs(asked, identityOf(asked))(written, 'shop');
      if (reading && !reading.id.startsWith('other-')) return why;
    }
    return null;
  } catch (error) {
    return String(error);
  }
}

/** What one rule does not show. */
const MORE: readonly [why: string, asked: string, rules: Rule[], place: string, expected: string][] = [
  ['one rule allows it', 'get pods in shop', [allow('get', 'po'), allow('get', 'pods')], 'shop', ''],
  ['in another namespace', 'get pods in shop', [allow('get', 'po')], 'dev', ''],
  ['beside its parent', 'create pods/exec in shop', [allow('create', 'pods pods/execs')], 'shop', 'plural-subresource'],
  ['the false wildcard', 'create pods/exec in shop', [allow('create', 'pods/*')], 'shop', 'star-subresource'],
  ['a verb of its parent', 'create pods/exec in shop', [allow('post', 'pods')], 'shop', ''],
];

const RBAC = join(import.meta.dirname, '../../src/rbac');
const ENTRIES = ['near-misses.ts', 'spellings/subjects.ts'];

test('the engine as it is makes no mistake', () => assert.equal(noticed({ nearMisses, meantAs }), null));

for (const mutation of MUTATIONS) {
  test(`a row notices that ${mutation.name}`, async () => {
    assert.notEqual(noticed(await importMutant<Engine>(RBAC, ENTRIES, mutation)), null);
  });
}

const TABLES: Readonly<Record<string, readonly Spelling<never>[]>> = {
  verbs: VERB_SPELLINGS,
  groups: GROUP_SPELLINGS,
  resources: RESOURCE_SPELLINGS,
  names: NAME_SPELLINGS,
  urls: URL_SPELLINGS,
};
for (const [name, table] of Object.entries(TABLES)) {
  for (const spelling of [...table]) {
    test(`a row needs ${spelling.id} of ${name}`, () => {
      const rows = table as Spelling<never>[];
      const index = rows.indexOf(spelling);
      rows.splice(index, 1);
      try {
        assert.notEqual(noticed({ nearMisses, meantAs }), null);
      } finally {
        rows.splice(index, 0, spelling);
      }
    });
  }
}
