import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { connect } from '../../src/cluster/connect/connect.ts';
import type { ConnectFlags, Connection } from '../../src/cluster/connect/connection.ts';

/** A folder with these files, gone after the test. Names that end in `plugin` can be run. */
export function folderWith(t: TestContext, files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content, { mode: name.endsWith('plugin') ? 0o755 : 0o600 });
  }
  return folder;
}

/** The text of a kubeconfig with one cluster `c`, one user `u` and one context `x`. */
export function kubeconfig(cluster: object, user: object = {}, context: object = {}): string {
  return JSON.stringify({
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', ...context } }],
    'current-context': 'x',
  });
}

export interface Setting {
  cluster: object;
  user?: object;
  flags?: ConnectFlags;
  env?: NodeJS.ProcessEnv;
  files?: Record<string, string>;
  /** Where `files` and the kubeconfig go; a new folder where it is absent. */
  folder?: string;
}

/** A connection by a kubeconfig with one cluster and one user, closed after the test. */
export async function connectBy(
  t: TestContext,
  { cluster, user, flags, env = {}, files = {}, folder }: Setting,
): Promise<Connection> {
  const home = folder ?? folderWith(t, files);
  writeFileSync(join(home, 'config'), kubeconfig(cluster, user));
  const connection = await connect(
    { kubeconfig: join(home, 'config'), ...flags },
    {
      env: { PATH: process.env.PATH, ...env },
      stdinIsTerminal: false,
      version: '1.2.3',
      serviceAccountFolder: '/none',
    },
  );
  t.after(() => connection.close());
  return connection;
}
