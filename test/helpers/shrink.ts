import { dump } from 'js-yaml';
import { identityOf } from '../../src/rbac/subjects.ts';
import { type Contradiction, contradictions, type Engine } from './differential.ts';
import type { Scene, Stage } from './staging.ts';
import type { Tuple } from './tuples.ts';
import type { RawRule } from './worlds.ts';

/**
 * The least of a scene that makes an engine contradict the server on a tuple: objects, rules, subjects and list entries
 * are dropped, many at once and then one by one, as long as the contradiction stays. Throws where it does not happen
 * again at all.
 */
export async function shrink(
  stage: Stage,
  engine: Engine,
  scene: Scene,
  tuple: Tuple,
): Promise<{ scene: Scene; contradiction: Contradiction }> {
  let contradiction = await replay(stage, engine, scene, tuple);
  if (!contradiction) throw new Error(`no contradiction when asked again: ${JSON.stringify(tuple)}`);
  for (let candidates = smaller(scene), next = candidates.next(); !next.done; next = candidates.next()) {
    const still = await replay(stage, engine, next.value, tuple);
    if (!still) continue;
    contradiction = still;
    scene = next.value;
    candidates = smaller(scene);
  }
  return { scene, contradiction };
}

/** A contradiction as a person wants to read it: the objects, the question, both answers. */
export function format({
  scene: { roles, bindings },
  contradiction: { truth, why },
}: Awaited<ReturnType<typeof shrink>>): string {
  const objects = [...roles, ...bindings].map(({ metadata: { labels, ...metadata }, ...object }) => ({
    ...object,
    metadata,
  }));
  const { subject, groups } = truth.tuple.who;
  return [...objects, { request: truth.tuple.request, identity: identityOf(subject, groups), contradiction: why }]
    .map((each) => dump(each))
    .join('---\n');
}

async function replay(stage: Stage, engine: Engine, scene: Scene, tuple: Tuple): Promise<Contradiction | undefined> {
  const { world } = await stage.play(scene);
  const answer = await stage.ask(identityOf(tuple.who.subject, tuple.who.groups), tuple.request);
  return contradictions(engine, { world, truths: [{ tuple, ...answer }] })[0];
}

function* smaller({ namespaces, roles, bindings }: Scene): Generator<Scene> {
  const scene = (change: Partial<Scene>): Scene => ({ namespaces, roles, bindings, ...change });
  for (const fewer of sublists(bindings)) yield scene({ bindings: fewer });
  for (const fewer of sublists(roles)) yield scene({ roles: fewer });
  for (const [index, binding] of bindings.entries()) {
    for (const subjects of sublists(binding.subjects))
      yield scene({ bindings: bindings.with(index, { ...binding, subjects }) });
  }
  for (const [index, role] of roles.entries()) {
    for (const rules of sublists(role.rules)) yield scene({ roles: roles.with(index, { ...role, rules }) });
    for (const [at, rule] of role.rules.entries()) {
      for (const less of smallerRules(rule))
        yield scene({ roles: roles.with(index, { ...role, rules: role.rules.with(at, less) }) });
    }
  }
}

/** No list becomes empty, but for the names: that would be another rule, or none. */
function* smallerRules(rule: RawRule): Generator<RawRule> {
  for (const field of ['verbs', 'apiGroups', 'resources', 'resourceNames', 'nonResourceURLs'] as const) {
    for (const fewer of sublists(rule[field] ?? [])) {
      if (fewer.length > 0 || field === 'resourceNames') yield { ...rule, [field]: fewer };
    }
  }
}

/** The list without one half, one quarter, …, one of its items. */
function* sublists<T>(list: readonly T[]): Generator<T[]> {
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < list.length; start += size) yield list.toSpliced(start, size);
  }
}
