import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Grant, Rbac } from '../../src/rbac/rbac.ts';
import { identityKeys, identityOf, subjectKey } from '../../src/rbac/subjects.ts';
import { type Random, random } from '../helpers/random.ts';
import type { Tuple, Who } from '../helpers/tuples.ts';
import { worldOf } from '../helpers/world-of.ts';
import { type GeneratedWorld, generateWorld, type RawBinding, type RawRole } from '../helpers/worlds.ts';

type Scene = Pick<GeneratedWorld, 'roles' | 'bindings'>;

const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const engine = ({ roles, bindings }: Scene): Rbac => new Rbac(worldOf([...roles, ...bindings]));
const identity = ({ subject, groups }: Who) => identityOf(subject, groups);
const answers = (rbac: Rbac, tuples: readonly Tuple[]) =>
  tuples.map(({ who, request }) => rbac.allows(identity(who), request));

/** A property of generated worlds, by their seed. */
function holds(property: string, check: (world: GeneratedWorld, dice: Random) => void): void {
  test(property, () =>
    fc.assert(
      fc.property(seeds, (seed) => check(generateWorld(seed, 60), random(seed))),
      { numRuns: 60 },
    ),
  );
}

holds('the input is left as it is', (generated) => {
  const world = worldOf([...generated.roles, ...generated.bindings]);
  const objects = () =>
    JSON.stringify(
      (['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'] as const).map((kind) => world.list(kind)),
    );
  const before = objects();
  const rbac = new Rbac(world);
  answers(rbac, generated.tuples);
  for (const { request } of generated.tuples) rbac.holders({ request, names: 'any', reach: 'anywhere' });
  assert.equal(objects(), before);
});

holds('the order of objects, rules, subjects and list entries is irrelevant', (world, dice) => {
  const shuffled = shuffle(dice, world) as Scene;
  assert.deepEqual(answers(engine(shuffled), world.tuples), answers(engine(world), world.tuples));
});

holds('another binding, subject or rule never takes an answer away', (world, dice) => {
  const less = <T>(list: readonly T[]): T[] => list.filter(() => dice.chance(0.8));
  const fewer: Scene = {
    roles: world.roles.map((role): RawRole => ({ ...role, rules: less(role.rules) })),
    bindings: less(world.bindings).map((binding): RawBinding => ({ ...binding, subjects: less(binding.subjects) })),
  };
  const more = answers(engine(world), world.tuples);
  for (const [index, allowed] of answers(engine(fewer), world.tuples).entries()) assert.ok(!allowed || more[index]);
});

holds('who may and what may one do agree, grant for grant', (world) => {
  const rbac = engine(world);
  for (const { request } of world.tuples.slice(0, 10)) {
    for (const reach of ['request', 'anywhere'] as const) {
      const query = { request, reach, names: 'any' } as const;
      const holders = rbac.holders(query).grants;
      for (const who of world.people) {
        const keys = new Set(identityKeys(identity(who)));
        const theirs = holders.filter(({ subject, binding }) => keys.has(subjectKey(subject, binding.namespace) ?? ''));
        assert.deepEqual(rbac.grantsOf(identity(who), query).grants.map(text).sort(), theirs.map(text).sort());
      }
    }
  }
});

holds('accepting the one name that is asked for is asking for it', (world) => {
  const rbac = engine(world);
  for (const { who, request } of world.tuples) {
    const { grants } = rbac.grantsOf(identity(who), {
      request,
      names: (listed) => !('name' in request) || listed === request.name,
    });
    assert.deepEqual(grants.map(text), rbac.grantsOf(identity(who), { request }).grants.map(text));
  }
});

const text = ({ binding, role, rule, subject, names }: Grant): string =>
  JSON.stringify([
    binding.kind,
    binding.namespace,
    binding.name,
    role.kind,
    role.namespace,
    role.name,
    rule,
    subject,
    names,
  ]);

function shuffle(dice: Random, value: unknown): unknown {
  if (Array.isArray(value))
    return dice.some([...value.keys()], value.length, value.length).map((index) => shuffle(dice, value[index]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shuffle(dice, each)]));
}
