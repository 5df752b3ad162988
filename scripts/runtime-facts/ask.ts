import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Case } from './cases.ts';
import type { Runtime } from './runtimes.ts';

/** The capabilities of an OCI spec, in upstream's own words: `CAP_NET_RAW`, in no order, perhaps twice. */
export type Spec = Partial<
  Record<'bounding' | 'effective' | 'permitted' | 'inheritable' | 'ambient', readonly string[] | null>
>;

/**
 * What a runtime makes of a case, for a container that runs as uid 0 and for one that runs as another; or why it makes
 * no container.
 */
export type Outcome = { root: Spec; other: Spec } | { refused: string };

/**
 * What the runtime's own code answers to each case: as it comes ('') and with each of its settings. The code is built
 * in a copy of its module, with our files added, in a folder that is gone afterwards.
 */
export function askRuntime(runtime: Runtime, cases: readonly Case[]): Map<string, Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'runtime-facts-'));
  try {
    const module = copyOf(runtime.module, join(folder, 'module'));
    describeModule(runtime, module);
    addGlue(runtime, module);
    const { package: path, test, tags = [] } = runtime.build;
    const binary = join(folder, 'ask');
    const flags = ['-mod=mod', '-trimpath', '-ldflags=-checklinkname=0', `-tags=${tags.join(',')}`, '-o', binary];
    go(module, ...(test ? ['test', '-c'] : ['build']), ...flags, path);
    writeFileSync(join(folder, 'cases'), JSON.stringify(cases));
    const settings = ['', ...(runtime.settings ?? [])];
    return new Map(
      settings.map((setting) => [setting, run(binary, folder, setting, test ? ['-test.run=^TestFacts$'] : [])]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyOf(module: string, target: string): string {
  const { Dir } = JSON.parse(go(tmpdir(), 'mod', 'download', '-json', module)) as { Dir: string };
  cpSync(Dir, target, { recursive: true });
  execFileSync('chmod', ['-R', 'u+w', target]);
  return target;
}

/**
 * moby calls its go.mod vendor.mod, or has none; then its dependencies come from a list. A download lacks the empty
 * module within its own repository by which containerd 1.6 keeps out its older self.
 */
function describeModule({ module, requires = [] }: Runtime, folder: string): void {
  if (existsSync(join(folder, 'go.mod'))) {
    const empty = join(folder, '.empty-mod');
    mkdirSync(empty, { recursive: true });
    writeFileSync(join(empty, 'go.mod'), 'module empty\n');
    return;
  }
  if (existsSync(join(folder, 'vendor.mod'))) {
    renameSync(join(folder, 'vendor.mod'), join(folder, 'go.mod'));
    renameSync(join(folder, 'vendor.sum'), join(folder, 'go.sum'));
    return;
  }
  writeFileSync(join(folder, 'go.mod'), `module ${pathOf(module)}\n\ngo 1.16\n`);
  go(folder, 'get', ...requires);
}

function addGlue({ module, glue, words = {} }: Runtime, folder: string): void {
  const meanings = Object.entries({ MODULE: pathOf(module), ...words });
  for (const [target, source] of Object.entries(glue)) {
    const text = readFileSync(join(import.meta.dirname, 'go', source), 'utf8');
    const path = join(folder, target);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      meanings.reduce((changed, [word, meaning]) => changed.replaceAll(`"${word}`, `"${meaning}`), text),
    );
  }
}

/**
 * Runs the program as root of a user namespace of its own, in which it has every capability: a runtime takes `ALL` to
 * mean the capabilities that it has itself.
 */
function run(binary: string, folder: string, setting: string, args: readonly string[]): Outcome[] {
  const results = join(folder, 'results');
  const env = { ...process.env, FACTS_CASES: join(folder, 'cases'), FACTS_RESULTS: results, FACTS_SETTING: setting };
  execFileSync('unshare', ['--user', '--map-root-user', binary, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return JSON.parse(readFileSync(results, 'utf8')) as Outcome[];
}

function pathOf(module: string): string {
  return module.slice(0, module.indexOf('@'));
}

function go(cwd: string, ...args: string[]): string {
  return execFileSync('go', args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-buildvcs=false' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
