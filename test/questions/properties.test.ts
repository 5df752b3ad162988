import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stopCoverage } from 'node:v8';
import type { Finding } from '../../src/answer/answer.ts';
import { exec, logs, portForward, proxy, who } from '../../src/questions/index.ts';
import type { Asked, Options, Question } from '../../src/questions/question.ts';
import type { ObjectsTarget } from '../../src/questions/targets.ts';
import { Rbac } from '../../src/rbac/rbac.ts';
import { type Identity, identityKeys, identityOf, parseAccountUser, subjectKey } from '../../src/rbac/subjects.ts';
import { type KindName, kindOf } from '../../src/world/kinds.ts';
import { list } from '../../src/world/needs.ts';
import type { Raw } from '../../src/world/raw.ts';
import { reduce } from '../../src/world/reduce/index.ts';
import type { World } from '../../src/world/world.ts';
import { cluster } from '../helpers/cluster.ts';
import { asked, objects, right, rows } from '../helpers/question.ts';
import { type GeneratedWorld, generateWorld } from '../helpers/worlds.ts';

// The tables cover these lines; to count how often worlds without end run them takes time.
stopCoverage();

type Ask = (world: World, options?: Partial<Options>) => Asked;

const WORLDS = 12;
/** What may not be read, one set after the other. */
const REFUSED: KindName[][] = [
  ['clusterroles'],
  ['roles'],
  ['rolebindings'],
  ['clusterrolebindings'],
  ['clusterroles', 'roles'],
  ['nodes'],
];
const RIGHTS = [
  ...[
    'get pods',
    'list pods/web',
    'create pods',
    'create pods/web',
    'deletecollection pods',
    'get pods/log',
    'create pods/exec',
    '* *',
  ],
  ...[
    'get nodes',
    'create nodes/proxy',
    'get namespaces',
    'list namespaces',
    'impersonate users',
    'create deployments',
    'get /metrics',
  ],
];
const DOORS: Question<ObjectsTarget>[] = [portForward, exec, logs, proxy];

/** Every question about a generated world: in one of its namespaces, and about all. */
function* questions(namespaces: readonly string[]): Iterable<[words: string, ask: Ask]> {
  const [home = '', other = ''] = namespaces;
  const one = (result: ReturnType<typeof asked>): Asked => {
    const [first] = result.asked;
    if (!first) throw result.errors[0] ?? new Error('no answer');
    return first;
  };
  for (const namespace of [home, null])
    for (const words of RIGHTS)
      yield [
        `who ${words} in ${namespace}`,
        (world, options) => one(asked(who, right(words, namespace), world, options)),
      ];
  for (const door of DOORS)
    yield [`${door.name} ${other}/web`, (world, options) => one(asked(door, objects(other, 'web'), world, options))];
}

function worldOf({ namespaces, roles, bindings, people }: GeneratedWorld, refused: readonly KindName[] = []): World {
  const builder = cluster().node('web');
  for (const name of namespaces) builder.namespace(name).pod(name, 'web', { node: 'web' });
  for (const kind of refused) builder.refuse(list(kind));
  for (const raw of [...roles, ...bindings] as readonly unknown[] as Raw[]) {
    const kind = kindOf(String(raw.apiVersion), String(raw.kind));
    if (kind && !refused.includes(kind)) builder.with(kind, reduce({ kind }, raw));
  }
  for (const { subject } of people) {
    const own = parseAccountUser(identityOf(subject).user ?? '');
    if (own) builder.account(own.namespace, own.name);
  }
  return builder.world();
}

/** The best that the rows say of somebody, whom they name or not. */
function verdictOf(findings: readonly Finding[], identity: Identity): string {
  const keys = identityKeys(identity);
  const verdicts = findings
    .filter(({ subject }) => keys.includes(subjectKey(subject, null) ?? ''))
    .map(({ verdict }) => verdict);
  return ['yes', 'depends'].find((verdict) => verdicts.some((each) => each === verdict)) ?? 'no';
}

test('on generated worlds lists and single answers agree, noes are noes, and what is not read makes nothing certain', (t) => {
  const counts = { yes: 0, no: 0, depends: 0 };
  for (let seed = 1; seed <= WORLDS; seed += 1) {
    const generated = generateWorld(seed, 1);
    const refused = REFUSED[seed % REFUSED.length] ?? [];
    const [full, partial] = [worldOf(generated), worldOf(generated, refused)];
    const engine = new Rbac(full);
    for (const [words, ask] of questions(generated.namespaces)) {
      const [whole, part] = [ask(full), ask(partial)];
      for (const { identity, request, expected } of [...whole.checks(), ...part.checks()])
        assert.equal(
          engine.allows(identity, request),
          expected === 'yes',
          `${seed}: ${words}: ${JSON.stringify([identity, request])}`,
        );
      for (const { subject, verdict, reason } of rows(whole.answer))
        if (verdict === 'no')
          assert.equal(verdictOf(rows(whole.answer), identityOf(subject)), 'no', `${seed}: ${words}: ${reason}`);
      for (const { subject, groups } of generated.people) {
        const about = `${seed}: ${words}: ${JSON.stringify([subject, groups])} without ${refused}`;
        const options = { subject, subjectGroups: groups };
        const [truth, seen] = [ask(full, options).answer.verdict, ask(partial, options).answer];
        counts[seen.verdict] += 1;
        if (groups.length === 0) assert.equal(verdictOf(rows(whole.answer), identityOf(subject)), truth, about);
        if (groups.length === 0 && truth === 'yes') assert.notEqual(part.answer.verdict, 'no', about);
        if (seen.verdict === 'depends') assert.ok(seen.unknowns.length > 0, about);
        else assert.equal(seen.verdict, truth, about);
      }
    }
  }
  t.diagnostic(JSON.stringify(counts));
  assert.ok(Object.values(counts).every((count) => count > 100));
});
