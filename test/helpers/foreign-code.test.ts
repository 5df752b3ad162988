import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foreignCode } from './foreign-code.ts';

const cases: [script: string, found: string[], why: string][] = [
  ["import('node:fs');", ["import('node:fs')"], 'an import of a module of Node'],
  ['import(name);', ['import(name)'], 'an import of anything'],
  [
    'const load = async () => (await import /* late */ ("x")).x;',
    ['import /* late */ ("x")'],
    'an import in the midst of things',
  ],
  ['`${import("x")}`;', ['import("x")'], 'an import in a template'],
  ['const a = `import("x")`, b = "import(\'x\')", c = /import\\(/; // import("x")', [], 'no import, only the word'],
  ['loader.import("x"); ({ import(x) {} }).import(1);', [], 'a method of that name'],
  ['Promise.resolve().then(() => __toESM(require("node:fs"), 1));', [], 'what an import becomes'],
  ['require("yargs");', ['require("yargs")'], 'a package that is not in the file'],
  ['require("./other.js");', ['require("./other.js")'], 'a file beside it'],
  ['require(name);', ['require(name)'], 'whatever has that name'],
  ['require("fs"); require("node:fs/promises");', [], 'modules of Node'],
  ['loader.require(name);', [], 'another require'],
  [
    'new (require("node:worker_threads").Worker)("x");',
    ['require("node:worker_threads")'],
    'threads start from a file',
  ],
  ['f(__dirname, __filename);', ['__dirname', '__filename'], 'paths that a bundle does not have'],
  ['const __dirname = "/x"; shim.__dirname; ({ __filename: 1 });', [], 'names of its own'],
  ['spawn(process.execPath);', ['process.execPath'], 'the executable, which is not Node'],
];

for (const [script, found, why] of cases) test(`${why}: ${script}`, () => assert.deepEqual(foreignCode(script), found));

test('a script that asks where it is cannot even be parsed', () =>
  assert.throws(() => foreignCode('x(import.meta.url);'), SyntaxError));
test('what cannot be parsed is no proof', () => assert.throws(() => foreignCode('const = 1;'), SyntaxError));
