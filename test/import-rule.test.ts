import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import readOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { FLOORS, mayImportInWords } from '../scripts/floors.mjs';

/** The order of the floors, written down a second time: who changes it means to. */
const ORDER =
  'answer < regex < world < rbac, cel < runtime < admission < spawn < apply < network < escalation < questions';
const ENGINES = ORDER.split(' < ').map((floor) => floor.split(', '));

/** Whether a folder may import another. */
function isAllowed(from: string, to: string): boolean {
  const [here, there] = [from, to].map((folder) => ENGINES.findIndex((floor) => floor.includes(folder)));
  if (from === 'cli') return true;
  if (from === 'render') return to === 'answer';
  if (from === 'cluster') return there !== -1;
  return there !== -1 && Number(there) < Number(here);
}

const FOLDERS_OF_SRC = [...ENGINES.flat(), 'cluster', 'render', 'cli'];
const PAIRS = FOLDERS_OF_SRC.flatMap((from) =>
  FOLDERS_OF_SRC.filter((to) => to !== from).map((to) => [from, to] as const),
);

const cases: [file: string, source: string, broken: string | null][] = [
  ...PAIRS.map(([from, to]): [string, string, string | null] => [
    `src/${from}/to-${to}.ts`,
    `import '../${to}/alone.ts';`,
    isAllowed(from, to) ? null : `${from}-imports-what-is-below`,
  ]),
  ['src/world/to-rbac-again.ts', "import '../rbac/alone.ts';", 'world-imports-what-is-below'],
  [
    'src/runtime/a-type-is-knowledge-too.ts',
    "import type { Alone } from '../cluster/alone.ts'; export type Mine = Alone;",
    'runtime-imports-what-is-below',
  ],
  ['src/admission/its-own-room.ts', "import './room/within.ts';", null],
  ['src/network/fs.ts', "import 'node:fs';", 'engines-do-no-io'],
  ['src/escalation/without-the-prefix.ts', "import 'http';", 'engines-do-no-io'],
  ['src/rbac/a-part-of-a-module.ts', "import 'node:fs/promises';", 'engines-do-no-io'],
  ['src/rbac/later.ts', "export const later = () => import('node:child_process');", 'engines-do-no-io'],
  [
    'src/rbac/required.ts',
    "import { createRequire } from 'node:module'; createRequire(import.meta.url);",
    'engines-do-no-io',
  ],
  ['src/rbac/hash.ts', "import 'node:crypto';", null],
  [
    'src/rbac/types-of-node.ts',
    "import type { IncomingHttpHeaders } from 'node:http'; export type Mine = IncomingHttpHeaders;",
    null,
  ],
  ['src/cli/helper.ts', "import '../../test/helper.ts';", 'src-stands-alone'],
  ['src/cli/script.ts', "import '../../scripts/script.ts';", 'src-stands-alone'],
  ['src/render/chicken.ts', "import './egg.ts';", 'no-cycles'],
  ['src/render/a-type.ts', "import './made.ts'; export type Made = number;", 'no-cycles'],
  ['src/questions/reads-a-file.ts', "import 'node:fs';", 'engines-do-no-io'],
  ['src/cluster/missing.ts', "import './nowhere.ts';", 'resolvable'],
  ['src/rbac/re2js.ts', "import 're2js';", 'only-regex-imports-re2js'],
  ['src/regex/re2js.ts', "import 're2js';", null],
  ['src/rbac/yargs.ts', "import 'yargs';", 'only-cli-imports-yargs'],
  ['src/render/yargs.ts', "import 'yargs';", 'only-cli-imports-yargs'],
  ['src/cli/ora.ts', "import 'ora';", 'only-render-imports-ora'],
  ['src/cli/yaml.ts', "import 'js-yaml';", 'only-cluster-and-render-imports-js-yaml'],
  ['src/cluster/yaml.ts', "import 'js-yaml';", null],
  ['src/cluster/spinner.ts', "import 'ora';", 'only-render-imports-ora'],
  ['src/cluster/table.ts', "import 'cli-table3';", 'packages-have-an-owner'],
  ['src/world/types-of-a-package.ts', "import type { Options } from 'left-pad'; export type Mine = Options;", null],
  ['src/cluster/new-package.ts', "import 'left-pad';", 'packages-have-an-owner'],
];

