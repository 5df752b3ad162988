import type { Finding } from '../../answer/answer.ts';
import type { SubjectRef } from '../../answer/refs.ts';
import { distinctUnknowns, type Unknown } from '../../answer/unknown.ts';
import { type Atom, atomKey, atomsOf, rulesOfAtoms } from '../../rbac/atoms.ts';
import { isCreatedByPut } from '../../rbac/created-by-name.ts';
import { matchRule } from '../../rbac/match.ts';
import type { Grant } from '../../rbac/rbac.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { type Identity, identityOf } from '../../rbac/subjects.ts';
import { unreadRole } from '../../rbac/unread-role.ts';
import { isUpstreamGrant } from '../../rbac/upstream-grants.ts';
import type { Rule, Subject } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import type { QuestionContext } from '../context.ts';
import { describeRule, grantRef, grantStep } from '../holders/evidence.ts';
import { rbacUnknowns } from '../holders/rbac-needs.ts';
import { type OpenRight, refOf, type Unread, unreadRights } from '../holders/unread-rights.ts';
import type { Options } from '../question.ts';
import { atomOf, type Holding, holdingsOf, missingFor, missingOf, wordsOf } from '../rights/holdings.ts';
import { EVERYTHING, type Right, rightsAt } from '../rights/rights.ts';
import { isTopLevel, whyDead } from './dead-part.ts';

/** The rights of a service account, as `subjectRights` finds them. */
export function accountRights(
  account: { namespace: string; name: string },
  context: QuestionContext,
  unread: Unread = unreadOfAccount(account.namespace, account.name, context),
): Finding[] {
  const subject: Subject = { kind: 'ServiceAccount', ...account };
  return subjectRights(subject, identityOf(subject), context, unread);
}

/**
 * What a subject may do directly: the rights that matter in plain words, one finding a right, scope and set of
 * names; then whatever else its rules say, part by part, so that nothing of a rule is lost because a right says some of
 * it; and roles that could not be read. What every account may do by upstream's own grants is marked as accepted. A
 * right that is good for nothing alone, and what is dead where it stands, says no and why.
 */
export function subjectRights(
  { kind, namespace, name }: Subject,
  identity: Identity,
  { world, options }: QuestionContext,
  unread: Unread,
): Finding[] {
  const subject: SubjectRef = { kind, namespace, name, members: null };
  const scene: Scene = { identity, subject, world, options };
  const rights = rightsAt(world.facts.version);
  const all = new Set(
    holdingsOf(EVERYTHING, identity, world).flatMap(({ namespace, names }) => (names === null ? [namespace] : [])),
  );
  // If everything is allowed, nothing else needs to be said.
  const isAll = (namespace: string | null): boolean => all.has(null) || all.has(namespace);
  const shown = rights.flatMap((right) =>
    holdingsOf(right, identity, world).filter(({ namespace }) => right === EVERYTHING || !isAll(namespace)),
  );
  return [
    ...shown.map((holding) => rightFinding(holding, scene)),
    ...ruleFindings({ rights, isAll }, scene),
    ...unread.findings,
  ];
}

/** What could not be read of the rights of a subject. */
export const unreadOfSubject = (subject: Subject, identity: Identity, context: QuestionContext): Unread =>
  unreadRights(
    { who: { subject: refOf(subject), identity }, bindings: { namespace: null }, open: UNREAD_RULE },
    context,
  );

/** The same of the account of a pod; of a pod that has none, nothing is bound to it. */
export const unreadOfAccount = (namespace: string, name: string | null, context: QuestionContext): Unread => {
  const subject: Subject = { kind: 'ServiceAccount', namespace, name: name ?? '' };
  return unreadOfSubject(subject, name === null ? { user: null, groups: [] } : identityOf(subject), context);
};

/** Whatever a role allows that could not be read. */
const UNREAD_RULE: OpenRight = {
  id: 'account-rule',
  object: ({ namespace, name }) => ({ kind: 'ServiceAccount', namespace, name, container: null }),
  step: (subject, role) => ({
    technique: 'account-rule',
    text: `whatever ${role} allows`,
    identity: subject,
    gains: null,
  }),
  reason: (role, namespace) => `whatever ${role} allows ${placeOf(namespace)}`,
};

/** The account whose rights are looked for, the world in which they are, and what the user said. */
interface Scene {
  identity: Identity;
  subject: SubjectRef;
  world: World;
  options: Options;
}

/** What has been said already. */
interface Told {
  rights: readonly Right[];
  isAll: (namespace: string | null) => boolean;
}

/** Whether a right says this part of a rule: the very request, where it counts. */
const isTold = ({ rights }: Told, atom: Atom, rule: Rule, namespace: string | null): boolean =>
  rights.some(
    ({ any, clusterScoped }) =>
      !(clusterScoped && namespace !== null) &&
      any.some(
        (request) =>
          atomKey(atomOf(request)) === atomKey(atom) && matchRule(rule, { ...request, namespace: '', name: '' }, 'any'),
      ),
  );

