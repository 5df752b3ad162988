import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POD_SUBRESOURCES, verbsAt } from '../../src/questions/access/pod-subresources.ts';
import { load } from '../helpers/load.ts';
import { withControlPlane } from '../helpers/real.ts';
import { declareRequests, tokensFor } from '../helpers/real-requests.ts';
import { impersonations } from './real/impersonations.ts';
import { proxies } from './real/proxies.ts';
import { GRANTS, has, streams } from './real/streams.ts';

/**
 * Authorization of what is streamed, proxied or done as somebody else, on a new server and on one that behaves as an
 * old one.
 */
const streaming = ['exec', 'attach', 'portforward'];

for (const [minor, options] of [
  [37, {}],
  [34, { emulatedVersion: '1.34' }],
] as const) {
  const allStreams = streaming.flatMap((subresource) =>
    GRANTS.flatMap((granted) => streams(minor, subresource, granted)),
  );
  const requests = [...allStreams, ...proxies, ...impersonations(minor)];
  await withControlPlane({ ...options, controllers: [], tokens: tokensFor(requests) }, async (plane) => {
    await load(plane, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }]);
    await declareRequests(plane, requests);
  });

  for (const door of POD_SUBRESOURCES.filter(({ subresource }) => streaming.includes(subresource))) {
    test(`${door.question} at 1.${minor} opens to the verbs that our table says`, () => {
      for (const granted of GRANTS) {
        const opens = verbsAt(door, { major: 1, minor }).sure.some((verb) => has(granted, verb));
        const passed = streams(minor, door.subresource, granted).some(({ allowed }) => allowed);
        assert.equal(opens, passed, granted);
      }
    });
  }
}
