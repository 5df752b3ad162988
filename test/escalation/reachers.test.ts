import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Closure, closureOf } from '../../src/escalation/closure.ts';
import { accountPosition, type Gain, keyOfPosition, keysOfGoal } from '../../src/escalation/position.ts';
import { type Effort, tellWays } from '../../src/escalation/reachers.ts';
import { TECHNIQUES } from '../../src/escalation/techniques/index.ts';
import { KNOWN_WORLDS, knownWorld } from '../cluster/attacker/handwritten.ts';
import { clusterOf } from '../helpers/closure.ts';
import { upstreamManifests } from '../helpers/upstream-manifests.ts';

const upstream = upstreamManifests();

/** As little as possible is looked at, so that ways rest on others, and starts wait for them. */
const HASTY: Effort = { budgets: [5, 30, Number.POSITIVE_INFINITY], patience: { all: 0, each: 1 } };
/** All is looked at, so that each way is as short as by itself. */
const PATIENT: Effort = {
  budgets: [Number.POSITIVE_INFINITY],
  patience: { all: Number.POSITIVE_INFINITY, each: Number.POSITIVE_INFINITY },
};

for (const [index, known] of KNOWN_WORLDS.entries()) {
  // Every third world: all of them take a minute.
  if (index % 3 !== 0) continue;
  test(`who gets there, together and one by one: ${known.name}`, () => {
    const { objects, start } = knownWorld(known, `r${index}`, null);
    const scope = clusterOf([...upstream, ...objects], '1.37');
    const starts = scope.world
      .list('serviceaccounts')
      .map(({ namespace, name }) => accountPosition(namespace ?? '', name));
    const own = accountPosition(start.namespace, start.name);
    const goals: Gain[] = [{ kind: 'cluster' }, ...starts.filter((each) => keyOfPosition(each) !== keyOfPosition(own))];
    for (const goal of goals.slice(0, 2)) {
      const alone = new Map(
        starts.map((each) => [
          keyOfPosition(each),
          costIn(closureOf([each], TECHNIQUES, scope, { goals: [goal] }), goal),
        ]),
      );
      for (const effort of [HASTY, PATIENT]) {
        const together = waysTo(goal, starts, scope, effort);
        for (const [key, cost] of alone) {
          const found = together.get(key);
          const what = `${key} to ${keyOfPosition(goal)}`;
          assert.equal(found?.isOpen, cost?.isOpen, what);
          if (!found || !cost) continue;
          if (effort === PATIENT) assert.equal(found.steps, cost.steps, what);
          else assert.ok(found.steps >= cost.steps, what);
        }
      }
    }
  });
}

function waysTo(
  ...[goal, starts, scope, effort]: [Gain, Parameters<typeof tellWays>[1], ReturnType<typeof clusterOf>, Effort]
) {
  const found = new Map<string, { isOpen: boolean; steps: number }>();
  const goals = keysOfGoal(goal);
  tellWays(
    goal,
    starts,
    { techniques: TECHNIQUES, scope },
    ({ start, closure, end }) => {
      const last = closure.reached.get(end)?.cost;
      assert.ok(last, `${end} was reached`);
      const rest = goals.includes(end) ? { isOpen: false, steps: 0 } : found.get(end);
      assert.ok(rest, `the way from ${end} was told before`);
      const key = keyOfPosition(start);
      assert.ok(!found.has(key), `${key} is told once`);
      found.set(key, { isOpen: last.isOpen || rest.isOpen, steps: last.steps + rest.steps });
    },
    effort,
  );
  return found;
}

function costIn({ reached }: Closure, goal: Gain) {
  const costs = keysOfGoal(goal).flatMap((key) => reached.get(key)?.cost ?? []);
  return costs.toSorted((a, b) => Number(a.isOpen) - Number(b.isOpen) || a.steps - b.steps)[0];
}
