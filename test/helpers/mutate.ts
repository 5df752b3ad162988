import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stopCoverage } from 'node:v8';

/** One deliberate mistake: `from` is replaced by `to` in one file of an engine. */
export interface Mutation {
  /** What the engine then gets wrong. */
  name: string;
  file: string;
  from: string;
  to: string;
}

/** An engine with a mistake in it covers nothing, and counting its lines takes time. */
stopCoverage();

/** Several in one file: `[name, from, to]`. */
export const mistakes = (
  file: string,
  rows: readonly (readonly [name: string, from: string, to: string])[],
): Mutation[] => rows.map(([name, from, to]) => ({ name, file, from, to }));

/**
 * Imports modules of an engine's folder with a mistake in it, all their exports in one object. Throws where the text to
 * replace does not occur exactly once: mutations have to follow the source. What leads to the mistake is loaded anew,
 * from a place that exists on no disk, and everything else is the module that the test has as well.
 */
export const importMutant = <T>(folder: string, entries: readonly string[], mutation: Mutation): Promise<T> =>
  withMutant<T, T>(folder, entries, mutation, async (engine) => engine);

/**
 * The same for an engine that loads more of itself while it runs: it may only do so before `use` has resolved, whose
 * result is returned.
 */
export async function withMutant<T, Result>(
  folder: string,
  entries: readonly string[],
  mutation: Mutation,
  use: (engine: T) => Promise<Result>,
): Promise<Result> {
  // Node's compile cache goes by the path: a path that every run makes up anew would fill it.
  const key = createHash('sha256').update(JSON.stringify(mutation)).digest('hex').slice(0, 16);
  const place = join(realpathSync(tmpdir()), 'whocan-escalate-mutants', key);
  const target = join(folder, mutation.file);
  const mutated = mutate(sourceOf(target), mutation);
  const anew = leadingTo(folder, target);
  const isAnew = (url = ''): boolean => url.startsWith(`${pathToFileURL(place)}/`);
  const original = (url: string): string => join(folder, relative(place, fileURLToPath(url)));
  const copyOf = (path: string): string =>
    pathToFileURL(anew.has(path) ? join(place, relative(folder, path)) : path).href;

  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (isAnew(specifier)) return { url: specifier, shortCircuit: true };
      if (!isAnew(context.parentURL)) return next(specifier, context);
      const parent = original(String(context.parentURL));
      const path = join(dirname(parent), specifier);
      if (specifier.startsWith('.') && anew.has(path)) return { url: copyOf(path), shortCircuit: true };
      return next(specifier, { ...context, parentURL: pathToFileURL(parent).href });
    },
    load(url, context, next) {
      if (!isAnew(url)) return next(url, context);
      const path = original(url);
      return { format: 'module-typescript', source: path === target ? mutated : sourceOf(path), shortCircuit: true };
    },
  });
  try {
    return await use(
      Object.assign({}, ...(await Promise.all(entries.map((entry) => import(copyOf(join(folder, entry))))))),
    );
  } finally {
    hooks.deregister();
  }
}

const sources = new Map<string, string>();
function sourceOf(path: string): string {
  const source = sources.get(path) ?? readFileSync(path, 'utf8');
  sources.set(path, source);
  return source;
}

/** The module `target` and those in the folder that import it, directly or through others. */
function leadingTo(folder: string, target: string): ReadonlySet<string> {
  const importers = importersIn(folder);
  const found = new Set([target]);
  for (const path of found) for (const importer of importers.get(path) ?? []) found.add(importer);
  return found;
}

const known = new Map<string, ReadonlyMap<string, readonly string[]>>();
function importersIn(folder: string): ReadonlyMap<string, readonly string[]> {
  const found = known.get(folder);
  if (found) return found;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const imports = files.flatMap((file) => {
    const importer = join(folder, file);
    return [...sourceOf(importer).matchAll(IMPORT)].map(([, path = '']) => ({
      importer,
      imported: join(dirname(importer), path),
    }));
  });
  const grouped = Map.groupBy(imports, ({ imported }) => imported);
  const importers = new Map([...grouped].map(([imported, all]) => [imported, all.map(({ importer }) => importer)]));
  known.set(folder, importers);
  return importers;
}
/** What an import names that is there when the program runs. */
const IMPORT = /(?:^(?:import|export)\b(?! type\b)[^;]*? from |^import |\bimport\()'(\.[^']+)'/gm;

function mutate(source: string, { name, file, from, to }: Mutation): string {
  const [before, after, ...more] = source.split(laidOutAnyhow(from));
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`mutation "${name}": ${file} has to contain once: ${from}`);
  return before + to + after;
}

/**
 * The text as the formatter may lay it out: broken between any two words or brackets, with a comma before a closing
 * one.
 */
function laidOutAnyhow(text: string): RegExp {
  const pieces = text.match(/\s+|[()[\]{}]|[^\s()[\]{}]+/g) ?? [];
  const patterns = pieces.map((piece) => {
    if (/^\s/.test(piece)) return '\\s+';
    if (/^[)\]}]$/.test(piece)) return `\\s*,?\\s*${literally(piece)}`;
    return /^[([{]$/.test(piece) ? `${literally(piece)}\\s*` : literally(piece);
  });
  return new RegExp(patterns.join('').replaceAll('\\s*\\s+', '\\s*').replaceAll('\\s+\\s*', '\\s*'));
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
