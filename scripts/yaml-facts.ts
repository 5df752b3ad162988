/**
 * Writes what kubectl's own decoder makes of the documents in test/yaml/documents.ts, for the unit tests of
 * src/cluster/yaml/ to compare with:
 *
 *   test/yaml/upstream.json
 *
 *   node scripts/yaml-facts.ts        (Node 26, Go; downloads apimachinery from the Go module proxy)
 *
 * To be run again for new documents, and for a new version in scripts/yaml-facts/go/go.mod.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOCUMENTS } from '../test/yaml/documents.ts';

const TARGET = join(import.meta.dirname, '../test/yaml/upstream.json');
const folder = mkdtempSync(join(tmpdir(), 'yaml-facts-'));
try {
  const binary = join(folder, 'yaml-facts');
  execFileSync('go', ['build', '-o', binary, '.'], {
    cwd: join(import.meta.dirname, 'yaml-facts/go'),
    stdio: 'inherit',
  });
  const input = JSON.stringify(DOCUMENTS.map(([, text]) => text));
  const output = execFileSync(binary, { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const outcomes = JSON.parse(output) as { documents?: unknown[]; refused?: string }[];
  const rows = outcomes.map(({ documents = [], refused }, index) => {
    const [why, text] = DOCUMENTS[index] ?? [];
    return JSON.stringify({ why, text, ...(refused === undefined ? { documents } : { refused }) });
  });
  writeFileSync(TARGET, `[\n${rows.join(',\n')}\n]\n`);
  console.log(`${TARGET}: ${rows.length} documents`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
