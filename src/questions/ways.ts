import type { Finding, SubjectRef } from '../answer/answer.ts';
import type { Grant, Matches, OpenBinding, Query } from '../rbac/rbac.ts';
import { formatRequest } from '../rbac/request.ts';
import { type Identity, identityOf, MASTERS } from '../rbac/subjects.ts';
import type { World } from '../world/world.ts';
import { type Holding, holderFindings, mastersFinding, openFindings } from './holders.ts';
import { accountsIn } from './members.ts';
import type { Check, Options } from './question.ts';
import { rbacOf } from './rbac-of.ts';
import { nameSubject } from './words.ts';

/** One way to what is asked about: whoever may make any one of the requests has it. */
export interface Way {
  holding: Holding;
  queries: readonly Query[];
  /** Which of the matching grants count, and for which names, where the rule alone does not say. */
  adapt?: (grants: readonly Grant[]) => Grant[];
}

export interface Held {
  findings: Finding[];
  checks: Check[];
  /** Groups among the holders, whose members may have to be read. */
  groups: string[];
}

/** Who holds the ways, or how one subject does. A holder for sure is not listed again under a condition. */
export function holdersOf(ways: readonly Way[], world: World, options: Options): Held {
  const held = ways.map((way) => holdersOfWay(way, world, options));
  const sure = new Set(held.flatMap(({ findings }) => findings.filter(({ verdict }) => verdict === 'yes').map(holderKey)));
  const findings = held.flatMap((each) => each.findings.filter((finding) => finding.verdict === 'yes' || !sure.has(holderKey(finding))));
  return {
    findings: options.expand ? findings.flatMap((finding) => [finding, ...membersOf(finding, world)]) : findings,
    checks: held.flatMap(({ checks }) => checks),
    groups: findings.flatMap(({ subject }) => (subject.kind === 'Group' ? [subject.name] : [])),
  };
}

function holdersOfWay({ holding, queries, adapt = (grants) => [...grants] }: Way, world: World, options: Options): Held {
  const rbac = rbacOf(world);
  const identity = options.subject && identityOf(options.subject, options.subjectGroups);
  const found = queries.map((query) => ({
    query,
    matches: adapted(identity ? rbac.grantsOf(identity, query) : rbac.holders(query), adapt),
  }));
  const grants = distinctGrants(found.flatMap(({ matches }) => matches.grants));
  const open = distinctOpen(found.flatMap(({ matches }) => matches.open));
  const masters = identity === null || identity.groups.includes(MASTERS) ? [mastersFinding(holding, options)] : [];
  const sure = holderFindings(holding, grants, rbac, world, options);
  const rows = [...sure, ...openFindings(holding, open, world, options), ...(holding.condition ? [] : mastersOnce(masters, sure))];
  const checks = holding.condition
    ? []
    : found.flatMap(({ query, matches }) => matches.grants.map((grant) => checkOf(grant, query, identity)));
  return { findings: options.subject ? asOneSubject(rows, options.subject) : rows, checks, groups: [] };
}

const adapted = ({ grants, open }: Matches, adapt: (grants: readonly Grant[]) => Grant[]): Matches => ({ grants: adapt(grants), open });

/** The members of a group of service accounts, each as a finding of its own. */
function membersOf(finding: Finding, world: World): Finding[] {
  if (finding.subject.kind !== 'Group') return [];
  const accounts = accountsIn(finding.subject.name, world) ?? [];
  return accounts.map(({ namespace, name }) => ({
    ...finding,
    subject: { kind: 'ServiceAccount', namespace, name, members: null },
    reason: `member of group ${finding.subject.name}: ${finding.reason}`,
  }));
}

/** system:masters need no binding; where one names them too, that row says more. */
const mastersOnce = (masters: Finding[], rows: readonly Finding[]): Finding[] =>
  rows.some(({ subject, scope }) => subject.kind === 'Group' && subject.name === MASTERS && scope.namespace === null) ? [] : masters;

/** All rows of one subject, however a binding names it, as one finding a way and scope. */
function asOneSubject(
  rows: readonly Finding[],
  { kind, namespace, name }: { kind: string; namespace: string | null; name: string },
): Finding[] {
  const subject: SubjectRef = { kind, namespace, name, members: null };
  const merged = new Map<string, Finding>();
  for (const row of rows) {
    const key = JSON.stringify([row.id, row.verdict, row.scope]);
    const before = merged.get(key);
    const evidence = row.evidence.map((step) => ({ ...step, identity: subject }));
    if (!before) merged.set(key, { ...row, subject, evidence });
    else merged.set(key, { ...before, evidence: mergeSteps(before, evidence), unknowns: [...before.unknowns, ...row.unknowns] });
  }
  return [...merged.values()];
}

const mergeSteps = (before: Finding, evidence: Finding['evidence']): Finding['evidence'] =>
  before.evidence.map((step, index) => ({ ...step, grants: [...step.grants, ...(evidence[index]?.grants ?? [])] }));

function checkOf({ subject, binding, names }: Grant, { request }: Query, asked: Identity | null): Check {
  const namespace = subject.kind === 'ServiceAccount' ? (subject.namespace ?? binding.namespace) : null;
  const identity = asked ?? identityOf({ ...subject, namespace });
  const inScope =
    'url' in request || request.namespace !== '' || binding.namespace === null ? request : { ...request, namespace: binding.namespace };
  const named = 'url' in inScope || names === null || names.includes(inScope.name) ? inScope : { ...inScope, name: names[0] ?? '' };
  return { identity, request: named, expected: 'yes', label: `${nameSubject({ ...subject, namespace })} ${formatRequest(named)}` };
}

const holderKey = ({ id, subject, scope }: Finding): string =>
  JSON.stringify([id, subject.kind, subject.namespace, subject.name, scope.namespace, scope.names]);

function distinctGrants(grants: readonly Grant[]): Grant[] {
  const seen = new Map<Grant['binding'], Set<string>>();
  return grants.filter(({ binding, subject, rule, names }) => {
    const keys = seen.get(binding) ?? new Set();
    seen.set(binding, keys);
    const key = JSON.stringify([subject, rule, names]);
    return !keys.has(key) && keys.add(key);
  });
}

const distinctOpen = (open: readonly OpenBinding[]): OpenBinding[] => [...new Map(open.map((each) => [each.binding, each])).values()];
