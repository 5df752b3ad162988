import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearMisses } from '../../src/rbac/near-misses.ts';
import { rbacOf } from '../../src/rbac/rbac-of.ts';
import { isUrlRequest, type Request } from '../../src/rbac/request.ts';
import { meantAs } from '../../src/rbac/spellings/subjects.ts';
import { identityOf } from '../../src/rbac/subjects.ts';
import { BUILT_IN } from '../../src/world/known-resources.ts';
import type { Subject } from '../../src/world/objects.ts';
import { allow, cluster, user } from '../helpers/cluster.ts';
import { collectionPath, load } from '../helpers/load.ts';
import { NO_MISSPELLINGS, RULE_ROWS, repaired, requestOf, SUBJECT_ROWS } from '../helpers/near-miss-rows.ts';
import { withControlPlane } from '../helpers/real.ts';
import { review, seen } from '../helpers/staging.ts';
import { binding, role } from '../helpers/story.ts';

const isEverywhere = (request: Request): boolean => isUrlRequest(request) || request.namespace === '';

/** As the API takes a rule: with what belongs together alone. */
function granted(name: string, rule: ReturnType<typeof allow>, asked: Request): object[] {
  const where = isEverywhere(asked) ? null : 'shop';
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  const raw = isUrlRequest(asked) ? { verbs, nonResourceURLs } : { verbs, apiGroups, resources, resourceNames };
  const kind = where === null ? 'ClusterRole' : 'Role';
  return [{ ...role(where, name, []), rules: [raw] }, binding(where, name, `${kind}/${name}`, [user(name)])];
}

/** The misspelt words of a rule, by our own reading. */
function misspeltIn(rule: ReturnType<typeof allow>, asked: Request) {
  const builder = cluster().clusterRole('r', [rule]);
  const world = (
    isEverywhere(asked)
      ? builder.clusterBinding('b', 'ClusterRole/r', user('u'))
      : builder.binding('shop', 'b', 'ClusterRole/r', user('u'))
  ).world();
  const entries = [...world.list('clusterrolebindings'), ...world.list('rolebindings')].map((each) => ({
    binding: each,
    subjects: each.subjects,
  }));
  const [miss] = nearMisses(rbacOf(world), entries, [{ request: asked }], { known: BUILT_IN, rules: true });
  return miss?.misspelt ?? [];
}

/** To the entry of a row, as the API has subjects: kinds that it knows have their own group. */
const stored = ({ kind, namespace, name }: Subject): Subject =>
  ({ kind, name, ...(namespace === null ? {} : { namespace }) }) as unknown as Subject;
const one = (verb: string, where: string | null, subject: Subject): object[] => {
  const kind = where === null ? 'ClusterRole' : 'Role';
  return [role(where, verb, [allow(verb, 'pods')]), binding(where, verb, `${kind}/${verb}`, [stored(subject)])];
};
const tried = (verb: string): Request => ({
  verb,
  group: '',
  resource: 'pods',
  subresource: '',
  namespace: 'shop',
  name: '',
});
const placeOf = ({ everywhere }: (typeof SUBJECT_ROWS)[number]): string | null => (everywhere ? null : 'shop');

await withControlPlane({ controllers: [] }, async (plane) => {
  const storable = SUBJECT_ROWS.flatMap((row, index) => (row.unstorable ? [] : [{ ...row, index }]));
  await load(plane, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }]);
  await load(plane, [
    ...RULE_ROWS.flatMap((row, index) => {
      const asked = requestOf(row);
      return [
        ...granted(`written-${index}`, row.rule, asked),
        ...granted(`meant-${index}`, repaired(row.rule, misspeltIn(row.rule, asked), asked), asked),
      ];
    }),
    ...storable.flatMap((row) => one(`try-${row.index}`, placeOf(row), row.written)),
    ...SUBJECT_ROWS.flatMap(({ asked }, index) => one(`fix-${index}`, 'shop', asked)),
  ]);
  await seen(plane, 'sentinel', 'shop');

  for (const [index, row] of RULE_ROWS.entries()) {
    test(`${row.id}: the server refuses ${row.asked} by ${JSON.stringify(row.rule)}, and allows it as it was meant`, async () => {
      const ask = (name: string) => review(plane, identityOf(user(name)), requestOf(row));
      assert.deepEqual([(await ask(`written-${index}`)).allowed, (await ask(`meant-${index}`)).allowed], [false, true]);
    });
  }

  for (const { index, id, written, asked, everywhere } of storable) {
    test(`${id}: to the server ${written.kind} ${JSON.stringify(written.name)} is not ${asked.kind} ${asked.name}`, async () => {
      const identity = identityOf(asked);
      const ask = (verb: string) => review(plane, identity, tried(verb));
      assert.deepEqual([(await ask(`try-${index}`)).allowed, (await ask(`fix-${index}`)).allowed], [false, true]);
      assert.equal(meantAs(asked, identity)(written, everywhere ? null : 'shop')?.id, id);
    });
  }

  for (const row of SUBJECT_ROWS.filter(({ unstorable }) => unstorable)) {
    test(`${row.id}: the server stores no ${row.written.kind} ${JSON.stringify(row.written.name)}`, async () => {
      const [, refused] = one('refused', placeOf(row), row.written);
      const { status } = await plane.request(
        'POST',
        collectionPath(refused as Parameters<typeof collectionPath>[0]),
        refused,
      );
      assert.equal(status, 422);
    });
  }

  test('no object but a role or a binding is called *, which a rule may name', async () => {
    const create = async (path: string, object: object) => (await plane.request('POST', path, object)).status;
    const metadata = { name: '*' };
    for (const kind of ['ConfigMap', 'Secret', 'ServiceAccount'])
      assert.equal(
        await create(`/api/v1/namespaces/shop/${kind.toLowerCase()}s`, { apiVersion: 'v1', kind, metadata, spec: {} }),
        422,
        kind,
      );
    const group = 'rbac.authorization.k8s.io/v1';
    assert.equal(
      await create(`/apis/${group}/namespaces/shop/roles`, { apiVersion: group, kind: 'Role', metadata, rules: [] }),
      201,
    );
  });

  test('what is wrong in two ways is refused for more than its spelling', () => {
    for (const [asked, rule] of NO_MISSPELLINGS) assert.deepEqual(misspeltIn(rule, requestOf({ asked })), []);
  });
});
