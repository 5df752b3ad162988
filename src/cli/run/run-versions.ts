import { UserError } from '../../answer/user-error.ts';
import { plainJson, plainYaml } from '../../render/document.ts';
import { visible } from '../../render/terminal/printable.ts';
import type { Raw } from '../../world/raw.ts';
import { borrowedRules, effectiveVersion, formatVersion } from '../../world/version.ts';
import type { Versions } from '../parse/invocation.ts';
import type { Host } from './host.ts';
import { openClient } from './source.ts';
import { COMMIT, VERSION } from './version.ts';
import { during } from './waiting.ts';

/**
 * Prints which version this program has and which the cluster, as `kubectl version` does: what is known of the one also
 * where the other cannot be asked. Resolves with the exit code; rejects with a UserError.
 */
export async function runVersions(invocation: Versions, host: Host): Promise<number> {
  const server = invocation.isClientOnly ? null : await during('Asking the server', invocation, host, serverOf());
  const versions = { clientVersion: CLIENT, ...(server?.ok && { serverVersion: server.value }) };
  host.stdout.write(WRITERS[invocation.output](versions));
  host.answered?.();
  if (server && !server.ok) throw server.error;
  return 0;

  async function serverOf(): Promise<{ ok: true; value: Raw } | { ok: false; error: unknown }> {
    try {
      const client = await openClient(invocation, host);
      try {
        const result = await client.get('/version');
        if (result.ok) return { ok: true, value: result.value };
        return {
          ok: false,
          error: new UserError(`error: could not get the server's version: ${result.failure.message}`),
        };
      } finally {
        client.connection.close();
      }
    } catch (error) {
      return { ok: false, error };
    }
  }
}

interface Known {
  clientVersion: typeof CLIENT;
  serverVersion?: Raw;
}

const CLIENT = {
  gitVersion: `v${VERSION}`,
  gitCommit: COMMIT,
  nodeVersion: `v${process.versions.node}`,
  platform: `${process.platform === 'win32' ? 'windows' : process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
};

const WRITERS = { json: plainJson, yaml: plainYaml, default: inWords } satisfies Record<
  Versions['output'],
  (versions: Known) => string
>;

/** In lines as kubectl has them; the version whose rules are applied where that is not what the server says first. */
function inWords({ clientVersion, serverVersion }: Known): string {
  const lines = [
    `Client Version: ${clientVersion.gitVersion}`,
    `Commit: ${clientVersion.gitCommit}`,
    `Node Version: ${clientVersion.nodeVersion}`,
  ];
  if (serverVersion) {
    const { gitVersion } = serverVersion;
    lines.push(`Server Version: ${typeof gitVersion === 'string' ? visible(gitVersion) : '<unknown>'}`);
    const effective = effectiveVersion(serverVersion);
    const borrowed = borrowedRules(effective);
    if (borrowed) lines.push(`Rules: ${borrowed}`);
    else if (effective) lines.push(`Rules: Kubernetes ${formatVersion(effective)}`);
  }
  return `${lines.join('\n')}\n`;
}
