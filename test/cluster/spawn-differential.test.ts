import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, Finding } from '../../src/answer/answer.ts';
import type { Unknown } from '../../src/answer/unknown.ts';
import type { Truth } from '../../src/answer/verdict.ts';
import { askedIdentity } from '../../src/questions/holders/asked-identity.ts';
import { namespacesIn } from '../../src/questions/privileged/needs.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import type { PrivilegedTarget } from '../../src/questions/privileged/target.ts';
import type { Question } from '../../src/questions/question.ts';
import { rbacOf } from '../../src/rbac/rbac-of.ts';
import { outcomesOf } from '../../src/spawn/outcomes/outcomes.ts';
import type { PodOutcome } from '../../src/spawn/outcomes/pod-outcome.ts';
import { reachesNode } from '../../src/spawn/probes/strongest.ts';
import { holderOf } from '../../src/spawn/rights/holder.ts';
import { scopeOf } from '../../src/spawn/scope.ts';
import { child, type Raw } from '../../src/world/raw.ts';
import type { World } from '../../src/world/world.ts';
import { type Caller, caller } from '../helpers/caller.ts';
import { user } from '../helpers/cluster.ts';
import { type ControlPlane, DEFAULT_CONTROLLERS } from '../helpers/control-plane.ts';
import { load } from '../helpers/load.ts';
import { OPTIONS } from '../helpers/question.ts';
import { type Random, random } from '../helpers/random.ts';
import { waitFor, waitForServiceAccount, withControlPlane } from '../helpers/real.ts';
import { seen } from '../helpers/staging.ts';
import { type Asker, contradictionsOf, isForbidden, mayRelabel, messageOf } from './spawn/differential/oracle.ts';
import { sendPrinted } from './spawn/differential/printed.ts';
import { type SpawnWorld, spawnWorld } from './spawn/differential/world.ts';
import { policiesSeen } from './spawn/policies-seen.ts';

/** Generated worlds: whatever the answer says of somebody in a namespace, the server says to them as well. */
const SEEDS = [1, 2, 3, 4];
const USERS_OF_A_WORLD = 18;

/** Every fifth is in groups, which the question has to be told of. */
const askersOf = (seed: number): Asker[] =>
  Array.from({ length: USERS_OF_A_WORLD }, (_, index) => {
    const name = `u${seed}-${index}`;
    return { name, token: `token-${name}`, groups: index % 5 === 0 ? [`group-of-${name}`, 'ops'] : [] };
  });
const tokens = SEEDS.flatMap(askersOf).map(({ name, token, groups }) => ({ token, user: name, groups }));

await withControlPlane({ tokens, controllers: [...DEFAULT_CONTROLLERS, 'resourcequota-controller'] }, async (plane) => {
  test('in generated worlds the server agrees with every verdict', async (t) => {
    const tally: Tally = { verdicts: [], contradictions: [], reasons: new Map(), seen: new Map() };
    for (const seed of SEEDS) {
      const askers = askersOf(seed);
      const scene = spawnWorld(seed, askers);
      await play(plane, scene);
      const asking = await caller(t, plane, plane.adminToken);
      const alike = [...Map.groupBy(askers, ({ groups }) => groups.join()).values()];
      await Promise.all(alike.map((some) => compare(plane, asking, some, scene, random(seed), tally)));
      // They select none of the next world, and would be looked at all the same.
      for (const resource of ['validatingadmissionpolicybindings', 'validatingadmissionpolicies'])
        await plane.request('DELETE', `/apis/admissionregistration.k8s.io/v1/${resource}`);
    }
    const share = (value: Truth): number =>
      tally.verdicts.filter((each) => each === value).length / tally.verdicts.length;
    const shares = (['yes', 'no', 'depends'] as const).map((each) => `${Math.round(100 * share(each))} % ${each}`);
    t.diagnostic(`${tally.verdicts.length} verdicts: ${shares.join(', ')}`);
    for (const [what, times] of [...tally.seen].sort()) t.diagnostic(`${String(times).padStart(5)} ${what}`);
    for (const [reason, times] of tally.reasons)
      t.diagnostic(`${String(times).padStart(5)} verdicts depend on ${reason}`);
    assert.deepEqual(tally.contradictions, []);
    assert.ok(tally.verdicts.length >= 300);
    assert.ok(share('yes') >= 0.3 && share('no') >= 0.3 && share('depends') < 0.2);
    for (const layer of ['pod-security', 'policies', 'quota'])
      assert.ok((tally.seen.get(`no by ${layer}`) ?? 0) >= 10, layer);
  });
});

