import { fromSources } from '../helpers/in-process.ts';
import { load } from '../helpers/load.ts';
import { waitForAggregation, withControlPlane } from '../helpers/real.ts';
import { declareChange } from './what-if/agree.ts';
import { cases } from './what-if/cases.ts';
import { CONTROLLERS, makeReady, nodes } from './what-if/plane.ts';

/**
 * What is answered about a change that is supposed is what is answered once kubectl has made it, and the controllers of
 * the real server have done what they do.
 */
await withControlPlane({ controllers: CONTROLLERS }, async (plane) => {
  await load(plane, nodes());
  await makeReady(plane);
  await waitForAggregation(plane);
  for (const [index, change] of cases.entries()) declareChange(plane, index, change, fromSources);
});
