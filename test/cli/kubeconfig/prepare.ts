import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConnectFlags } from '../../../src/cluster/connect/connection.ts';
import { jane, type Situation } from './situations.ts';

/** How somebody asks: kubectl's flags, as they stand on the command line, and the environment. */
export interface Asking {
  flags: ConnectFlags;
  env: Record<string, string>;
}

/** Writes the files of a situation into the folder `home`. `works` is the cluster that its own fields are laid over. */
export function prepare(home: string, works: object, situation: Situation): Asking {
  const { cluster, user, context, text, files = {}, flags = {}, env = {}, noFlag } = situation;
  const here = <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value).replaceAll(/"([^"]*)"/g, (quoted) =>
        quoted.replace(/^"F(?=[/":])/, `"${home}`).replaceAll(/:F(?=[/":])/g, `:${home}`),
      ),
    );
  const config = {
    clusters: [{ name: 'c', cluster: { ...works, ...cluster } }],
    users: [{ name: 'u', user: { token: jane.token, ...user } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', ...context } }],
    'current-context': 'x',
  };
  for (const [name, content] of Object.entries({
    ...(noFlag ? {} : { config: text ?? JSON.stringify(config) }),
    ...files,
  })) {
    const path = join(home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    if (name === 'plugin') chmodSync(path, 0o755);
  }
  mkdirSync(home, { recursive: true });
  return {
    flags: here<ConnectFlags>({ ...(noFlag ? {} : { kubeconfig: 'F/config' }), ...flags }),
    env: { PATH: process.env.PATH, HOME: home, ...here(env) } as Record<string, string>,
  };
}

/** `--as-group=a` for `asGroup: ['a']`. */
export const wordsOf = (flags: ConnectFlags): string[] =>
  Object.entries(flags).flatMap(([name, value]) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return Array.isArray(value) ? value.map((one) => `${flag}=${one}`) : [`${flag}=${value}`];
  });
