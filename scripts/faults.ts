/**
 * Asks every question of a server that is well but for one fault, for any number of the ways in which that can be: `npm
 * run faults -- N [--seed S]`, all of them without N. Prints what disagrees, and ends with 1 then.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allCases, askHealthy, checkAll, POD, sample } from '../test/helpers/faults/matrix.ts';
import { faultyApis } from '../test/helpers/faults/server.ts';
import { fromSources } from '../test/helpers/in-process.ts';
import { HOME } from '../test/helpers/plugin.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' } },
});
const pod = join(HOME, 'pod.json');
writeFileSync(pod, JSON.stringify(POD));
const apis = await faultyApis();
const ask = (words: string[]) => fromSources(words);
const healthy = await askHealthy(apis, ask, pod);
const all = allCases(healthy);
const cases = positionals[0] === undefined ? all : sample(all, Number(positionals[0]), Number(values.seed));
console.log(`${all.length} cases, ${cases.length} of them tried`);
const start = performance.now();
const { counts, wrong } = await checkAll(apis, ask, cases, healthy, pod);
for (const each of wrong) console.log(`${each}\n`);
console.log(
  `${JSON.stringify({ ...counts, wrong: wrong.length })} in ${((performance.now() - start) / 1000).toFixed(1)} s`,
);
apis.close();
process.exitCode = wrong.length > 0 ? 1 : 0;
