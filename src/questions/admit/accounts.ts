import { podTemplateOf } from '../../admission/pod-security/warnings.ts';
import { get, type Need } from '../../world/needs.ts';
import { isRaw, type Raw } from '../../world/raw.ts';
import { understoodOr } from '../../world/understood.ts';
import type { World } from '../../world/world.ts';
import type { Judged } from './admitted.ts';
import { namespaceOf } from './places.ts';
import type { AdmitTarget, PodObject } from './target.ts';

/**
 * The accounts that pods name: one that is not there keeps them out. Each namespace has a `default`, and the files may
 * bring others.
 */
export const accountNeeds = (target: AdmitTarget): Need[] =>
  target.objects.flatMap((object) => {
    const name = accountOf(object);
    const namespace = namespaceOf(object, target);
    return name === null || isBrought(namespace, name, target) ? [] : [get('serviceaccounts', namespace, name)];
  });

/**
 * What becomes of a pod whose account is not there; null where it is, or may be. Mirrors kubernetes
 * plugin/pkg/admission/serviceaccount/admission.go.
 */
export function missingAccount(judged: Judged, object: PodObject, target: AdmitTarget, world: World): Judged | null {
  const name = accountOf(object);
  const namespace = namespaceOf(object, target);
  if (
    judged.verdict === 'no' ||
    name === null ||
    isBrought(namespace, name, target) ||
    !isAbsent(namespace, name, world)
  )
    return null;
  const detail = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`;
  const { kind } = object.kind;
  return {
    ...judged,
    verdict: 'no',
    leaning: null,
    unknowns: [],
    refusedLater: kind !== 'Pod',
    violations: [...judged.violations, { check: 'serviceAccount', reason: 'service account', detail }],
    reason: kind === 'Pod' ? detail : `the ${kind} is accepted, but its pods are refused: ${detail}`,
    sent: judged.sent && { ...judged.sent, verdict: 'no' },
  };
}

/** Whether the pod's account comes with the files and is not there yet. */
export function isAccountToCome(object: PodObject, target: AdmitTarget, world: World): boolean {
  const name = accountOf(object);
  const namespace = namespaceOf(object, target);
  return name !== null && isBrought(namespace, name, target) && !world.find('serviceaccounts', namespace, name);
}

/** Null for `default`, and where none is named. */
function accountOf({ kind, raw }: PodObject): string | null {
  const spec = (kind.resource === 'pods' ? raw : templateOf(kind, raw))?.spec;
  const name = isRaw(spec) ? (spec.serviceAccountName ?? spec.serviceAccount) : null;
  return typeof name === 'string' && name !== '' && name !== 'default' ? name : null;
}

function templateOf(kind: PodObject['kind'], raw: Raw): Raw | null {
  return understoodOr(
    () => podTemplateOf(kind, raw),
    () => null,
  );
}

const isBrought = (namespace: string, name: string, { accounts, ...target }: AdmitTarget): boolean =>
  accounts.some((account) => account.name === name && (account.namespace ?? target.namespace) === namespace);

function isAbsent(namespace: string, name: string, world: World): boolean {
  if (world.find('serviceaccounts', namespace, name)) return false;
  const outcome = world.outcome(get('serviceaccounts', namespace, name));
  return outcome !== null && (outcome.read || outcome.failure.kind === 'notFound');
}
