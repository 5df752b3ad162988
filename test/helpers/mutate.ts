import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** One deliberate mistake: `from` is replaced by `to` in one file of an engine. */
export interface Mutation {
  /** What the engine then gets wrong. */
  name: string;
  file: string;
  from: string;
  to: string;
}

/** Several in one file: `[name, from, to]`. */
export const mistakes = (file: string, rows: readonly (readonly [name: string, from: string, to: string])[]): Mutation[] =>
  rows.map(([name, from, to]) => ({ name, file, from, to }));

/**
 * Imports modules of an engine's folder with a mistake in it, all their exports in one object. Throws where the text to replace does
 * not occur exactly once: mutations have to follow the source. The folder itself stays as it is; a copy outside is what is imported, of the files
 * that `isCopied` names: those that lead to the mistake.
 */
export async function importMutant<T>(
  folder: string,
  entries: readonly string[],
  mutation: Mutation,
  isCopied: (file: string) => boolean = () => true,
): Promise<T> {
  const copy = mkdtempSync(join(realpathSync(tmpdir()), 'whocan-escalate-mutant-'));
  try {
    writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ts|json)$/.test(name) && isCopied(name));
    const copied = new Set(files.map((file) => join(folder, file)));
    for (const file of files) {
      const source = readFileSync(join(folder, file), 'utf8');
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      writeFileSync(
        join(copy, file),
        fromElsewhere(file === mutation.file ? mutate(source, mutation) : source, copied, join(folder, file)),
      );
    }
    const modules = await Promise.all(entries.map((entry) => import(pathToFileURL(join(copy, entry)).href)));
    return Object.assign({}, ...modules);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function mutate(source: string, { name, file, from, to }: Mutation): string {
  const [before, after, ...more] = source.split(from);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`mutation "${name}": ${file} has to contain once: ${from}`);
  return before + to + after;
}

/** Imports of what is not copied keep meaning that. */
const fromElsewhere = (source: string, copied: ReadonlySet<string>, file: string): string =>
  source.replaceAll(/(?<= from )'(\.[^']+)'/g, (written, path: string) => {
    const target = join(dirname(file), path);
    return copied.has(target) ? written : `'${pathToFileURL(target).href}'`;
  });
