import type { Finding } from '../../answer/answer.ts';
import type { SpawnFacts } from '../../answer/facts/privileged.ts';
import { PodAccounts } from '../../spawn/outcomes/accounts.ts';
import type { PodOutcome } from '../../spawn/outcomes/pod-outcome.ts';
import type { Strongest } from '../../spawn/probes/strongest.ts';
import type { Holder } from '../../spawn/rights/holder.ts';
import { oncePerObject } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import type { Options } from '../question.ts';
import { reasonFor, spawnFactsOf } from './spawn-facts.ts';

/** Namespaces in order, one list whoever asks: lists of the same namespaces have the same number. */
export interface NamespaceList {
  number: number;
  names: readonly string[];
}

/**
 * What all findings of one answer share. Thousands of subjects have rights of their own, and what they come to in the
 * same namespaces is the same: it is worked out once, and findings hold the same values.
 */
export class Scene {
  readonly world: World;
  readonly options: Options;
  /** Asked about one subject: of everybody, namespaces would be named again and again. */
  readonly isOne: boolean;
  readonly #accounts: PodAccounts;
  readonly #numbers = new Map<string, number>();
  readonly #lists = new Map<string, NamespaceList>();
  readonly #unions = new Map<string, NamespaceList>();
  readonly #single = new Map<string, NamespaceList>();
  readonly #sorted = new WeakMap<readonly string[], NamespaceList>();
  readonly #facts = new WeakMap<Strongest, Map<string, SpawnFacts>>();
  readonly #reasons = new WeakMap<SpawnFacts, Map<string, string>>();
  readonly #pods = new Map<string | null, Finding['object']>();

  constructor(world: World, options: Options, isOne: boolean) {
    this.world = world;
    this.options = options;
    this.isOne = isOne;
    this.#accounts = new PodAccounts(world);
  }

  /** A number that stands for a text: texts of outcomes are long, and few. */
  numberOf(text: string): number {
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }

  /** The namespaces of outcomes, all together. */
  namespacesOf(outcomes: readonly PodOutcome[]): NamespaceList {
    const [first, ...others] = outcomes.map(({ namespaces }) => this.#sort(namespaces));
    if (!first || others.length === 0) return first ?? this.#listOf([]);
    const lists = [...new Set([first, ...others])];
    const [only] = lists;
    if (only && lists.length === 1) return only;
    const key = lists.map(({ number }) => number).join();
    const known = this.#unions.get(key) ?? this.#listOf([...new Set(lists.flatMap(({ names }) => names))].sort());
    this.#unions.set(key, known);
    return known;
  }

  spawnOf(outcome: PodOutcome, { number, names }: NamespaceList): SpawnFacts {
    const known = this.#facts.get(outcome.strongest) ?? new Map<string, SpawnFacts>();
    this.#facts.set(outcome.strongest, known);
    const key = `${number} ${outcome.namespaces[0]}`;
    const facts = known.get(key) ?? spawnFactsOf(outcome, names, this.#accounts);
    known.set(key, facts);
    return facts;
  }

  reasonOf(words: string, strongest: Strongest, spawn: SpawnFacts): string {
    const known = this.#reasons.get(spawn) ?? new Map<string, string>();
    this.#reasons.set(spawn, known);
    const reason = known.get(words) ?? reasonFor(words, strongest, spawn, this.world);
    known.set(words, reason);
    return reason;
  }

  readonly accepts = oncePerObject(({ subject }: Holder): boolean => this.options.accepts(subject));

  /** Any pod of a namespace, or of several. */
  podIn(namespace: string | null): Finding['object'] {
    const pod = this.#pods.get(namespace) ?? { kind: 'Pod', namespace, name: '', container: null };
    this.#pods.set(namespace, pod);
    return pod;
  }

  #sort(namespaces: readonly string[]): NamespaceList {
    const [only = ''] = namespaces;
    const known = namespaces.length === 1 ? this.#single.get(only) : this.#sorted.get(namespaces);
    if (known) return known;
    const list = this.#listOf(namespaces.toSorted());
    if (namespaces.length === 1) this.#single.set(only, list);
    else this.#sorted.set(namespaces, list);
    return list;
  }

  #listOf(names: readonly string[]): NamespaceList {
    const key = JSON.stringify(names);
    const list = this.#lists.get(key) ?? { number: this.#lists.size, names };
    this.#lists.set(key, list);
    return list;
  }
}