interface Tally {
  verdicts: Truth[];
  contradictions: string[];
  /** What the `depends` hang on. */
  reasons: Map<string, number>;
  /** How often each way and each decider occurred. */
  seen: Map<string, number>;
}

/** Puts a world beside those that are there already. */
async function play(plane: ControlPlane, { name, namespaces, residents, rules }: SpawnWorld): Promise<void> {
  await load(
    plane,
    namespaces.map((each) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: each.name } })),
  );
  await Promise.all(namespaces.map((each) => waitForServiceAccount(plane, each.name)));
  await load(plane, [
    ...namespaces.map((each) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'robot', namespace: each.name },
    })),
    ...residents,
  ]);
  const headers = { 'content-type': 'application/merge-patch+json' };
  await Promise.all(
    residents.flatMap((each) => {
      const { kind, metadata } = each as { kind: string; metadata: { name: string; namespace: string } };
      const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`;
      return kind === 'Pod' ? [plane.request('PATCH', path, { status: { phase: 'Running' } }, { headers })] : [];
    }),
  );
  await Promise.all(
    namespaces.map(async ({ name: namespace, labels }) => {
      const bad = 'bad/level' in labels ? { 'pod-security.kubernetes.io/enforce': 'strict' } : {};
      const { 'bad/level': _, ...good } = labels as Record<string, string>;
      const object = {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace, labels: { ...good, ...bad } },
      };
      // Of the labels alone only a subresource takes a level that is none.
      const { status, body } = await plane.request('PUT', `/api/v1/namespaces/${namespace}/finalize`, {
        ...object,
        spec: { finalizers: ['kubernetes'] },
      });
      assert.equal(status, 200, JSON.stringify(body));
    }),
  );
  await load(plane, rules);
  await Promise.all(
    rules.flatMap((each) => {
      const { kind, metadata } = each as { kind: string; metadata: { namespace: string } };
      const path = `/api/v1/namespaces/${metadata.namespace}/resourcequotas/quota`;
      return kind === 'ResourceQuota' ? [waitFor(plane, path, (body) => 'hard' in child(body as Raw, 'status'))] : [];
    }),
  );
  await seen(plane, `spawn-${name}`, namespaces[0]?.name ?? 'default');
  await policiesSeen(plane, `sentinel-${name}`);
}

/** Asks about users of the same groups at once. */
async function compare(
  plane: ControlPlane,
  asking: Caller,
  askers: readonly Asker[],
  scene: SpawnWorld,
  dice: Random,
  tally: Tally,
) {
  const subjects = askers.map(({ name }) => user(name));
  const options = { ...OPTIONS, subjectGroups: askers[0]?.groups ?? [] };
  let world: World | undefined;
  const watched: Question<PrivilegedTarget> = {
    ...privileged,
    answer: (target, read, given) => {
      world = read;
      return privileged.answer(target, read, given);
    },
  };
  const { asked } = await asking.ask(watched, { subjects, pods: null, namespace: null }, options);
  assert.ok(world);
  const rbac = rbacOf(world);
  const scope = scopeOf(world, rbac, namespacesIn(world));
  await Promise.all(
    askers.map(async (asker, index) => {
      const subject = { ...user(asker.name), members: null };
      const outcomes = outcomesOf(holderOf(subject, askedIdentity(subject, scope.world, options), rbac), scope);
      const answer = asked[index]?.answer;
      assert.ok(answer);
      for (const { name } of scene.namespaces)
        await inNamespace(
          plane,
          asker,
          answer,
          outcomes
            .filter(({ namespaces }) => namespaces.includes(name))
            .map((outcome): PodOutcome => ({ ...outcome, namespaces: [name] })),
          name,
          dice,
          tally,
        );
    }),
  );
}

async function inNamespace(
  plane: ControlPlane,
  asker: Asker,
  answer: Answer,
  outcomes: readonly PodOutcome[],
  namespace: string,
  dice: Random,
  { verdicts, contradictions, reasons, seen: found }: Tally,
) {
  contradictions.push(...disagreements(answer, outcomes, namespace, asker));
  for (const outcome of outcomes) {
    for (const what of [outcome.way.words, ...decidersOf(outcome)]) count(found, what);
    contradictions.push(...(await contradictionsOf(plane, asker, outcome, dice)));
  }
  const ofPods = outcomes.some(({ way }) => way.id === 'pod-create');
  if (!ofPods && !(await isForbidden(plane, asker, namespace)))
    contradictions.push(`${asker.name} may create pods in ${namespace}`);
  if (outcomes.length === 0) return;
  const findings = answer.findings.filter(({ spawn }) => spawn?.namespaces?.includes(namespace));
  contradictions.push(...(await bypasses(plane, asker, findings, namespace)));
  const verdict = worst(findings);
  verdicts.push(verdict);
  if (verdict === 'depends')
    for (const what of new Set(findings.flatMap(({ unknowns }) => unknowns.map(kindOf)))) count(reasons, what);
  const refusals = outcomes.flatMap(({ trials }) => trials.flatMap(({ admission }) => admission.evidence));
  // Another image in a harmless pod stays harmless.
  const isOfUse = outcomes.some(({ trials }) => trials.some(({ probe }) => reachesNode(probe.strength)));
  const isPodSecurity = refusals.every(({ layer }) => layer === 'pod-security');
  if (verdict === 'no' && isPodSecurity && isOfUse && (await mayRelabel(plane, asker, namespace)))
    contradictions.push(
      `${asker.name} may relax Pod Security of ${namespace}, and ${outcomes.map(({ way }) => way.words).join(', ')} there`,
    );
}

const count = (counts: Map<string, number>, what: string): unknown => counts.set(what, (counts.get(what) ?? 0) + 1);

const kindOf = ({ what }: Unknown): string => what.replaceAll(/w\d+-p\d+/g, 'P');

/** `no by quota`: what does not admit some probe. */
const decidersOf = ({ trials }: PodOutcome): Set<string> =>
  new Set(
    trials.flatMap(({ admission: { value, evidence } }) =>
      value === 'yes' ? [] : evidence.map(({ layer }) => `${value} by ${layer}`),
    ),
  );

/** Where the findings say otherwise than the ways that they are made of. */
function disagreements(
  { findings }: Answer,
  outcomes: readonly PodOutcome[],
  namespace: string,
  { name }: Asker,
): string[] {
  return [...new Set(outcomes.map(({ way }) => way.id))].flatMap((id) => {
    const own = findings.filter((each) => each.id === id && each.spawn?.namespaces?.includes(namespace));
    const sure = outcomes.some(({ way, strongest }) => way.id === id && reachesNode(strongest.sure));
    return own.length > 0 && sure === own.some(({ verdict }) => verdict === 'yes')
      ? []
      : [`${name} in ${namespace}: the findings of ${id} are others`];
  });
}

/** What has to be done first, where that is sure to be enough. */
async function bypasses(
  plane: ControlPlane,
  { name, token }: Asker,
  findings: readonly Finding[],
  namespace: string,
): Promise<string[]> {
  const own = findings.filter(
    ({ evidence, verdict, spawn }) => evidence.length > 1 && verdict === 'yes' && spawn?.namespaces?.[0] === namespace,
  );
  const replies = await Promise.all(
    own.flatMap(({ evidence }) =>
      evidence
        .slice(0, -1)
        .map(async ({ attack }) => ({ attack, replies: await sendPrinted(plane, attack ?? '', token) })),
    ),
  );
  return replies.flatMap(({ attack, replies: all }) =>
    all.filter(({ status }) => status > 201).map((reply) => `${name} cannot: ${attack}: ${messageOf(reply)}`),
  );
}

const worst = (findings: readonly Finding[]): Truth =>
  (['yes', 'depends'] as const).find((value) => findings.some(({ verdict }) => verdict === value)) ?? 'no';
