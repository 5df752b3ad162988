import type { ApiClient } from '../../cluster/transport/transport.ts';
import type { Source } from '../../questions/ask.ts';
import type { Facts } from '../../world/world.ts';
import type { Ask, Reads, SourceChoice } from '../parse/invocation.ts';
import { growSlowly } from './heap.ts';
import type { Host } from './host.ts';
import { asksIndirect } from './indirect.ts';
import { VERSION } from './version.ts';
import { during } from './waiting.ts';

/** A source, ready to be asked. */
export interface Opened {
  source: Source;
  /** The namespace of a target if `-n` names none: the context's, or the input's own. */
  namespace: string;
  /** What is read, in words. */
  name: string;
  /** Null where there is no server to ask. */
  client: ApiClient | null;
  close(): void;
}

/** Opens what the questions are asked of. Rejects with a UserError. What is not asked for is not loaded. */
export async function openSource(reads: Reads & Pick<Ask, 'source' | 'asks' | 'direct'>, host: Host): Promise<Opened> {
  const { source: choice } = reads;
  if (choice.kind === 'live') return openLive(reads, host);
  if (choice.kind === 'none') return openNothing(choice, reads);
  const source = choice.kind === 'demo' ? await openDemo(choice, reads) : await openFile(choice, reads, host);
  const { namespace } = await source.facts(false);
  return { source, namespace, name: nameOf(choice), client: null, close: () => undefined };
}

/** Connects to the cluster. Credentials are ready when it resolves, but nothing has been sent yet. */
export async function openClient({ connect: flags, requestTimeout }: Reads, host: Host): Promise<ApiClient> {
  const [{ connect }, { ApiClient }] = await Promise.all([
    import('../../cluster/connect/connect.ts'),
    import('../../cluster/transport/transport.ts'),
  ]);
  const environment = {
    env: host.env,
    version: VERSION,
    // Only a credential plugin asks: Node takes some ms to open standard input when it is first looked at.
    get stdinIsTerminal() {
      return host.stdin.isTTY === true;
    },
  };
  const connection = await connect(flags, environment);
  return new ApiClient(connection, requestTimeout === undefined ? {} : { requestTimeout });
}

async function openLive(reads: Reads, host: Host): Promise<Opened> {
  const [client, { LiveSource }] = await Promise.all([openClient(reads, host), import('../../cluster/live/live.ts')]);
  growSlowly();
  const { connection } = client;
  const name = connection.context ?? connection.server;
  return {
    source: new LiveSource(client),
    namespace: connection.namespace,
    name,
    client,
    close: () => connection.close(),
  };
}

/** A source for questions that are asked of no cluster: it knows a version and nothing else. */
function openNothing({ version }: SourceChoice & { kind: 'none' }, { connect }: Reads): Opened {
  const namespace = connect.namespace || 'default';
  const facts: Facts = {
    ...{ context: null, namespace, gitVersion: null, version, readAt: new Date().toISOString(), origin: 'file' },
    ...{ self: null, selfFailure: null, discovery: null, flags: null },
  };
  const source: Source = { facts: async () => facts, read: async () => undefined };
  return { source, namespace, name: 'nothing', client: null, close: () => undefined };
}

async function openDemo(choice: SourceChoice & { kind: 'demo' }, reads: Reads): Promise<Source> {
  const demo = await import('../../cluster/input/demo/demo.ts');
  return demo.openDemo({ serverVersion: choice.version, namespace: reads.connect.namespace || null });
}

async function openFile(
  choice: SourceChoice & { kind: 'input' },
  reads: Reads & Pick<Ask, 'asks' | 'direct'>,
  host: Host,
): Promise<Source> {
  const { openInput } = await import('../../cluster/input/open.ts');
  growSlowly();
  const { path, complete, version } = choice;
  const options = {
    whole: reads.asks.question.keepsPodsWhole || asksIndirect(reads),
    complete,
    serverVersion: version,
    namespace: reads.connect.namespace || null,
    stdin: host.stdin,
  };
  return during(`Reading ${nameOf(choice)}`, reads, host, openInput(path, options));
}

function nameOf(choice: Exclude<SourceChoice, { kind: 'live' | 'none' }>): string {
  if (choice.kind === 'demo') return 'the example cluster';
  return choice.path === '-' ? 'standard input' : choice.path;
}