/** What no right has said, rule by rule. */
function ruleFindings(told: Told, scene: Scene): Finding[] {
  const { identity, world } = scene;
  const rbac = rbacOf(world);
  // Once a binding, however many of its entries mean the account.
  const entries = new Map(rbac.entriesOf(identity).map((each) => [each.binding, each.subject]));
  return [...entries].flatMap(([binding, entry]) => {
    const role = rbac.roleOf(binding);
    if (typeof role === 'string') return [];
    return rbac.rulesOf(role).flatMap((rule, index) => {
      const grant: Grant = {
        binding,
        role,
        rule: index,
        subject: entry,
        names: rule.resourceNames.length > 0 ? rule.resourceNames : null,
      };
      const finding = (part: Rule, why: string | null): Finding => ruleFinding(part, why, grant, scene);
      const rest = told.isAll(binding.namespace)
        ? []
        : atomsOf(rule).filter((atom) => !isTold(told, atom, rule, binding.namespace));
      const byReason = Map.groupBy(rest, (atom) => whyUseless(atom, binding.namespace, rule, identity, world));
      return [
        ...[...byReason].flatMap(([why, atoms]) => rulesOfAtoms(atoms, rule).map((part) => finding(part, why))),
        ...(rule.nonResourceURLs.length === 0
          ? []
          : [finding(urlsOf(rule), binding.namespace === null ? null : URLS_IN_NAMESPACE)]),
      ];
    });
  });
}

const urlsOf = (rule: Rule): Rule => ({ ...rule, apiGroups: [], resources: [], resourceNames: [] });

const URLS_IN_NAMESPACE = 'dead where it stands: only a ClusterRoleBinding grants URLs';

/** Why a part of a rule is good for nothing; null where it is good for something. */
function whyUseless(atom: Atom, namespace: string | null, rule: Rule, identity: Identity, world: World): string | null {
  const dead = whyDead(atom, namespace !== null, rule.resourceNames, world);
  if (dead !== null) return `dead where it stands: ${dead}`;
  const named = missingForName(atom, namespace, rule.resourceNames, identity, world);
  if (named !== null) return named;
  const missing = missingFor(atom, namespace, identity, world);
  return missing === null ? null : uselessWords(missing);
}

const uselessWords = ({ lacks, request }: { lacks: string; request: 'same' | 'another' }): string =>
  `useless alone: it lacks ${lacks}${request === 'same' ? ', which the same request takes' : ''}`;

/** A POST carries no name: what is created by name is created by server-side apply, or by PUT of some kinds. */
function missingForName(
  { verb, group, resource }: Atom,
  namespace: string | null,
  names: readonly string[],
  identity: Identity,
  world: World,
): string | null {
  if (verb !== 'create' || names.length === 0 || names.includes('') || !isTopLevel(resource)) return null;
  const changes = ['patch', ...(isCreatedByPut(group, resource) ? ['update'] : [])];
  const isHeld = changes.some((change) => {
    const request = { verb: change, group, resource, subresource: '', namespace: '', name: '' };
    const { grants } = rbacOf(world).grantsOf(identity, {
      request,
      names: (listed) => names.includes(listed),
      reach: 'anywhere',
    });
    return grants.some(
      ({ binding }) => namespace === null || binding.namespace === null || binding.namespace === namespace,
    );
  });
  return isHeld
    ? null
    : `useless alone: a request to create carries no name, and server-side apply lacks patch of ${resource} of that name`;
}

function rightFinding(holding: Holding, scene: Scene): Finding {
  const { namespace, names, grants } = holding;
  const words = wordsOf(holding);
  const limit = names ? ` named ${names.join(', ')}` : '';
  const missing = missingOf(holding, scene.identity, scene.world);
  const why = missing ? uselessWords(missing) : null;
  return finding({ id: 'account-right', words: `${words}${limit}`, why, namespace, names, grants }, scene);
}

function ruleFinding(part: Rule, why: string | null, grant: Grant, scene: Scene): Finding {
  const { namespace } = grant.binding;
  return finding(
    { id: 'account-rule', words: partWords(part), why, namespace, names: grant.names, grants: [grant] },
    scene,
  );
}

/** `delete everything (*.*)`; what is less as it is written. */
const partWords = (part: Rule): string =>
  part.resources.join() === '*' && part.apiGroups.join() === '*'
    ? `${part.verbs.join(',')} everything (*.*)${part.resourceNames.length > 0 ? ` named ${part.resourceNames.join(', ')}` : ''}`
    : describeRule(part);

interface Said {
  id: string;
  words: string;
  /** Why it is good for nothing; null where it is good for something. */
  why: string | null;
  namespace: string | null;
  names: readonly string[] | null;
  grants: readonly Grant[];
}

function finding(
  { id, words, why, namespace, names, grants }: Said,
  { identity, subject, world, options }: Scene,
): Finding {
  const rbac = rbacOf(world);
  const unknowns = why?.startsWith('useless') ? unseenHalves(identity, world) : [];
  return {
    id,
    verdict: why === null ? 'yes' : unknowns.length > 0 ? 'depends' : 'no',
    leaning: unknowns.length > 0 ? 'no' : null,
    direct: true,
    accepted: grants.every(isUpstreamGrant),
    subject,
    object: { kind: subject.kind, namespace: subject.namespace, name: subject.name, container: null },
    scope: { namespace, names: names && [...names] },
    reason: `${words} ${placeOf(namespace)}${why === null ? '' : ` (${why})`}`,
    evidence: [
      grantStep(
        { technique: id, text: words, identity: subject, gains: null },
        grants.map((grant) => grantRef(grant, rbac, world)),
        options,
      ),
    ],
    unknowns,
    fix: [],
  };
}

/** What may hold the half that is missing: bindings that could not be seen, roles that could not be read. */
function unseenHalves(identity: Identity, world: World): Unknown[] {
  const rbac = rbacOf(world);
  const entries = rbac.entriesOf(identity);
  const roles = entries.flatMap(({ binding }) =>
    rbac.openness(rbac.roleOf(binding)) === 'unreadable' ? [unreadRole(binding, world)] : [],
  );
  return distinctUnknowns([...rbacUnknowns(world, { namespace: null }), ...roles]);
}

const placeOf = (namespace: string | null): string =>
  namespace === null ? 'in the whole cluster' : `in namespace ${namespace}`;
