import { guardsConnect } from '../../admission/connect.ts';
import type { Finding } from '../../answer/answer.ts';
import { asDryRun, changes, inTurn, type Safe } from '../../answer/command.ts';
import type { SubjectRef } from '../../answer/refs.ts';
import { nameSubject } from '../../answer/words.ts';
import { canI, impersonation } from '../../rbac/can-i.ts';
import { distinctGrants, placeOf } from '../../rbac/grants.ts';
import type { Grant, Matches, OpenBinding, Query } from '../../rbac/rbac.ts';
import { formatRequest, isUrlRequest, type ResourceRequest } from '../../rbac/request.ts';
import { type Identity, identityOf, MASTERS, subjectKey } from '../../rbac/subjects.ts';
import { isUpstreamGrant } from '../../rbac/upstream-grants.ts';
import type { Subject } from '../../world/objects.ts';
import type { QuestionContext } from '../context.ts';
import type { Check, Options } from '../question.ts';
import { askedIdentity } from './asked-identity.ts';
import { holderFindings, mastersFinding, openFindings } from './holders.ts';
import { accountsIn } from './members.ts';
import type { Holding, Way } from './way.ts';

export interface Held {
  findings: Finding[];
  /** Made when asked for: only `--verify` and the hints look. */
  checks: () => Check[];
}

/** Who holds the ways, or how one subject does. A holder for sure is not listed again under a condition. */
export function holdersOf(ways: readonly Way[], context: QuestionContext): Held {
  const held = ways.map((way, index) => holdersOfWay(way, index === 0, context));
  const all = held.flatMap(({ findings }) => findings);
  return {
    findings: all.some(({ verdict }) => verdict !== 'yes') ? withoutDoubts(all) : all,
    checks: () => held.flatMap(({ checks }) => checks()),
  };
}

/** Who holds it for sure is not listed again where that depends. */
function withoutDoubts(findings: readonly Finding[]): Finding[] {
  const sure = new Set(findings.filter(({ verdict }) => verdict === 'yes').map(holderKey));
  return findings.filter((finding) => finding.verdict === 'yes' || !sure.has(holderKey(finding)));
}

/** The part of the holders that decides what else has to be read. */
interface Glimpse {
  /** Whether anybody holds a way. */
  isHeld: boolean;
  /** Whether anybody does for sure, whatever else is read. */
  isSure: boolean;
  /** The groups that do. */
  groups: Set<string>;
  /** All that do by a grant that is neither upstream's own nor accepted. They are found as they are walked. */
  holders: Iterable<Subject>;
}

export function glimpse(ways: readonly Way[], context: QuestionContext): Glimpse {
  const { world, options } = context;
  const byWay = ways.map((way) => ({ way, matches: matchesOf(way, context).map((each) => each.matches) }));
  const matches = byWay.flatMap((each) => each.matches);
  const held = matches.flatMap(({ grants, open }) => [...grants, ...open.filter(({ role }) => role === 'unreadable')]);
  const isMaster = options.subject === null || askedIdentity(options.subject, world, options).groups.includes(MASTERS);
  const groups = held.flatMap(({ subject }) => (subject.kind === 'Group' ? [subject.name] : []));
  const holders = { [Symbol.iterator]: () => countedHolders(matches, options) };
  const isSure = byWay.some(
    ({ way, matches: its }) => isCertain(way, context) && its.some(({ grants }) => grants.length > 0),
  );
  return { isHeld: isMaster || held.length > 0, isSure: isMaster || isSure, groups: new Set(groups), holders };
}

/** Whether a way takes nothing but the right: no admission looks at it. */
const isCertain = ({ holding: { condition, gate, connect } }: Way, { world }: QuestionContext): boolean =>
  condition === null && gate === undefined && (connect === undefined || !guardsConnect(world));

function* countedHolders(matches: readonly Matches[], options: Options): Generator<Subject> {
  for (const { grants } of matches)
    for (const grant of grants) {
      const { kind, name, namespace } = grant.subject;
      const subject = {
        kind,
        name,
        namespace: kind === 'ServiceAccount' ? (namespace ?? grant.binding.namespace) : null,
      };
      if (!options.accepts(subject) && !isUpstreamGrant(grant)) yield subject;
    }
}

/** system:masters need no way: they are named with the first. */
function holdersOfWay(way: Way, isFirst: boolean, context: QuestionContext): Held {
  const { options, rbac, identity } = context;
  const { holding } = way;
  const found = matchesOf(way, context);
  const grants = distinctGrants(found.flatMap(({ matches }) => matches.grants));
  const open = distinctOpen(found.flatMap(({ matches }) => matches.open));
  const masters =
    isFirst && (identity === null || identity.groups.includes(MASTERS)) ? [mastersFinding(holding, options)] : [];
  let queries: Map<Grant, Query> | undefined;
  const checkOf = (grant: Grant): Safe | null => {
    queries ??= new Map(found.flatMap(({ query, matches }) => matches.grants.map((each) => [each, query])));
    const query = queries.get(grant);
    return query ? checkOfGrant(checksOfGrant(grant, query, identity), grant, holding) : null;
  };
  const sure = holderFindings(holding, grants, checkOf, rbac, context);
  const rows = [...sure, ...openFindings(holding, open, context), ...mastersOnce(masters, sure)];
  const checks = (): Check[] =>
    holding.condition
      ? []
      : found.flatMap(({ query, matches }) => matches.grants.flatMap((grant) => checksOfGrant(grant, query, identity)));
  return { findings: options.subject ? asOneSubject(rows, options.subject, options) : rows, checks };
}

