import type { Finding } from '../../answer/answer.ts';
import type { SpawnFacts } from '../../answer/facts/privileged.ts';
import { PodAccounts } from '../../spawn/outcomes/accounts.ts';
import type { PodOutcome } from '../../spawn/outcomes/pod-outcome.ts';
import type { Strongest } from '../../spawn/probes/strongest.ts';
import type { Holder } from '../../spawn/rights/holder.ts';
import type { Scope } from '../../spawn/scope.ts';
import { oncePerObject } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import type { Options } from '../question.ts';
import { reasonFor, spawnFactsOf } from './spawn-facts.ts';

/** Sorted namespaces. Lists of the same namespaces are the same object, and have the same number within a context. */
export interface NamespaceList {
  number: number;
  names: readonly string[];
}

/**
 * What all findings of one answer share: the scope, the options, and values that are the same for many subjects.
 * Thousands of subjects have outcomes of their own, but most outcomes in the same namespaces are equal, so that each
 * distinct value is computed once and held by all findings.
 */
export class AnswerContext {
  readonly scope: Scope;
  readonly world: World;
  readonly options: Options;
  /**
   * Whether subjects are asked about one by one. An answer about everybody has no fixes: they would repeat namespaces.
   */
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

  constructor(scope: Scope, options: Options, isOne: boolean) {
    this.scope = scope;
    this.world = scope.world;
    this.options = options;
    this.isOne = isOne;
    this.#accounts = new PodAccounts(scope.world);
  }

  /** A number that stands for a text in keys: the keys of outcomes are long, and few. */
  numberOf(text: string): number {
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }

  /** The namespaces of all these outcomes together. */
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

  /** The facts of an outcome in these namespaces. */
  spawnOf(outcome: PodOutcome, { number, names }: NamespaceList): SpawnFacts {
    const known = this.#facts.get(outcome.strongest) ?? new Map<string, SpawnFacts>();
    this.#facts.set(outcome.strongest, known);
    const key = `${number} ${outcome.namespaces[0]}`;
    const facts = known.get(key) ?? spawnFactsOf(outcome, names, this.#accounts);
    known.set(key, facts);
    return facts;
  }

  /** The sentence of a finding, as `reasonFor` writes it. */
  reasonOf(words: string, strongest: Strongest, spawn: SpawnFacts): string {
    const known = this.#reasons.get(spawn) ?? new Map<string, string>();
    this.#reasons.set(spawn, known);
    const reason = known.get(words) ?? reasonFor(words, strongest, spawn, this.world);
    known.set(words, reason);
    return reason;
  }

  /** Whether the user of the tool accepts what a holder may do. */
  readonly accepts = oncePerObject(({ subject }: Holder): boolean => this.options.accepts(subject));

  /** Any pod of a namespace; null for any pod of several namespaces. */
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
