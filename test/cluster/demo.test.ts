import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { demoFile } from '../../scripts/demo/file.ts';
import { CALLER } from '../../scripts/demo/header.ts';
import { withControlPlane } from '../helpers/real.ts';

await withControlPlane({ tokens: [CALLER] }, (plane) => {
  test('the demo file is what scripts/demo.ts makes of its story today', async () => {
    const stored = readFileSync(new URL('../../src/cluster/input/demo/objects.json', import.meta.url), 'utf8').split(
      '\n',
    );
    const made = (await demoFile(plane)).split('\n');
    const changed = made.findIndex((line, index) => line !== stored[index]);
    assert.equal(made[changed], stored[changed], 'run `node scripts/demo.ts`');
    assert.equal(made.length, stored.length);
  });
});