const others: Record<string, string> = {
  ...Object.fromEntries(FOLDERS_OF_SRC.map((folder) => [`src/${folder}/alone.ts`, 'export type Alone = string;'])),
  'src/admission/room/within.ts': 'export const within = 1;',
  'src/render/egg.ts': "import './chicken.ts';",
  'src/render/made.ts': "import type { Made } from './a-type.ts'; export const made: Made = 1;",
  'src/world/pod.ts': 'export const pod = 1;',
  'src/world/dead.ts': "import './pod.ts';",
  'test/helper.ts': 'export const helper = 1;',
  'scripts/script.ts': 'export const script = 1;',
};

const rules = await readOptions(join(import.meta.dirname, '..', '.dependency-cruiser.mjs'));
const directory = mkdtempSync(join(tmpdir(), 'whocan-escalate-'));
const violations = new Map<string, string[]>();

before(async () => {
  const dependencies = ['yargs', 'ora', 're2js', 'cli-table3', 'js-yaml', 'left-pad'];
  write(
    'package.json',
    JSON.stringify({ type: 'module', dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])) }),
  );
  for (const name of dependencies) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  for (const [file, source] of [...cases, ...Object.entries(others)]) write(file, source);
  write('src/main.ts', cases.map(([file]) => `import '../${file}';`).join('\n'));

  const { output } = await cruise(['src'], { ...rules, validate: true, baseDir: directory });
  for (const { from, to, rule } of (output as ICruiseResult).summary.violations) {
    const culprit = rule.name === 'no-dead-modules' ? to : from;
    violations.set(culprit, [...(violations.get(culprit) ?? []), rule.name]);
  }
});

after(() => rmSync(directory, { recursive: true }));

for (const [file, source, broken] of cases) {
  test(`${file} ${broken ? `breaks ${broken}` : 'is allowed'}: ${source}`, () => {
    assert.deepEqual(violations.get(file) ?? [], broken ? [broken] : []);
  });
}

test('a module that the entry does not reach breaks no-dead-modules, although it imports something', () => {
  assert.deepEqual(violations.get('src/world/dead.ts'), ['no-dead-modules']);
});

test('the table of CONTRIBUTING.md says what each folder may import, and leaves none out', () => {
  const text = readFileSync(join(import.meta.dirname, '..', 'CONTRIBUTING.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `src\/(\w+)\/` \|.*\| ([^|]*) \|$/gm)].map(([, name = '', imports]) => ({
    name,
    imports,
  }));
  const there = readdirSync(join(import.meta.dirname, '..', 'src'), { withFileTypes: true });
  const folders = there.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  assert.deepEqual(rows.map(({ name }) => name).toSorted(), folders.toSorted());
  for (const { name, imports } of rows) assert.equal(imports, mayImportInWords(name), name);
});

test('what the formatter calls pure is what stands on the floors', () => {
  const { overrides } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'biome.json'), 'utf8'));
  const pure = overrides.flatMap(({ includes }: { includes: string[] }) =>
    includes.filter((each) => each.startsWith('src/')),
  );
  assert.deepEqual(pure, [`src/{${FLOORS.flat().join(',')}}/**`]);
});

test('no rule is without a case', () => {
  const shown = new Set<string | undefined>([...violations.values()].flat());
  assert.deepEqual(
    (rules.ruleSet?.forbidden ?? []).map(({ name }) => name).filter((name) => !shown.has(name)),
    [],
  );
});

function write(file: string, content: string): void {
  const path = join(directory, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
