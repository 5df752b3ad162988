import { load } from '../helpers/load.ts';
import { oracle } from '../helpers/oracle.ts';
import { waitForAggregation, withControlPlane } from '../helpers/real.ts';
import { seen } from '../helpers/staging.ts';
import { storyObjects } from '../helpers/story.ts';
import { declareAbsentAccounts } from './questions/absent.ts';
import { declareLimitedCallers, limitedObjects, limitedTokens } from './questions/limited.ts';
import { declareOldDoors, declarePodQuestions } from './questions/pods.ts';
import { declareRights, SOME_RIGHTS } from './questions/rights.ts';
import { declareSnapshots } from './questions/snapshots.ts';
import { declareSubjects } from './questions/subjects.ts';
import { declareVerification } from './questions/verification.ts';

const controllers = ['clusterrole-aggregation-controller'];

await withControlPlane({ controllers, tokens: limitedTokens }, async (plane) => {
  await load(plane, [...storyObjects(), ...limitedObjects()]);
  await waitForAggregation(plane);
  await seen(plane, 'sentinel', 'shop');
  const server = oracle(plane);
  declarePodQuestions(plane, server);
  declareRights(plane, server);
  declareLimitedCallers(plane);
  declareSubjects(plane, server);
  declareVerification(plane);
  declareSnapshots(plane, ['stranger', 'reads-one-namespace', 'reads-some-namespaces']);
  declareAbsentAccounts(plane);
});

await withControlPlane({ controllers, emulatedVersion: '1.34' }, async (plane) => {
  await load(plane, storyObjects());
  await waitForAggregation(plane);
  await seen(plane, 'sentinel', 'shop');
  const server = oracle(plane);
  declareOldDoors(plane, server);
  declareRights(plane, server, SOME_RIGHTS);
});
