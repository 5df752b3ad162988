import type { TargetRef } from '../../answer/refs.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { depends, noFor, yes } from '../../answer/verdict.ts';
import { get, type Need } from '../../world/needs.ts';
import type { Labels } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import { child, type Raw, text } from '../../world/raw.ts';
import { NEWEST, OLDEST, type Version } from '../../world/version.ts';
import { unreadable, type World } from '../../world/world.ts';
import type { Admission, Layer, Refusal } from '../layer.ts';
import { askNamespace, askUser, namespaceOf, namespaceRef } from '../request/reading/ask.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { decodable } from '../request/undecodable.ts';
import { WITHOUT_A_POD } from '../request/without-a-pod.ts';
import { defaultsOf, type PodSecurityDefaults } from './cluster-default.ts';
import { type Evaluation, evaluateView } from './evaluate.ts';
import { levelOf, statesEnforce } from './labels.ts';
import { formatLevelVersion, type LevelVersion } from './level.ts';
import { type PodView, viewPod } from './pod.ts';
import { isSignificantUpdate } from './significance.ts';

const ID = 'pod-security';

/**
 * The PodSecurity plug-in. It only refuses pods: those that are created, and those whose update changes an image or
 * adds a container. Workloads are admitted whatever their template contains. Mirrors pod-security-admission
 * admission/admission.go ValidatePod.
 */
export const podSecurity: Layer = podSecurityBy(defaultsOf);

/** The same layer with defaults and exemptions from another source. */
export function podSecurityBy(defaults: (world: World) => PodSecurityDefaults): Layer {
  return {
    id: ID,
    admits: (request, world) =>
      decodable(ID, () =>
        isLookedAt(request) ? levelAdmits(request, request.object ?? {}, world, defaults(world)) : yes(),
      ),
  };
}

/** The need for what the layer reads of a namespace. */
export const namespaceNeed = (namespace: string): Need => get('namespaces', null, namespace);

/** The part of a refusal after `pods "x" is forbidden: `. */
export const violationMessage = (enforced: LevelVersion, evaluation: Evaluation): string =>
  `violates PodSecurity "${formatLevelVersion(enforced)}": ${evaluation.forbiddenDetail()}`;

/** Whether Pod Security exempts the user, the namespace or the runtime class of a request. */
export function isExempt(
  request: AdmissionRequest,
  pod: Raw,
  world: World,
  { exemptions, isOff }: PodSecurityDefaults,
): boolean {
  const runtimeClass = text(child(pod, 'spec'), 'runtimeClassName');
  return (
    isOff ||
    isListed(exemptions.namespaces, (names) =>
      askNamespace(request, world, `namespace in ${JSON.stringify(names)}`, (name) => names.includes(name)),
    ) ||
    isListed(exemptions.usernames, (names) =>
      askUser(
        request.user,
        world,
        `user in ${JSON.stringify(names)}`,
        ({ name }) => name !== null && names.includes(name),
      ),
    ) ||
    (runtimeClass !== null && exemptions.runtimeClasses.includes(runtimeClass))
  );
}

/** Most clusters exempt nobody; the request is not read then. */
const isListed = (names: readonly string[], isAmong: (names: readonly string[]) => boolean): boolean =>
  names.length > 0 && isAmong(names);

/** The labels of a namespace, which are empty for one that does not exist, or the reason why they are not known. */
export function labelsOfNamespace(namespace: string, world: World): { labels: Labels } | { unknown: Unknown } {
  const found = world.find('namespaces', null, namespace);
  if (found) return { labels: found.labels };
  const malformed = world.malformedObject('namespaces', null, namespace);
  if (malformed) return { unknown: malformed };
  const need = namespaceNeed(namespace);
  const outcome = world.outcome(need);
  const isAbsent = outcome !== null && (outcome.read || outcome.failure.kind === 'notFound');
  return isAbsent
    ? { labels: {} }
    : { unknown: unreadable(world, need, 'the labels that say what Pod Security enforces there') };
}

/**
 * What a namespace enforces by its labels or the cluster's default, such as `baseline:latest`; empty where Pod Security
 * is off.
 */
export function enforcedIn(namespace: string, world: World): string {
  const known = enforcedOf(world);
  const enforced = known.get(namespace) ?? findEnforced(namespace, world);
  known.set(namespace, enforced);
  return enforced;
}

function findEnforced(namespace: string, world: World): string {
  const { isOff, policy } = defaultsOf(world);
  const found = labelsOfNamespace(namespace, world);
  const labels = 'labels' in found && !isOff ? found.labels : {};
  return formatLevelVersion(levelOf(labels, { default: policy }).enforce);
}

const enforcedOf = oncePerState(() => new Map<string, string>());

function isLookedAt({ operation, resource, subresource, object, oldObject }: AdmissionRequest): boolean {
  if (resource.group !== '' || resource.resource !== 'pods' || WITHOUT_A_POD.has(subresource) || object === null)
    return false;
  if (operation === 'CREATE') return true;
  return operation === 'UPDATE' && (oldObject === null || isSignificantUpdate(object, oldObject));
}

function levelAdmits(request: AdmissionRequest, pod: Raw, world: World, defaults: PodSecurityDefaults): Admission {
  if (isExempt(request, pod, world, defaults)) return yes();
  const view = viewPod(pod);
  const found = namespaceOf(request, world) ?? labelsOfNamespace(request.namespace, world);
  if ('unknown' in found) return passesAnything(view, world) ? yes() : depends([found.unknown]);
  const { labels } = found;
  const { enforce } = levelOf(labels, { default: defaults.policy });
  const isOpen = defaults.isOpen && !statesEnforce(labels);
  if (isOpen && defaults.unknown) return passesAnything(view, world) ? yes() : depends([defaults.unknown], 'yes');
  const verdict = evaluated(view, enforce, world, namespaceRef(request));
  // A file that cannot be read may exempt this request.
  return verdict.value === 'no' && defaults.unknown ? depends([defaults.unknown], 'no', verdict.evidence) : verdict;
}

/** Where the server's version is not known, all supported versions have to agree. */
function evaluated(view: PodView, enforce: LevelVersion, world: World, by: TargetRef): Admission {
  const { version } = world.facts;
  const evaluations = (version ? [version] : VERSIONS).map((each) =>
    evaluateView(view, enforce.level, enforce.version, each),
  );
  const refused = evaluations.filter(({ allowed }) => !allowed);
  const evidence = (refused.at(-1)?.violations ?? []).map(
    ({ check, reason, detail, fields }): Refusal => ({ layer: ID, by, check, reason, detail, rests: fields }),
  );
  if (refused.length === 0) return yes();
  return refused.length === evaluations.length ? noFor(evidence) : depends([UNKNOWN_VERSION], null, evidence);
}

/** Whether no label could refuse the pod: it passes the restricted level in every version. */
const passesAnything = (view: PodView, world: World): boolean =>
  VERSIONS_OF_POLICY.every(
    (version) => evaluateView(view, 'restricted', version, world.facts.version ?? NEWEST).allowed,
  ) &&
  (world.facts.version !== null ||
    VERSIONS.every((version) => evaluateView(view, 'restricted', 'latest', version).allowed));

const minors = (first: number): Version[] =>
  Array.from({ length: NEWEST.minor - first + 1 }, (_, index) => ({ major: NEWEST.major, minor: first + index }));

const VERSIONS = minors(OLDEST.minor);
const VERSIONS_OF_POLICY = minors(0);

const UNKNOWN_VERSION: Unknown = {
  kind: 'invisible',
  what: "the server's version",
  why: 'nothing says it',
  affects: 'which checks of Pod Security run',
};
