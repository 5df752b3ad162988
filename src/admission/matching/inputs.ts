import { type Compiled, opaque } from '../../cel/evaluation.ts';
import { type Expression, evaluated } from '../../cel/expression.ts';
import { Authorizer } from '../../cel/functions/authorizers.ts';
import { CelError, failure, MapLike, type Value } from '../../cel/values.ts';
import { viewOf } from '../../cel/views.ts';
import type { Raw } from '../../world/raw.ts';
import type { World } from '../../world/world.ts';
import { askAlone, readsObject } from '../request/reading/alone.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { authority, requestResource } from './authority.ts';
import { filled, namespaceValue, requestValue } from './request-values.ts';

/** The values that a policy's expressions have beside the request. */
export interface Extras {
  /** Whether the policy mutates. Mutations run before the server fills in the names and uids that it generates. */
  isMutating?: boolean;
  /**
   * Undefined for a policy without paramKind, whose expressions have no such name; null where the binding names no
   * parameter.
   */
  params?: Raw | null;
  variables?: ReadonlyMap<string, Expression>;
}

/** Names that some expressions lack: conditions have no namespace, and messages no authorizer. */
export interface Without {
  withoutNamespace?: boolean;
  withoutAuthorizer?: boolean;
}

/**
 * The values of one request that expressions see, and the paths of its object that each evaluation read. Fields that
 * the server fills in after our evaluation (uid, status) are unknown. Mirrors apiserver
 * pkg/admission/plugin/cel/activation.go.
 */
export class Inputs {
  readonly #request: AdmissionRequest;
  readonly #world: World;
  readonly #values = new Map<string, Value | undefined>();
  readonly #variables: ReadonlyMap<string, Expression>;
  readonly #evaluated = new Map<string, { value: Value; reads: ReadonlySet<string> } | null>();
  readonly #extras: Extras;
  #without: Without = {};
  /** Whether the evaluation may not read the object. */
  #isAlone = false;
  #reads = new Set<string>();

  constructor(request: AdmissionRequest, world: World, extras: Extras = {}) {
    this.#request = request;
    this.#world = world;
    this.#extras = extras;
    this.#variables = extras.variables ?? new Map();
  }

  evaluate(expression: Expression, without: Without = {}): { value: Value; reads: string[] } {
    this.#without = without;
    this.#reads = new Set();
    const value = this.#valueOf(expression);
    return { value, reads: [...this.#reads] };
  }

  #valueOf(expression: Expression): Value {
    return expression.evaluate(
      (name) => this.#name(name),
      this.#request.reader && ((part, run) => this.#ask(part, run)),
    );
  }

  /**
   * The result of a part that may only depend on the user and the namespace of the request. Names that only some
   * expressions have make it a different question.
   */
  #ask(part: string, run: Compiled): boolean | undefined {
    const without = this.#without;
    const { variables, isMutating } = this.#extras;
    const question = `${part} ${without.withoutNamespace === true} ${without.withoutAuthorizer === true} ${isMutating === true}`;
    const extras: Extras = { ...(variables && { variables }), ...(isMutating && { isMutating }) };
    const told = askAlone(this.#request, `expression ${question}`, (request, world) => {
      const inputs = new Inputs(request, world, extras);
      inputs.#without = without;
      inputs.#isAlone = true;
      return String(inputs.#truthOf(run));
    });
    return told === 'true' || (told === 'false' ? false : undefined);
  }

  /** Null where the value is no boolean. */
  #truthOf(run: Compiled): boolean | null {
    const value = evaluated(run, (name) => this.#name(name));
    return typeof value === 'boolean' ? value : null;
  }

  #name(name: string): Value | undefined {
    if (name === 'namespaceObject' && this.#without.withoutNamespace) return null;
    if (name.startsWith('authorizer') && this.#without.withoutAuthorizer) return undefined;
    if (this.#isAlone && (name === 'object' || name === 'oldObject')) readsObject();
    if (!this.#values.has(name)) this.#values.set(name, this.#make(name));
    return this.#values.get(name);
  }

  #make(name: string): Value | undefined {
    switch (name) {
      case 'object':
        return this.#object();
      case 'oldObject':
        return this.#request.oldObject && viewOf(this.#request.oldObject, ignore);
      case 'request':
        return requestValue(this.#request);
      case 'params':
        return this.#extras.params && viewOf(this.#extras.params, ignore);
      case 'namespaceObject':
        return namespaceValue(this.#request, this.#world);
      case 'authorizer':
        return new Authorizer(authority(this.#request, this.#world));
      case 'authorizer.requestResource':
        return requestResource(this.#request, this.#world);
      case 'variables':
        return this.#variables.size > 0
          ? new Variables((variable) => this.#variable(variable), [...this.#variables.keys()])
          : undefined;
      default:
        return undefined;
    }
  }

  #object(): Value {
    const { object } = this.#request;
    return object && viewOf(object, (path) => this.#reads.add(path), filled(this.#request, this.#extras.isMutating));
  }

  /** Evaluates a variable at its first use. What it read counts as read by every expression that uses it. */
  #variable(name: string): Value | undefined {
    const expression = this.#variables.get(name);
    if (!expression) return undefined;
    const known = this.#evaluated.get(name);
    if (known === null) return opaque(`the variable ${name}`, 'it refers to itself');
    if (known) {
      for (const path of known.reads) this.#reads.add(path);
      return known.value;
    }
    this.#evaluated.set(name, null);
    const outer = this.#reads;
    this.#reads = new Set();
    const value = this.#valueOf(expression);
    const result =
      value instanceof CelError
        ? failure(`composited variable ${JSON.stringify(name)} fails to evaluate: ${value.message}`)
        : value;
    this.#evaluated.set(name, { value: result, reads: this.#reads });
    this.#reads = new Set([...outer, ...this.#reads]);
    return result;
  }
}

class Variables extends MapLike {
  readonly get: (key: Value) => Value | undefined;
  readonly #names: readonly string[];

  constructor(find: (name: string) => Value | undefined, names: readonly string[]) {
    super();
    this.get = (key) => (typeof key === 'string' ? find(key) : undefined);
    this.#names = names;
  }

  keys(): readonly string[] {
    return this.#names;
  }
}

const ignore = (): void => {};
