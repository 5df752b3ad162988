import { opaque } from '../evaluation.ts';
import { Extension, failure, type Value } from '../values.ts';
import type { CelFunction, Functions } from './function.ts';

/** Answers for `authorizer`. */
export interface Authority {
  /** Whether the user of the request may; undefined where that is not known. */
  mayResource: (check: ResourceCheck) => boolean | undefined;
  mayPath: (path: string, verb: string) => boolean | undefined;
  /** Answers for a service account instead. */
  as: (namespace: string, name: string) => Authority;
}

export interface ResourceCheck {
  verb: string;
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
}

/**
 * The methods of `authorizer`, `authorizer.requestResource` and their results. Mirrors apiserver
 * pkg/cel/library/authz.go.
 */
export const authorizerMethods: Functions = {
  serviceAccount: ([authorizer, namespace, name]) => {
    if (!(authorizer instanceof Authorizer) || typeof namespace !== 'string' || typeof name !== 'string')
      return undefined;
    if (!/^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/.test(name)) return failure('Invalid service account name');
    if (!/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(namespace)) return failure('Invalid service account namespace');
    return new Authorizer(authorizer.authority.as(namespace, name));
  },
  path: ([authorizer, path]) => {
    if (!(authorizer instanceof Authorizer) || typeof path !== 'string') return undefined;
    return path === '' ? failure('path must not be empty') : new Path(authorizer.authority, path);
  },
  group: ([authorizer, group]) =>
    authorizer instanceof Authorizer && typeof group === 'string' ? new Group(authorizer.authority, group) : undefined,
  resource: ([of, resource]) => {
    if (!(of instanceof Group) || typeof resource !== 'string') return undefined;
    return resource === ''
      ? failure('resource must not be empty')
      : new Resource(of.authority, { ...NOTHING, group: of.group, resource });
  },
  subresource: narrowed((check, subresource) => ({ ...check, subresource })),
  namespace: narrowed((check, namespace) => ({ ...check, namespace })),
  name: narrowed((check, name) => ({ ...check, name })),
  // RBAC does not look at selectors.
  fieldSelector: narrowed((check) => check),
  labelSelector: narrowed((check) => check),
  check: ([of, verb]) => {
    if (typeof verb !== 'string') return undefined;
    if (of instanceof Resource) return decided(of.authority.mayResource({ ...of.asked, verb }));
    return of instanceof Path
      ? decided(of.authority.mayPath(of.path.startsWith('/') ? of.path : `/${of.path}`, verb))
      : undefined;
  },
  allowed: ([decision]) => (decision instanceof Decision ? decision.allowed : undefined),
  errored: ([decision]) => (decision instanceof Decision ? false : undefined),
  error: ([decision]) => (decision instanceof Decision ? '' : undefined),
  reason: ([decision]) =>
    decision instanceof Decision ? opaque('the words of the authorizer', 'only the server has them') : undefined,
};

export class Authorizer extends Extension {
  readonly type = 'kubernetes.authorization.Authorizer';
  readonly key = '';
  readonly authority: Authority;

  constructor(authority: Authority) {
    super();
    this.authority = authority;
  }
}

class Path extends Extension {
  readonly type = 'kubernetes.authorization.PathCheck';
  readonly authority: Authority;
  readonly path: string;

  constructor(authority: Authority, path: string) {
    super();
    this.authority = authority;
    this.path = path;
  }

  get key(): string {
    return this.path;
  }
}

class Group extends Extension {
  readonly type = 'kubernetes.authorization.GroupCheck';
  readonly authority: Authority;
  readonly group: string;

  constructor(authority: Authority, group: string) {
    super();
    this.authority = authority;
    this.group = group;
  }

  get key(): string {
    return this.group;
  }
}

export class Resource extends Extension {
  readonly type = 'kubernetes.authorization.ResourceCheck';
  readonly authority: Authority;
  readonly asked: ResourceCheck;

  constructor(authority: Authority, asked: ResourceCheck) {
    super();
    this.authority = authority;
    this.asked = asked;
  }

  get key(): string {
    return JSON.stringify(this.asked);
  }
}

class Decision extends Extension {
  readonly type = 'kubernetes.authorization.Decision';
  readonly allowed: boolean;

  constructor(allowed: boolean) {
    super();
    this.allowed = allowed;
  }

  get key(): string {
    return String(this.allowed);
  }
}

function decided(allowed: boolean | undefined): Value {
  return allowed === undefined
    ? opaque('what the authorizer says of the requester', 'not all roles and bindings are known')
    : new Decision(allowed);
}

function narrowed(run: (check: ResourceCheck, text: string) => ResourceCheck): CelFunction {
  return ([of, text]) =>
    of instanceof Resource && typeof text === 'string' ? new Resource(of.authority, run(of.asked, text)) : undefined;
}

const NOTHING: ResourceCheck = { verb: '', group: '', resource: '', subresource: '', namespace: '', name: '' };
