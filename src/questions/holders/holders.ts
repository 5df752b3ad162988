import type { Finding } from '../../answer/answer.ts';
import type { Safe } from '../../answer/command.ts';
import { lazyProperties } from '../../answer/lazy.ts';
import type { GrantRef, SubjectRef, TargetRef } from '../../answer/refs.ts';
import { distinctGrants, placeOf, whoKey } from '../../rbac/grants.ts';
import type { Names } from '../../rbac/match.ts';
import type { Grant, OpenBinding, Rbac } from '../../rbac/rbac.ts';
import { MASTERS } from '../../rbac/subjects.ts';
import { isUpstreamGrant } from '../../rbac/upstream-grants.ts';
import type { World } from '../../world/world.ts';
import type { QuestionContext } from '../context.ts';
import type { Options } from '../question.ts';
import { grantRef, grantStep, type Step } from './evidence.ts';
import { effectiveSubject, unreadFinding } from './unread-rights.ts';
import type { Holding } from './way.ts';

/**
 * Findings for grants: one a subject where an object is asked for, else one a subject and scope. Worst first: definite
 * before depends, wide before narrow, then by name.
 */
export function holderFindings(
  holding: Holding,
  grants: readonly Grant[],
  checkOf: CheckOf,
  rbac: Rbac,
  context: QuestionContext,
): Finding[] {
  const { world, options } = context;
  const rows = new Map<string, Grant[]>();
  for (const grant of grants) {
    const key = rowKey(grant, holding.target !== null);
    const row = rows.get(key);
    if (row) row.push(grant);
    else rows.set(key, [grant]);
  }
  const scene: Scene = { holding, checkOf, rbac, world, options };
  const findings = [...rows.values()].map((row) => holderFinding(row, scene));
  const keyed = findings.map((finding) => ({ finding, key: orderOf(finding) }));
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ finding }) => finding);
}

/** What kubectl can be asked about a grant. */
export type CheckOf = (grant: Grant) => Safe | null;

/** Findings for subjects of bindings whose role could not be read: each of them may hold the right. */
export function openFindings(holding: Holding, open: readonly OpenBinding[], context: QuestionContext): Finding[] {
  const { id, object } = holding;
  const step = (subject: SubjectRef): Step => stepOf(holding, subject);
  return open
    .filter(({ role }) => role === 'unreadable')
    .map((entry) => unreadFinding(entry, null, { id, object, step }, context));
}

/** The members of system:masters: no authorizer is asked about them, and no object of the cluster lists them. */
export function mastersFinding(holding: Holding, options: Options): Finding {
  const subject: SubjectRef = { kind: 'Group', namespace: null, name: MASTERS, members: null };
  return {
    id: holding.id,
    verdict: 'yes',
    leaning: null,
    direct: true,
    accepted: options.subject === null || options.accepts(subject),
    subject,
    object: holding.object,
    scope: { namespace: null, names: null },
    reason: 'superuser: the API server asks no authorizer about members of this group',
    evidence: [grantStep(stepOf(holding, subject), [], options)],
    unknowns: [],
    fix: [],
  };
}

export const isSameSubject = (a: { kind: string; namespace: string | null; name: string }, b: typeof a): boolean =>
  a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;

/** What all findings of one set of holders share. */
interface Scene {
  holding: Holding;
  checkOf: CheckOf;
  rbac: Rbac;
  world: World;
  options: Options;
}

function holderFinding(grants: readonly Grant[], scene: Scene): Finding {
  const { holding, world, options } = scene;
  const [first] = grants;
  if (!first) throw new Error('a holder without a grant');
  const subject = effectiveSubject(first.subject, first.binding.namespace, world);
  const isTwofold = grants.some(({ also }) => also);
  const parts = isTwofold
    ? distinctGrants(grants.flatMap(({ also, ...grant }) => [grant, ...(also ? [also.grant] : [])]))
    : grants;
  const onlyBy = isTwofold ? requestsOf(grants) : [];
  const everywhere = grants.some((grant) => placeOf(grant) === null);
  const head = {
    id: holding.id,
    verdict: holding.condition ? 'depends' : 'yes',
    leaning: holding.condition ? 'yes' : null,
    direct: true,
    accepted: options.accepts(subject) || (options.subject === null && parts.every(isUpstreamGrant)),
    subject,
    object: holding.object,
    scope: { namespace: everywhere ? null : placeOf(first), names: holding.target ? null : namesOf(grants) },
    ...(isTwofold ? { onlyBy } : {}),
  } as const;
  const unknowns = holding.condition ? [holding.condition] : NONE;
  return Object.assign(withProof(head, { scene, subject, first, parts, onlyBy }), { unknowns, fix: NONE });
}

