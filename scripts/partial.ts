/**
 * Asks every question of clusters of which some kinds are refused, or have objects that nobody understands, and
 * compares with the answers where all is read: `npm run partial -- 100000 [--seed 7]` for so many at random, `npm run
 * partial -- --all` for every question, kind and fault alone, and every set of refused kinds of those that grants and
 * pods are made of. Ends with 1 and the cases where a part says what the whole contradicts.
 */
import { parseArgs } from 'node:util';
import type { KindName } from '../src/world/kinds.ts';
import { random } from '../test/helpers/random.ts';
import {
  type Case,
  describeCase,
  MATTERS,
  type Origin,
  someFaults,
  type Whole,
  whole,
  wrongIn,
} from '../test/questions/partial/property.ts';
import { FAULTS, type Fault, type Faults } from '../test/questions/partial/server.ts';
import { SCENES } from '../test/questions/partial/worlds.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    all: { type: 'boolean' },
    question: { type: 'string' },
    scene: { type: 'string' },
  },
});
const wanted = Number(positionals[0] ?? 10_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
if (!Number.isSafeInteger(wanted) || !Number.isSafeInteger(seed))
  throw new Error('usage: npm run partial -- ANSWERS [--seed N] | --all');

const ORIGINS: readonly Origin[] = ['server', 'file'];
const matters = MATTERS.filter(({ name }) => name.includes(values.question ?? ''));
const scenes = SCENES.filter(({ name }) => name.includes(values.scene ?? ''));
const started = performance.now();
let [tried, wrong] = [0, 0];

for (const scene of scenes)
  for (const matter of matters)
    for (const from of ORIGINS) {
      const all = await whole(scene, matter, from);
      if (all)
        for (const faults of faultsFor(all, scene.name + matter.name + from))
          await tryOne({ scene, matter, from, faults }, all);
    }
console.log(
  `${tried} partial answers, ${wrong} that the whole contradicts, ${Math.round((performance.now() - started) / 1000)} s`,
);
process.exitCode = wrong > 0 ? 1 : 0;

/** All of them, or a share of what is wanted. */
function* faultsFor({ kinds }: Whole, name: string): Iterable<Faults> {
  if (values.all) yield* everyFault(kinds);
  else {
    const choose = random(seed + [...name].reduce((sum, each) => (sum * 31 + (each.codePointAt(0) ?? 0)) % 1e9, 7));
    const share = Math.ceil(wanted / (scenes.length * matters.length * ORIGINS.length));
    for (let count = 0; count < share; count += 1) yield someFaults(kinds, choose);
  }
}

function* everyFault(kinds: readonly KindName[]): Iterable<Faults> {
  for (const kind of kinds)
    for (const how of Object.keys(FAULTS) as Fault['how'][])
      for (const which of FAULTS[how].status === 200 ? [0, 1, 2, 3] : [0]) yield new Map([[kind, { how, which }]]);
  const basic = kinds.filter((kind) => BASIC.has(kind));
  for (let set = 1; set < 2 ** basic.length; set += 1)
    yield new Map(basic.flatMap((kind, index) => (set & (1 << index) ? [[kind, { how: 'refused', which: 0 }]] : [])));
}

/** Of what grants and pods are made. */
const BASIC: ReadonlySet<KindName> = new Set([
  'clusterroles',
  'clusterrolebindings',
  'roles',
  'rolebindings',
  'pods',
  'namespaces',
  'nodes',
]);

async function tryOne(each: Case, all: Whole): Promise<void> {
  const said = await wrongIn(each, all);
  tried += said === null ? 0 : 1;
  for (const what of said ?? []) {
    wrong += 1;
    console.log(`${describeCase(each)}: ${what}`);
  }
}
