import { get, list } from '../world/needs.ts';
import type { Binding, Labels, Role, Rule, Subject } from '../world/objects.ts';
import { oncePerObject } from '../world/once.ts';
import type { World } from '../world/world.ts';
import { aggregateRules, mayHaveMore } from './aggregation.ts';
import { matchRule, type NameMode, type Names } from './match.ts';
import { isUrlRequest, type Request } from './request.ts';
import { appliesToAnybody, type Identity, identityKeys, MASTERS, subjectKey } from './subjects.ts';

/** One grant: an entry of a binding gets a rule of a role. `names` are the resourceNames to which it is limited. */
export interface Grant {
  binding: Binding;
  role: Role;
  /** The index into the role's rules. */
  rule: number;
  subject: Subject;
  names: Names;
  /** Where the server authorizes one request twice: the second grant that is needed, and both verbs. */
  also?: { grant: Grant; verbs: readonly string[] };
}

/** An entry of a binding in scope whose role is missing or was not read, so that the role decides. */
export interface OpenBinding {
  binding: Binding;
  subject: Subject;
  /**
   * `missing`: there is no such role, so that it grants nothing until somebody creates it. `unreadable`: the role, or
   * some of its rules, could not be read.
   */
  role: 'missing' | 'unreadable';
}

export interface Matches {
  grants: Grant[];
  open: OpenBinding[];
}

/** Which RoleBindings count: those in the request's own namespace, as in the server, or those in any namespace. */
export type Reach = 'request' | 'anywhere';

export interface Query {
  request: Request;
  names?: NameMode;
  reach?: Reach;
}

/**
 * RBAC over the roles and bindings of a world, in both directions: who may make a request, and what an identity may do.
 * Bindings are indexed by subject once, and each role is matched against a query once. It takes one pass over bindings
 * and roles. Mirrors kubernetes pkg/registry/rbac/validation/rule.go VisitRulesFor.
 */
export class Rbac {
  readonly #world: World;
  readonly #rules = new Map<Role, readonly Rule[]>();
  readonly #holders = new Map<string, Matches>();
  /** The matches of each role for a query, which are the same for every identity. */
  readonly #matches = new Map<string, RoleMatches>();
  readonly #found = new Map<Binding, Role>();
  readonly #roles = new Map<string | null, ReadonlyMap<string, Role>>();
  #bySubject: Map<string, { binding: Binding; subject: Subject }[]> | null = null;
  #numbered: NumberedBindings | null = null;
  #open: OpenBinding[] | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * Every entry of every binding that allows the request. Members of system:masters are in no binding and not included.
   */
  holders(query: Query): Matches {
    const key = typeof query.names === 'function' ? null : JSON.stringify(query);
    const known = key === null ? undefined : this.#holders.get(key);
    if (known) return known;
    const matches = query.reach === 'anywhere' ? this.#holdersAnywhere(query) : this.#holdersInScope(query);
    if (key !== null) this.#holders.set(key, matches);
    return matches;
  }

