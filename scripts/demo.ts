/**
 * Writes src/cluster/demo/objects.json, the built-in example cluster: the story that scripts/demo/ tells, created on a real API server,
 * which checks, completes and defaults it, and read back as a snapshot. What is random or of today there is set to the story's own.
 *
 *   node scripts/demo.ts        (Node 26, Go)
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORMAT, FORMAT_VERSION, type Header } from '../src/cluster/snapshot/format.ts';
import { startControlPlane } from '../test/helpers/control-plane.ts';
import { tellCompany } from './demo/company.ts';
import { readCluster } from './demo/dump.ts';
import { tellGrants } from './demo/grants.ts';
import { CALLER, readFacts } from './demo/header.ts';
import { stage } from './demo/stage.ts';
import { Story } from './demo/story.ts';
import { tellSystem } from './demo/system.ts';

const story = new Story();
tellSystem(story);
tellCompany(story);
tellGrants(story);

const plane = await startControlPlane({ tokens: [CALLER] });
try {
  await stage(plane, story);
  const header: Header = { format: FORMAT, version: FORMAT_VERSION, facts: await readFacts(plane) };
  const records = [header, ...(await readCluster(plane, story)), { record: 'end' }];
  const path = join(import.meta.dirname, '../src/cluster/demo/objects.json');
  const text = `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`;
  writeFileSync(path, text);
  console.log(`${path}: ${records.length} records, ${Math.round(text.length / 1024)} KB`);
} finally {
  await plane.stop();
}