function matchesOf({ queries, adapt }: Way, { rbac, identity }: QuestionContext): { query: Query; matches: Matches }[] {
  return queries.map((query) => {
    const matches = identity ? rbac.grantsOf(identity, query) : rbac.holders(query);
    return { query, matches: adapt ? adapt(matches, identity) : matches };
  });
}

/** A finding, and after a group of service accounts that may its members, each as a finding of its own. */
export function withMembers(finding: Finding, context: QuestionContext): Finding[] {
  const { world, options } = context;
  if (finding.subject.kind !== 'Group' || finding.verdict === 'no') return [finding];
  const members = (accountsIn(finding.subject.name, world) ?? []).map(({ namespace, name }): Finding => {
    const subject = { kind: 'ServiceAccount', namespace, name, members: null };
    const reason = `member of group ${finding.subject.name}: ${finding.reason}`;
    return { ...finding, subject, reason, accepted: finding.accepted || options.accepts(subject) };
  });
  return [finding, ...members];
}

/** system:masters need no binding; where one gives them as much, that row says more. */
function mastersOnce(masters: Finding[], rows: readonly Finding[]): Finding[] {
  const isWhole = ({ subject, scope }: Finding): boolean =>
    subject.kind === 'Group' && subject.name === MASTERS && scope.namespace === null && scope.names === null;
  return rows.some(isWhole) ? [] : masters;
}

/** All rows of one subject, however a binding names it, as one finding a way and scope. */
function asOneSubject(rows: readonly Finding[], { kind, namespace, name }: Subject, options: Options): Finding[] {
  const subject: SubjectRef = { kind, namespace, name, members: null };
  const isAccepted = options.accepts(subject);
  const merged = new Map<string, Finding>();
  for (const row of rows) {
    const key = JSON.stringify([row.id, row.verdict, row.scope]);
    const before = merged.get(key);
    const evidence = row.evidence.map((step) => ({ ...step, identity: subject }));
    const accepted = isAccepted || (row.accepted && before?.accepted !== false);
    if (!before) merged.set(key, { ...row, subject, evidence, accepted });
    else {
      const onlyBy = before.onlyBy && row.onlyBy ? { onlyBy: [...new Set([...before.onlyBy, ...row.onlyBy])] } : {};
      const unknowns = [...before.unknowns, ...row.unknowns];
      merged.set(key, { ...before, ...onlyBy, evidence: mergeSteps(before, evidence), unknowns, accepted });
    }
  }
  return [...merged.values()];
}

const mergeSteps = (before: Finding, evidence: Finding['evidence']): Finding['evidence'] =>
  before.evidence.map((step, index) => ({ ...step, grants: [...step.grants, ...(evidence[index]?.grants ?? [])] }));

/**
 * What is held by two verbs for what is created by name can be tried as a whole, for kinds of which the least object is
 * known.
 */
function checkOfGrant(checks: readonly Check[], { also }: Grant, { manifest }: Holding): Safe | null {
  const rights: Safe[] = checks.map(({ identity, request }) => canI(identity, request));
  const [first] = checks;
  if (!first || isUrlRequest(first.request) || !manifest || !also?.verbs.includes('patch')) return inTurn(rights);
  const tried = applied(manifest, first.request, first.identity);
  return inTurn(tried ? [...rights, tried] : rights);
}

const applied = (
  manifest: NonNullable<Holding['manifest']>,
  { name, namespace }: ResourceRequest,
  identity: Identity,
): Safe | null =>
  asDryRun(changes(['apply', '--server-side'], manifest(name, namespace || null)), impersonation(identity));

/** What the server is asked about a grant: the request where it counts, for one of the names that it is limited to. */
function checksOfGrant(grant: Grant, { request }: Query, asked: Identity | null): Check[] {
  const { subject, binding, names, also } = grant;
  const namespace = subject.kind === 'ServiceAccount' ? (subject.namespace ?? binding.namespace) : null;
  const who = { ...subject, namespace };
  const place = placeOf(grant);
  return (also?.verbs ?? [request.verb]).map((verb) => {
    const inScope =
      isUrlRequest(request) || request.namespace !== '' || place === null ? request : { ...request, namespace: place };
    const named =
      isUrlRequest(inScope) || names === null || names.includes(inScope.name)
        ? inScope
        : { ...inScope, name: names[0] ?? '' };
    const made = { ...named, verb };
    return {
      identity: asked ?? identityOf(who),
      request: made,
      expected: 'yes',
      label: `${nameSubject(who)} ${formatRequest(made)}`,
    };
  });
}

const holderKey = ({ id, subject, scope }: Finding): string =>
  JSON.stringify([id, subject.kind, subject.namespace, subject.name, scope.namespace, scope.names]);

function distinctOpen(open: readonly OpenBinding[]): OpenBinding[] {
  const keyOf = ({ binding, subject }: OpenBinding): string =>
    JSON.stringify([binding.kind, binding.namespace, binding.name, subjectKey(subject, binding.namespace)]);
  return [...new Map(open.map((each) => [keyOf(each), each])).values()];
}
