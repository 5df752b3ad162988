import type { ApiClient } from '../cluster/transport.ts';
import type { Source } from '../questions/ask.ts';
import type { Version } from '../world/version.ts';
import type { Host } from './host.ts';
import type { Ask, Reads } from './invocation.ts';
import { VERSION } from './version.ts';

/** A source, ready to be asked. */
export interface Opened {
  source: Source;
  /** Of the target where `-n` does not say: the context's, or the input's own. */
  namespace: string;
  /** What is read, in words. */
  name: string;
  /** Null where there is no server to ask. */
  client: ApiClient | null;
  close(): void;
}

/** Opens what the questions are asked of. Rejects with a UserError. What is not asked for is not loaded. */
export async function openSource({ source: choice, ...reads }: Reads & Pick<Ask, 'source'>, host: Host): Promise<Opened> {
  if (choice.kind === 'live') {
    const { LiveSource } = await import('../cluster/live.ts');
    const client = await openClient(reads, host);
    const { connection } = client;
    return {
      source: new LiveSource(client),
      namespace: connection.namespace,
      name: connection.context ?? connection.server,
      client,
      close: () => connection.close(),
    };
  }
  const options = { serverVersion: choice.version, namespace: reads.connect.namespace || null };
  const source = choice.kind === 'demo' ? (await import('../cluster/demo.ts')).openDemo(options) : await openFile(choice, options, host);
  const { namespace } = await source.facts(false);
  return { source, namespace, name: choice.kind === 'demo' ? 'the example cluster' : choice.path, client: null, close: () => undefined };
}

/** Connects to the cluster. Credentials are ready when it resolves, but nothing has been sent yet. */
export async function openClient({ connect: flags, requestTimeout }: Reads, { env, stdin }: Host): Promise<ApiClient> {
  const [{ connect }, { ApiClient }] = await Promise.all([import('../cluster/connect.ts'), import('../cluster/transport.ts')]);
  const connection = await connect(flags, { env, stdinIsTerminal: stdin.isTTY === true, version: VERSION });
  return new ApiClient(connection, requestTimeout === undefined ? {} : { requestTimeout });
}

async function openFile(
  { path, complete }: { path: string; complete: boolean },
  options: { serverVersion: Version | null; namespace: string | null },
  { stdin }: Host,
): Promise<Source> {
  const { openInput } = await import('../cluster/input/open.ts');
  return openInput(path, { ...options, complete, stdin });
}
