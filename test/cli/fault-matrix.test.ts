import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { allCases, askHealthy, checkAll, POD, sample } from '../helpers/faults/matrix.ts';
import { faultyApis } from '../helpers/faults/server.ts';
import { HOME, program } from '../helpers/plugin.ts';

const pod = join(HOME, 'pod.json');
writeFileSync(pod, JSON.stringify(POD));
const apis = await faultyApis();
after(() => apis.close());

test('200 of all that a server may do to a request of a question, to the executable', async () => {
  const healthy = await askHealthy(apis, program, pod);
  const { wrong, counts } = await checkAll(apis, program, sample(allCases(healthy), 200, 12), healthy, pod, 4);
  assert.deepEqual(wrong, []);
  assert.ok(counts.answer > 100 && counts.error > 0, JSON.stringify(counts));
});