  #holdersInScope(query: Query): Matches {
    const matcher = new Matcher(this, query);
    for (const binding of this.bindings(query)) matcher.visit(binding, binding.subjects);
    return matcher.result;
  }

  /**
   * Tens of thousands of bindings refer to some hundred roles: each role is matched once, and bindings look up the
   * number of their role.
   */
  #holdersAnywhere(query: Query): Matches {
    const { bindings, numbers, roles } = this.#everyBinding();
    const matcher = new Matcher(this, query);
    // It is not known what a missing or unread role allows, whatever the request is.
    const matches = roles.map((role) => (typeof role === 'string' ? [] : matcher.matchesOf(role)));
    for (const [index, binding] of bindings.entries()) {
      const number = numbers[index] ?? 0;
      const found = matches[number];
      const role = roles[number];
      if (role !== undefined && typeof role !== 'string' && found !== undefined)
        matcher.add(binding, binding.subjects, role, found);
    }
    return { grants: matcher.result.grants, open: this.#everyOpen() };
  }

  /** Every entry of every binding whose role is missing or was not read. */
  openEntries(): readonly OpenBinding[] {
    return this.#everyOpen();
  }

  #everyOpen(): OpenBinding[] {
    if (this.#open) return this.#open;
    const { bindings } = this.#everyBinding();
    this.#open = bindings.flatMap((binding) => {
      const role = this.openness(this.roleOf(binding));
      if (role === null) return [];
      return binding.subjects
        .filter((subject) => appliesToAnybody(subject, binding.namespace))
        .map((subject) => ({ binding, subject, role }));
    });
    return this.#open;
  }

  #everyBinding(): NumberedBindings {
    if (this.#numbered) return this.#numbered;
    const bindings = [...this.#world.list('clusterrolebindings'), ...this.#world.list('rolebindings')];
    const byRole = new Map<FoundRole, number>();
    const numbers = Uint32Array.from(bindings, (binding) => {
      const role = this.roleOf(binding);
      const number = byRole.get(role) ?? byRole.size;
      byRole.set(role, number);
      return number;
    });
    this.#numbered = { bindings, numbers, roles: [...byRole.keys()] };
    return this.#numbered;
  }

  /** The grants by which an identity may make the request. */
  grantsOf(identity: Identity, query: Query): Matches {
    const entries = this.entriesOf(identity);
    if (entries.length === 0) return { grants: [], open: [] };
    const matches = new Matcher(this, query, this.#matchesFor(query));
    for (const { binding, subject } of entries) {
      if (inReach(binding, query)) matches.visit(binding, [subject]);
    }
    return matches.result;
  }

  /** Whether RBAC and the superuser group allow exactly this request; undefined where an unreadable role decides. */
  allows(identity: Identity, request: Request): boolean | undefined {
    if (identity.groups.includes(MASTERS)) return true;
    const { grants, open } = this.grantsOf(identity, { request });
    if (grants.length > 0) return true;
    return open.some(({ role }) => role === 'unreadable') ? undefined : false;
  }

  /** Every binding entry that applies to an identity, in any namespace. */
  entriesOf(identity: Identity): { binding: Binding; subject: Subject }[] {
    this.#bySubject ??= indexBySubject([
      ...this.#world.list('clusterrolebindings'),
      ...this.#world.list('rolebindings'),
    ]);
    return identityKeys(identity).flatMap((key) => this.#bySubject?.get(key) ?? []);
  }

  /** A function that chooses names cannot be compared with another one, so that these results are not kept. */
  #matchesFor(query: Query): RoleMatches {
    if (typeof query.names === 'function') return new Map();
    const key = JSON.stringify([query.request, query.names]);
    const known = this.#matches.get(key) ?? new Map<Role, readonly RoleMatch[]>();
    this.#matches.set(key, known);
    return known;
  }

  /**
   * The role that a binding refers to. A ClusterRoleBinding to a Role, or a kind that RBAC does not know, refers to
   * nothing.
   */
  roleOf(binding: Binding): FoundRole {
    const known = this.#found.get(binding);
    if (known) return known;
    const role = this.#findRole(binding);
    if (typeof role !== 'string') this.#found.set(binding, role);
    return role;
  }

  #findRole({ namespace, roleRef }: Binding): FoundRole {
    const isRole = roleRef.kind === 'Role';
    if (isRole ? namespace === null : roleRef.kind !== 'ClusterRole') return 'missing';
    const kind = isRole ? 'roles' : 'clusterroles';
    const where = isRole ? namespace : null;
    const role = this.#rolesIn(where).get(roleRef.name);
    if (role) return role;
    if (this.#world.malformedObject(kind, where, roleRef.name)) return 'unreadable';
    const outcome = this.#world.outcome(get(kind, where, roleRef.name));
    return outcome?.read || (outcome?.read === false && outcome.failure.kind === 'notFound') ? 'missing' : 'unreadable';
  }

  /** What is not known about the role of a binding: whether it exists, or what it grants; null where all is known. */
  openness(role: FoundRole): OpenBinding['role'] | null {
    if (typeof role === 'string') return role;
    return this.#isWorkedOut(role) && this.#hasMore(role) ? 'unreadable' : null;
  }

  readonly #hasMore = oncePerObject((role: Role): boolean =>
    mayHaveMore(role, this.#world.list('clusterroles'), this.#odd(), (each) => this.#isWorkedOut(each)),
  );

  /** The labels of the ClusterRoles without the API's shape; null for one whose labels are not known either. */
  #odd(): readonly (Labels | null)[] {
    const listed = this.#world.outcome(list('clusterroles'));
    const hasNameless = listed?.read === false && listed.failure.kind === 'malformed';
    return [...this.#world.oddObjects('clusterroles').map(({ labels }) => labels), ...(hasNameless ? [null] : [])];
  }

  /**
   * Whether no controller has filled in what a role aggregates, so that its rules are computed from what it selects.
   */
  #isWorkedOut({ selectors, rules }: Role): boolean {
    const { origin, applied } = this.#world.facts;
    return selectors !== null && origin === 'file' && (applied !== undefined || rules.length === 0);
  }

  /** The roles of a namespace, or the ClusterRoles, by name: tens of thousands of bindings look up theirs. */
  #rolesIn(namespace: string | null): ReadonlyMap<string, Role> {
    const known = this.#roles.get(namespace);
    if (known) return known;
    const roles = namespace === null ? this.#world.list('clusterroles') : this.#world.list('roles', namespace);
    const byName = new Map(roles.map((role) => [role.name, role]));
    this.#roles.set(namespace, byName);
    return byName;
  }

  /**
   * The rules that count: `.rules`, and for a manifest that no controller has filled in the union of what it selects.
   */
  rulesOf(role: Role): readonly Rule[] {
    if (role.rules.length > 0 || !this.#isWorkedOut(role)) return role.rules;
    const known = this.#rules.get(role);
    if (known) return known;
    const rules = aggregateRules(role, this.#world.list('clusterroles'));
    this.#rules.set(role, rules);
    return rules;
  }

  bindings(query: Query): readonly Binding[] {
    const cluster = this.#world.list('clusterrolebindings');
    if (query.reach === 'anywhere') return this.#everyBinding().bindings;
    const { request } = query;
    if (isUrlRequest(request) || request.namespace === '') return cluster;
    return [...cluster, ...this.#world.list('rolebindings', request.namespace)];
  }
}

type FoundRole = Role | 'missing' | 'unreadable';

/** All bindings, with the index of the role of each. */
interface NumberedBindings {
  bindings: readonly Binding[];
  numbers: Uint32Array;
  roles: readonly FoundRole[];
}

type RoleMatch = { rule: number; names: Names };
type RoleMatches = Map<Role, readonly RoleMatch[]>;

/** Matches bindings against one query, each role only once. */
class Matcher {
  readonly result: Matches = { grants: [], open: [] };
  readonly #rbac: Rbac;
  readonly #query: Query;
  readonly #roles: RoleMatches;

  constructor(rbac: Rbac, query: Query, roles: RoleMatches = new Map()) {
    this.#roles = roles;
    this.#rbac = rbac;
    this.#query = query;
  }

  visit(binding: Binding, subjects: readonly Subject[]): void {
    const role = this.#rbac.roleOf(binding);
    const open = this.#rbac.openness(role);
    if (open !== null) this.#leaveOpen(binding, subjects, open);
    if (typeof role !== 'string') this.add(binding, subjects, role, this.matchesOf(role));
  }

  /** A role that is missing, or not completely known, leaves open what it grants. */
  #leaveOpen(binding: Binding, subjects: readonly Subject[], role: OpenBinding['role']): void {
    for (const subject of subjects)
      if (appliesToAnybody(subject, binding.namespace)) this.result.open.push({ binding, subject, role });
  }

  /** Adds what a binding gives to these subjects through the rules of its role. */
  add(binding: Binding, subjects: readonly Subject[], role: Role, matches: readonly RoleMatch[]): void {
    if (matches.length === 0) return;
    for (const subject of subjects) {
      if (!appliesToAnybody(subject, binding.namespace)) continue;
      for (const { rule, names } of matches) this.result.grants.push({ binding, role, rule, subject, names });
    }
  }

  /** The rules of a role that allow the request; the first one that is not limited to names is enough. */
  matchesOf(role: Role): readonly RoleMatch[] {
    const known = this.#roles.get(role);
    if (known) return known;
    const { request, names } = this.#query;
    const matches = this.#rbac.rulesOf(role).flatMap((rule, index) => {
      const match = matchRule(rule, request, names);
      return match ? [{ rule: index, ...match }] : [];
    });
    const unlimited = matches.find((each) => each.names === null);
    const result = unlimited ? [unlimited] : matches;
    this.#roles.set(role, result);
    return result;
  }
}

function inReach(binding: Binding, { request, reach }: Query): boolean {
  if (binding.namespace === null || reach === 'anywhere') return true;
  return !isUrlRequest(request) && request.namespace === binding.namespace;
}

function indexBySubject(bindings: readonly Binding[]): Map<string, { binding: Binding; subject: Subject }[]> {
  const index = new Map<string, { binding: Binding; subject: Subject }[]>();
  for (const binding of bindings) {
    for (const subject of binding.subjects) {
      const key = subjectKey(subject, binding.namespace);
      if (key === undefined) continue;
      const entries = index.get(key);
      if (entries) entries.push({ binding, subject });
      else index.set(key, [{ binding, subject }]);
    }
  }
  return index;
}
