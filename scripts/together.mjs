import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './step.mjs';

/**
 * Test files, most of them ten to a process: they load the same modules, and each process that starts takes as long as
 * its tests. A file that changes its process, loads mutants or does its work before it declares tests keeps one of its
 * own. Those whose lines are counted (`isCovered`) stay apart from the others. Returns the files to run, in the order
 * given; those that import ten are written to node_modules.
 */
export function together(files, isCovered) {
  const folder = join(ROOT, 'node_modules', '.cache', 'together');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const isAlone = (file) => ALONE.test(readFileSync(join(ROOT, file), 'utf8'));
  const alone = files.filter(isAlone);
  const others = files.filter((file) => !alone.includes(file));
  const covered = inTens(others.filter(isCovered));
  const written = [...covered, ...inTens(others.filter((file) => !isCovered(file)))].map((some, index) => {
    const path = join(folder, `${index < covered.length ? 'covered-' : ''}${index}.test.mjs`);
    writeFileSync(
      path,
      some.map((file) => `import ${JSON.stringify(pathToFileURL(join(ROOT, file)).href)};\n`).join(''),
    );
    return path;
  });
  return [...alone, ...written];
}

const inTens = (files) =>
  Array.from({ length: Math.ceil(files.length / TEN) }, (_, index) => files.slice(index * TEN, (index + 1) * TEN));
const TEN = 10;
const ALONE = /\bprocess\.|\bstopCoverage\b|helpers\/mutate\.ts|\bmock\b|= await (?:fuzz|checkAll)\(/;
