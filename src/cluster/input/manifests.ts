import { namespacesNamedBy } from '../../apply/named-namespaces.ts';
import { note, putRaw, whyUnplaced } from '../../apply/put.ts';
import { isStored } from '../../apply/stored.ts';
import { ALL_KINDS, builtInKind, type KindName, kindOf } from '../../world/kinds.ts';
import { list } from '../../world/needs.ts';
import { isRaw, type Raw } from '../../world/raw.ts';
import builtIn from '../../world/resources.json' with { type: 'json' };
import type { Version } from '../../world/version.ts';
import { World } from '../../world/world.ts';
import { apply, isWorkload, namespaceIn, type Waiting } from './applied/apply.ts';
import { Coverage } from './coverage.ts';
import type { Loader } from './loader.ts';
import { type Found, ObjectReader } from './objects.ts';
import { ParseError } from './parse-error.ts';
import type { Piece } from './piece.ts';
import { isHeader } from './snapshot/format.ts';
import type { Unread } from './unread.ts';

export interface ManifestOptions {
  /** Whether the files are the whole cluster, so that a kind which does not occur has no objects. */
  complete: boolean;
  serverVersion: Version | null;
  /** The namespace of `-n` for objects of namespaced kinds that give none; null where it was not given. */
  namespace: string | null;
  whole: boolean;
  readAt: string;
}

/**
 * Fills a world from objects of any origin. Those that an API server has stored, which a uid shows, are the output of
 * `kubectl get` and are taken as they are. All others are meant for `kubectl apply`: if there is one, the world is the
 * cluster after these are applied (`applied/`), on top of what the stored ones show of it. A folder may therefore hold
 * charts beside the output of kubectl: the server's own objects take precedence, and a kind of which the server printed
 * none was not read, whatever the charts contain of it (`coverage.ts`).
 */
export class ManifestLoader implements Loader {
  readonly #world: World;
  readonly #options: ManifestOptions;
  #reader = new ObjectReader();
  #file = '';
  readonly #coverage = new Coverage();
  readonly #waiting: Waiting[] = [];
  readonly #named = new Set<string>();
  readonly #nodes: Raw[] = [];
  readonly #silent: { namespace: string | null; name: string }[] = [];
  readonly #storedRoles = new Set<string>();
  #hasManifests = false;

  constructor(options: ManifestOptions) {
    this.#options = options;
    const { namespace, serverVersion: version, readAt } = options;
    this.#world = new World({
      context: null,
      namespace: namespace ?? 'default',
      gitVersion: null,
      version,
      readAt,
      origin: 'file',
      self: null,
      selfFailure: null,
      flags: null,
      discovery: null,
    });
  }

  add(piece: Piece, file: string): void {
    if (isHeader(piece.value)) throw new ParseError(piece.line, 'a snapshot has to be the only input');
    // The rest of a list that was cut off does not belong to the next file.
    if (file !== this.#file) this.#reader = new ObjectReader();
    this.#file = file;
    for (const found of this.#reader.add(piece)) this.#take(found, file);
  }

  /**
   * Notes that something could not be read. It may be any object, or any of its kind, so that no list of those is
   * complete.
   */
  leaveOut({ at, why, hidden }: Unread): void {
    if (hidden === 'nothing') return;
    const kinds = hidden === 'anything' ? [null] : kindsCalled(hidden.kind);
    for (const kind of kinds) this.#world.addNameless({ kind, namespace: null, why: `${why} (${at})` });
  }

  end(): World {
    if (this.#hasManifests) this.#apply();
    const outcomes = this.#options.complete
      ? [...new Set([...ALL_KINDS, ...this.#world.kinds()])].map((kind) => ({
          need: list(kind),
          outcome: { read: true } as const,
        }))
      : this.#coverage.outcomes();
    for (const { need, outcome } of outcomes) this.#world.add(need, outcome);
    return this.#world;
  }

  #apply(): void {
    const seen = {
      waiting: this.#waiting,
      named: this.#named,
      nodes: this.#nodes,
      silent: this.#silent,
      storedRoles: this.#storedRoles,
    };
    const applied = apply(this.#world, seen, this.#coverage, this.#options);
    const { facts } = this.#world;
    this.#world.facts = { ...facts, applied, namespace: applied.home?.namespace ?? facts.namespace };
  }

  #take({ apiVersion, kind, raw, line, list: output }: Found, file: string): void {
    const known = kindOf(apiVersion, kind);
    const object: Raw = { ...raw, apiVersion, kind };
    const stored = isStored(raw);
    this.#see(known, object, stored);
    const isNamespaced = known && builtInKind(known)?.namespaced;
    const at = `${file === '-' ? 'STDIN' : file}:${line}`;
    const unplaced = known && whyUnplaced(known, raw);
    if (unplaced) return void this.#world.addNameless({ kind: known, namespace: null, why: `${unplaced} (${at})` });
    if (!stored && known && waits(known, raw))
      return void this.#waiting.push({ kind: known, raw: object, group: output ?? file, at });
    const namespace = namespaceIn(raw) ?? (isNamespaced ? this.#world.facts.namespace : null);
    this.#coverage.note(output ?? file, known, isNamespaced === false ? null : namespace, stored);
    const problem =
      known && putRaw(this.#world, known, raw, { namespace: this.#world.facts.namespace, whole: this.#options.whole });
    if (problem) note(this.#world, problem, at);
  }

  /** Notes what is needed of all objects once the last is read. */
  #see(known: KindName | null, object: Raw, stored: boolean): void {
    const name = isRaw(object.metadata) && typeof object.metadata.name === 'string' ? object.metadata.name : null;
    if (!stored) {
      this.#hasManifests = true;
      for (const namespace of namespacesNamedBy(object)) this.#named.add(namespace);
    }
    if (known === 'nodes') this.#nodes.push(slimNode(object));
    if (name === null) return;
    if (known === 'serviceaccounts' && object.automountServiceAccountToken === false)
      this.#silent.push({ namespace: namespaceIn(object), name });
    if (known === 'clusterroles' && stored) this.#storedRoles.add(name);
  }
}

/**
 * Whether a manifest has to wait until all are read: defaults or controllers change it, or its namespace has yet to be
 * determined.
 */
const waits = (kind: KindName, raw: Raw): boolean =>
  kind === 'pods' ||
  kind === 'namespaces' ||
  isWorkload(kind) ||
  (builtInKind(kind)?.namespaced === true && namespaceIn(raw) === null);

/**
 * The kinds with this name; for a workload also pods. Null, which means any kind, where the name is none of Kubernetes'
 * own, since nothing shows what reads it.
 */
function kindsCalled(name: string): (KindName | null)[] {
  const read = ALL_KINDS.filter((each) => builtInKind(each)?.kind === name);
  if (read.some(isWorkload)) return [...read, 'pods'];
  return read.length > 0 || UPSTREAM.has(name) ? read : [null];
}

const UPSTREAM: ReadonlySet<string> = new Set(builtIn.map(({ kind }) => kind));

/**
 * The fields of a node that decide which DaemonSets run there. Thousands of nodes are kept until everything is read.
 */
function slimNode({ metadata, spec, status }: Raw): Raw {
  const info = isRaw(status) && isRaw(status.nodeInfo) ? status.nodeInfo : {};
  return {
    metadata,
    spec,
    status: { nodeInfo: { operatingSystem: info.operatingSystem, architecture: info.architecture } },
  };
}