/** What a finding's reason and evidence are made of, lazily: few of tens of thousands of holders are explained. */
interface Proof {
  scene: Scene;
  subject: SubjectRef;
  first: Grant;
  parts: readonly Grant[];
  onlyBy: NonNullable<Finding['onlyBy']>;
}

const withProof = lazyProperties<Pick<Finding, 'reason' | 'evidence'>, Proof>({
  reason: (proof) => {
    const { onlyBy } = proof;
    const more =
      onlyBy.length === 0 ? '' : `; ${onlyByWords(onlyBy)}, which ${onlyBy.length > 1 ? 'name' : 'names'} the object`;
    return `${reasonOf(refsOf(proof))}${more}`;
  },
  evidence: (proof) => {
    const { scene, subject, first, onlyBy } = proof;
    const step = { ...stepOf(scene.holding, subject, onlyBy), check: () => scene.checkOf(first) };
    return [grantStep(step, refsOf(proof), scene.options)];
  },
});

const refsOf = ({ parts, scene }: Proof): GrantRef[] => parts.map((grant) => grantRef(grant, scene.rbac, scene.world));

const NONE: never[] = [];

/** The requests by which a right is held that takes two verbs. */
const requestsOf = (grants: readonly Grant[]): NonNullable<Finding['onlyBy']> => {
  const verbs = new Set(grants.flatMap(({ also }) => also?.verbs ?? []));
  return [
    ...(verbs.has('patch') ? (['server-side apply'] as const) : []),
    ...(verbs.has('update') ? (['PUT'] as const) : []),
  ];
};

/** `only by server-side apply`. */
export const onlyByWords = (requests: NonNullable<Finding['onlyBy']>): string => `only by ${requests.join(' or ')}`;

/** What is done with the right that a subject holds. */
export function stepOf(holding: Holding, subject: SubjectRef, onlyBy: NonNullable<Finding['onlyBy']> = []): Step {
  const { namespace, name, kind } = holding.object;
  const gains = holding.target ? { kind, namespace, name } : null;
  const text = onlyBy.length === 0 ? holding.action : `${holding.action} ${onlyByWords(onlyBy)}`;
  return { technique: holding.id, text, identity: subject, gains, attack: () => holding.attack };
}

function rowKey(grant: Grant, oneObject: boolean): string {
  const { subject, binding, names } = grant;
  const who = whoKey(subject, binding);
  const place = placeOf(grant);
  if (oneObject) return who;
  // The place as JSON says itself where it ends.
  return names === null ? `${JSON.stringify(place)} ${who}` : JSON.stringify([who, place, names]);
}

const namesOf = ([first]: readonly Grant[]): string[] | null =>
  ((names: Names) => (names ? [...names] : null))(first?.names ?? null);

/** `RoleBinding shop/deploy to ClusterRole edit`, and how many more. */
function reasonOf(refs: readonly GrantRef[]): string {
  const [first] = refs;
  if (!first) return '';
  const more = refs.length > 1 ? `, and ${refs.length - 1} more` : '';
  return `${named(first.binding)} to ${named(first.role)} allows ${first.allows ?? 'it'}${more}`;
}

const named = ({ kind, namespace, name }: TargetRef): string =>
  `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;

/** Sorts findings: definite before depends, wide before narrow, then by subject and place. */
function orderOf({ verdict, scope, subject }: Finding): string {
  const rank = 2 * Number(verdict !== 'yes') + Number(scope.namespace !== null);
  const parts = [
    subject.kind,
    subject.namespace ?? '',
    subject.name,
    scope.namespace ?? '',
    (scope.names ?? []).join(),
  ];
  return `${rank}${parts.join('\0')}`;
}

/** Code unit order: the same on every machine, whatever its locale. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
