/**
 * Asks every question of folders of real manifests: offline, and of a real API server into which they are loaded by
 * server-side apply.
 *
 *   npm run realworld -- DIR…        (Node 26, Go)
 *
 * Each row of an answer about rights becomes a SubjectAccessReview, each pod of a workload a server-side dry run, and
 * both sources have to give the same answers. Ends with 1 where anything disagrees, or a question throws. What the
 * server refuses to take is printed and left out on both sides.
 */
import { type Examined, examine } from './realworld/examine.ts';

const folders = process.argv.slice(2);
if (folders.length === 0) throw new Error('usage: npm run realworld -- DIR…');
let wrong = 0;
for (const folder of folders) {
  const { lines, disagreements } = await examine(folder).catch(crashed);
  for (const line of lines) console.log(line);
  wrong += disagreements.length;
  for (const each of disagreements) console.log(`  DISAGREES ${each}`);
}
console.log(`${wrong} disagreements and crashes in ${folders.length} folders`);
process.exitCode = wrong === 0 ? 0 : 1;

/** What cannot even be read. */
function crashed(error: unknown): Examined {
  return { lines: [], disagreements: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
}
