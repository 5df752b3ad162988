import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { faultyApis } from '../helpers/faults/server.ts';
import { EXECUTABLE, environment, HOME } from '../helpers/plugin.ts';

const apis = await faultyApis();
after(() => apis.close());

/** By which others end us, at which request of a snapshot, and whether there is an older one. */
const ends: [signal: NodeJS.Signals, key: string, name: string, old: string | null][] = [
  ['SIGINT', 'GET /api/v1/pods', 'cluster.jsonl', null],
  ['SIGTERM', 'GET /api/v1/pods', 'cluster.jsonl', null],
  ['SIGHUP', 'GET /api/v1/pods', 'cluster.jsonl', null],
  ['SIGINT', 'GET /version', 'cluster.jsonl.gz', null],
  ['SIGTERM', 'GET /api/v1/configmaps', 'cluster.jsonl.gz', 'old'],
  ['SIGINT', 'POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews', 'cluster.jsonl', 'old'],
];
for (const [signal, key, name, old] of ends)
  test(`${signal} while ${key} has not been answered: nothing is left of a snapshot${old ? ', and the old one is as it was' : ''}`, async () => {
    const folder = join(HOME, `${signal}-${key.replaceAll('/', '_')}`);
    mkdirSync(folder);
    if (old !== null) writeFileSync(join(folder, name), old);
    const reached = Promise.withResolvers<void>();
    const { url } = apis.open(
      { name: 'no answer', happen: () => reached.resolve() as undefined },
      (each) => each === key,
    );
    const child = spawn(EXECUTABLE, ['snapshot', join(folder, name), '--server', url], {
      cwd: HOME,
      env: environment(),
      stdio: 'ignore',
    });
    await reached.promise;
    assert.equal(readdirSync(folder).filter((each) => each.endsWith('.tmp')).length, 1, 'it is being written');
    child.kill(signal);
    assert.deepEqual(await once(child, 'close'), [null, signal], 'ended as whoever sent it expects');
    assert.deepEqual(readdirSync(folder), old === null ? [] : [name]);
  });
