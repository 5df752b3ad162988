import type { Source } from '../../questions/ask.ts';
import { type Failure, kindOfNeed, type Need } from '../../world/needs.ts';
import { effectiveVersion } from '../../world/version.ts';
import type { Facts, World } from '../../world/world.ts';
import { type OnRaw, readNeed } from '../lists/lists.ts';
import { NO_EXTRAS } from '../transport/budget.ts';
import { requireServer } from '../transport/no-server.ts';
import type { ApiClient } from '../transport/transport.ts';
import type { Discovered } from './discovery/discovered.ts';
import { discover } from './discovery/index.ts';
import { readFlags } from './flagz.ts';
import { requireImpersonation } from './identity-check.ts';
import { reviewSelf } from './self.ts';

export interface LiveOptions {
  /** The namespace of the target; otherwise the connection's. */
  namespace?: string;
  onRaw?: OnRaw;
}

/**
 * A live cluster. Reads the needs of a round in parallel. After a failure, narrower reads of the same kind are sent a
 * few at a time, and none once enough of them have failed too, whatever the failure: a question must not fill the audit
 * log.
 */
export class LiveSource implements Source {
  readonly client: ApiClient;
  readonly #options: LiveOptions;

  constructor(client: ApiClient, options: LiveOptions = {}) {
    client.begin();
    this.client = client;
    this.#options = options;
  }

  async facts(discovery: boolean | Promise<boolean>): Promise<Facts> {
    const { connection, clock } = this.client;
    const namespace = this.#options.namespace ?? connection.namespace;
    const [review, version, [discovered, flags]] = await Promise.all([
      reviewSelf(this.client, namespace),
      this.client.get('/version'),
      this.#discover(discovery),
    ]);
    requireServer(
      this.client,
      [review.failure, version.ok ? null : version.failure].flatMap((failure) => failure ?? []),
    );
    return {
      // By flags alone, or in a pod, there is no context, and still a cluster that a reader has to know.
      context: connection.context ?? connection.server,
      namespace: connection.namespace,
      gitVersion: version.ok && typeof version.value.gitVersion === 'string' ? version.value.gitVersion : null,
      version: version.ok ? effectiveVersion(version.value) : null,
      readAt: new Date(clock.now()).toISOString(),
      origin: 'live',
      self: review.self,
      selfFailure: review.failure?.message ?? null,
      ...(review.doubt === null ? {} : { selfDoubt: review.doubt }),
      discovery: discovered?.resources ?? null,
      ...(discovered && discovered.open.length > 0 ? { undiscovered: discovered.open } : {}),
      flags,
    };
  }

  async #discover(wanted: boolean | Promise<boolean>): Promise<[Discovered | null, Facts['flags']]> {
    return (await wanted) ? Promise.all([discover(this.client), readFlags(this.client)]) : [null, null];
  }

  async read(needs: readonly Need[], world: World): Promise<void> {
    // Protobuf is worthwhile where one list is of the whole cluster.
    const protobuf = needs.some((need) => isWide(need) && kindOfNeed(need).namespaced);
    const { fallback = [], direct = [] } = Object.groupBy(needs, (need) =>
      isFallback(need, world) ? 'fallback' : 'direct',
    );
    const [failures] = await Promise.all([
      Promise.all(direct.map((need) => this.#read(need, world, protobuf))),
      this.#readFallbacks(fallback, world),
    ]);
    requireServer(
      this.client,
      failures.flatMap((failure) => failure ?? []),
    );
    requireImpersonation(failures);
  }

  async #read(need: Need, world: World, protobuf = false): Promise<Failure | null> {
    const { objects, malformed, failure } = await readNeed(this.client, need, { onRaw: this.#options.onRaw, protobuf });
    world.add(need, failure ? { read: false, failure } : { read: true }, objects);
    for (const { what, why } of malformed) world.addMalformed(need.kind, what, why);
    return failure;
  }

  /** No more requests are in flight than may fail. */
  async #readFallbacks(needs: readonly Need[], world: World): Promise<void> {
    const { budget } = this.client;
    for (let rest = needs; rest.length > 0; ) {
      const batch = rest.slice(0, BATCH).filter(() => budget.takeExtra());
      if (batch.length === 0) {
        for (const need of rest) world.add(need, { read: false, failure: NOT_TRIED });
        return;
      }
      rest = rest.slice(batch.length);
      const failures = await Promise.all(batch.map((need) => this.#read(need, world)));
      budget.giveBack(failures.filter((failure) => failure === null || failure.kind === 'notFound').length);
    }
  }
}

const isWide = ({ name, namespace, node, named }: Need): boolean =>
  name === null && namespace === null && node === undefined && named === undefined;

/** Whether it is a list of one namespace, or one role by name, after a wider read of that kind has failed. */
function isFallback(need: Need, world: World): boolean {
  const isNarrower =
    need.name === null ? need.namespace !== null : need.kind === 'roles' || need.kind === 'clusterroles';
  return isNarrower && world.outcome(need)?.read === false;
}

const BATCH = 8;
const NOT_TRIED: Failure = { kind: 'notTried', status: null, message: NO_EXTRAS };
