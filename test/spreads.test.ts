import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { maxOf, mergeAll, minOf, pushAll } from '../src/answer/many.ts';
import { allOf, anyOf, no, noFor, yes, yesFor } from '../src/answer/verdict.ts';

/*
 * The arguments of a call lie on the stack: `push(...rows)` of 150,000 rows ends the program with "Maximum call stack
 * size exceeded". So no call spreads what a cluster, a server or a file may have any number of. `pushAll`, `maxOf`,
 * `allOf` and their like take lists.
 */
const SOURCES = join(import.meta.dirname, '../src');

/** What is spread all the same, by the call, and why it is few. */
const FEW: Readonly<Record<string, string>> = {
  'known in admission/engines/kyverno/jmespath/evaluate.ts': 'no more than are let through one line before',
  'tools.validatingPolicy in admission/engines/kyverno/layer.ts': 'parameters of a function of ours',
  'all in admission/engines/kyverno/pod-security/fields.ts': 'three constants',
  'world.malformed in admission/policies/layer.ts': 'kinds that the code names',
  'world.malformed in admission/matching/unread.ts': 'kinds that the code names',
  'world.malformed in questions/existence.ts': 'kinds that the code names',
  'inContainers in admission/pod-security/checks/host-probes.ts': 'constants',
  'reads in answer/command.ts': 'words of a command line',
  'reads in rbac/can-i.ts': 'words of a command line',
  'reads in render/views/hints.ts': 'words of a command line',
  'fixes in questions/fixes/entry.ts': 'words of a command line',
  'fixes in questions/fixes/maker-patch.ts': 'words of a command line',
  'fixes in questions/fixes/token-secret.ts': 'words of a command line',
  'pathTo in cluster/live/discovery/plain.ts': 'three segments',
  'pathTo in cluster/live/discovery/resource-name.ts': 'one segment',
  'pathTo in cluster/lists/need-path.ts': 'segments that the code puts together',
  'on in questions/rights/rights.ts': 'verbs that the code names',
  'taking in cli/parse/flags.ts': 'sets that the code names',
  'opening in runtime/escapes/capability.ts': 'bounds that the code names',
  'opening in runtime/escapes/host-path.ts': 'bounds that the code names',
  'opening in runtime/escapes/privileged.ts': 'bounds that the code names',
};

function spreadsIn(file: string, source: string): string[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
    if (isCall && node.arguments?.some(ts.isSpreadElement)) found.push(`${node.expression.getText(tree)} in ${file}`);
    if (isCall && /\.apply$/.test(node.expression.getText(tree)))
      found.push(`${node.expression.getText(tree)} in ${file}`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

test('no call spreads what there may be any number of', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const found = new Set(files.flatMap((file) => spreadsIn(file, readFileSync(join(SOURCES, file), 'utf8'))));
  assert.deepEqual(
    [...found].filter((each) => !Object.hasOwn(FEW, each)),
    [],
  );
  assert.deepEqual(
    Object.keys(FEW).filter((each) => !found.has(each)),
    [],
    'what is allowed is there',
  );
});

test('those that do would be found', () => {
  const calls = [
    'rows.push(...more)',
    'Math.max(1, ...sizes)',
    'new Set(...x)',
    'list.concat(...lists)',
    'push.apply(rows, more)',
    'a?.b(...c)',
  ];
  for (const call of calls) assert.equal(spreadsIn('x.ts', call).length, 1, call);
  for (const call of ['f([...x])', 'f({ ...x })', 'const f = (...x: string[]) => x'])
    assert.deepEqual(spreadsIn('x.ts', call), []);
});

test('a million of everything', () => {
  const million = Array.from({ length: 1_000_000 }, (_, index) => index);
  const rows: number[] = [];
  pushAll(rows, million);
  assert.deepEqual(
    [rows.length, maxOf(million), minOf(million), maxOf([]), minOf([])],
    [1_000_000, 999_999, 0, -Infinity, Infinity],
  );
  assert.deepEqual(mergeAll([{ a: 1, b: 1 }, { b: 2 }]), { a: 1, b: 2 });
  const verdicts = million.map((each) => (each === 500_000 ? no('x') : yes('y')));
  assert.deepEqual([allOf(verdicts).value, anyOf(verdicts).value], ['no', 'yes']);
  assert.deepEqual([yesFor(million).evidence.length, noFor(million).evidence.length], [1_000_000, 1_000_000]);
});
