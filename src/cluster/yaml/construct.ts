import { BadNode } from './bad-node.ts';
import { BadScalar, keyOf, resolveScalar, type Scalar } from './scalar.ts';
import type { AliasNode, CollectionNode, Node, ScalarNode } from './tree.ts';

/**
 * The JSON value of a document as kubectl reads it: the last of two equal keys, keys as texts, merged maps in the place
 * of `<<`, aliases as copies. Throws BadNode, also for aliases that expand to much more than the document contains.
 * Mirrors go.yaml.in/yaml/v2 decode.go and sigs.k8s.io/yaml.
 */
export function construct(root: Node): unknown {
  return new Constructor().value(root);
}

type Values = Record<string, unknown>;

class Constructor {
  readonly #within = new Set<Node>();
  #depth = 0;
  #decoded = 0;
  #aliased = 0;

  value(node: Node): unknown {
    this.#count(node);
    if (node.kind === 'alias') return this.#through(node, () => this.value(node.to));
    if ('children' in node)
      return node.kind === 'sequence' ? node.children.map((each) => this.value(each)) : this.#fill({}, node);
    const { value, type } = scalarOf(node);
    if (type === 'float' && !Number.isFinite(value))
      throw new BadNode(node.start, 'json: unsupported value: %', node.text);
    return value;
  }

  #fill(into: Values, { children }: CollectionNode): Values {
    for (let i = 0; i + 1 < children.length; i += 2) {
      const key = children[i] as Node;
      const value = children[i + 1] as Node;
      if (isMerge(key)) this.#merge(into, value);
      else set(into, this.#key(key), this.value(value));
    }
    return into;
  }

  #key(node: Node): string {
    this.#count(node);
    if (node.kind === 'alias') return this.#through(node, () => this.#key(node.to));
    if (node.kind !== 'scalar') throw new BadNode(node.start, 'invalid map key');
    return within(node, () => keyOf(scalarOf(node)));
  }

  /**
   * The first of several merged maps takes precedence. Keys of the map itself are overridden where they come before the
   * merge, and override where they come after it.
   */
  #merge(into: Values, node: Node): void {
    const maps = node.kind === 'sequence' ? node.children.toReversed() : [node];
    for (const each of maps) {
      const target = each.kind === 'alias' ? each.to : each;
      if (target.kind !== 'mapping')
        throw new BadNode(each.start, 'map merge requires map or sequence of maps as the value');
      this.#count(each);
      if (each.kind === 'alias') this.#through(each, () => this.#fill(into, target));
      else this.#fill(into, target);
    }
  }

  #through<T>(alias: AliasNode, then: () => T): T {
    if (this.#within.has(alias)) throw new BadNode(alias.start, "anchor '%' value contains itself", alias.name);
    this.#within.add(alias);
    this.#depth += 1;
    const value = then();
    this.#depth -= 1;
    this.#within.delete(alias);
    return value;
  }

  #count(node: Node): void {
    this.#decoded += 1;
    if (this.#depth > 0) this.#aliased += 1;
    if (this.#aliased > 100 && this.#decoded > 1000 && this.#aliased / this.#decoded > allowedRatio(this.#decoded))
      throw new BadNode(node.start, 'document contains excessive aliasing');
  }
}

const isMerge = (node: Node): boolean =>
  node.kind === 'scalar' && node.text === '<<' && ((node.isPlain && node.tag === '') || node.tag === '!!merge');

const scalarOf = (node: ScalarNode): Scalar =>
  node.tag === '' && !node.isPlain
    ? { value: node.text, type: 'string' }
    : within(node, () => resolveScalar(node.tag, node.text));

function within<T>({ start, text }: ScalarNode, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadScalar) throw new BadNode(start, error.message, text);
    throw error;
  }
}

/** Sets a key, where `__proto__` is a key like any other. */
function set(into: Values, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
  else into[key] = value;
}

/**
 * How much of the decoded values may come from aliases: the more is decoded, the smaller the share. Mirrors decode.go
 * allowedAliasRatio.
 */
function allowedRatio(decoded: number): number {
  if (decoded <= LOW) return 0.99;
  if (decoded >= HIGH) return 0.1;
  return 0.99 - 0.89 * ((decoded - LOW) / (HIGH - LOW));
}

const LOW = 400_000;
const HIGH = 4_000_000;
