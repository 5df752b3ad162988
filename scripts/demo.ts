/**
 * Writes src/cluster/input/demo/objects.json, the built-in example cluster: the story that scripts/demo/ tells, created
 * on a real API server, which checks, completes and defaults it, and read back as a snapshot. What is random or of
 * today there is set to the story's own.
 *
 *   node scripts/demo.ts        (Node 26, Go)
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startControlPlane } from '../test/helpers/control-plane.ts';
import { demoFile } from './demo/file.ts';
import { CALLER } from './demo/header.ts';

const plane = await startControlPlane({ tokens: [CALLER] });
try {
  const text = await demoFile(plane);
  writeFileSync(join(import.meta.dirname, '../src/cluster/input/demo/objects.json'), text);
  console.log(
    `src/cluster/input/demo/objects.json: ${text.split('\n').length - 3} records, ${Math.round(text.length / 1024)} KB`,
  );
} finally {
  await plane.stop();
}
