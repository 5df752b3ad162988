import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isEngineKind } from '../../../src/admission/engines/kinds.ts';

const folder = join(import.meta.dirname, '../../../src/admission');
const sources = ['scc', 'engines/kyverno', 'engines/gatekeeper'].flatMap((engine) =>
  readdirSync(join(folder, engine))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(engine, file)),
);

test('every kind that a layer lists is one that is to be read', () => {
  const named = sources.flatMap((file) => [
    ...readFileSync(join(folder, file), 'utf8').matchAll(/'([A-Z]\w+)\.((?:[a-z]+\.)+(?:io|sh))'/g),
  ]);
  assert.ok(named.length >= 6);
  for (const [, kind = '', group = ''] of named) assert.ok(isEngineKind({ group, kind }), `${kind}.${group}`);
});

const CASES: [group: string, kind: string, isRead: boolean, why: string][] = [
  ['constraints.gatekeeper.sh', 'Whatever', true, 'any constraint'],
  ['kyverno.io', 'CleanupPolicy', false, 'what refuses nothing'],
  ['example.com', 'ClusterPolicy', false, 'another group'],
];
for (const [group, kind, isRead, why] of CASES)
  test(`${kind}.${group}: ${why}`, () => assert.equal(isEngineKind({ group, kind }), isRead));
