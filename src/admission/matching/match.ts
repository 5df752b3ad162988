import type { Unknown } from '../../answer/unknown.ts';
import { get } from '../../world/needs.ts';
import type { LabelSelector } from '../../world/objects.ts';
import { labelsOf } from '../../world/reduce/metadata.ts';
import { matchesSelector } from '../../world/selectors.ts';
import { unreadable, type World } from '../../world/world.ts';
import { isNamespaced, selectsNamespace } from '../request/reading/ask.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { type Criteria, isEmpty } from './criteria.ts';
import { matchRules } from './rules.ts';

export interface Match {
  /** `depends` comes with unknowns. */
  value: 'yes' | 'no' | 'depends';
  unknowns: readonly Unknown[];
  /** Labels with which the author's object would not be selected. */
  exemptLabels: Readonly<Record<string, string | null>> | null;
  /** Fields of the object that the match rests on. */
  rests: readonly string[];
}

/**
 * Whether these criteria select the request. Mirrors apiserver pkg/admission/plugin/policy/matching and
 * webhook/generic.
 */
export function match(criteria: Criteria, request: AdmissionRequest, world: World): Match {
  const rule = criteria.rules === null ? 'yes' : matchRules(criteria.rules, request, criteria.equivalent);
  if (rule === 'no' || !matchesObject(criteria.objects, request)) return NO;
  const exclusion = matchRules(criteria.excluded, request, criteria.equivalent);
  if (exclusion === 'yes') return NO;
  const applies =
    !isEmpty(criteria.namespaces) && (request.resource.resource === 'namespaces' || isNamespaced(request));
  const selected = applies ? selects(criteria.namespaces, request, world) : true;
  if (selected === false) return NO;
  const unknowns = [
    ...(rule === 'version' || exclusion === 'version' ? [otherVersion(request)] : []),
    ...(selected === null ? [noNamespace(request, world)] : []),
  ];
  const exemptLabels = exemptLabelsOf(criteria.objects, request);
  const named =
    [...(criteria.rules ?? []), ...criteria.excluded].some(({ names }) => names.length > 0) &&
    request.operation === 'CREATE';
  const rests = [...(exemptLabels ? ['metadata.labels'] : []), ...(named ? ['metadata.name'] : [])];
  return { value: unknowns.length > 0 ? 'depends' : 'yes', unknowns, exemptLabels, rests };
}

const NO: Match = { value: 'no', unknowns: [], exemptLabels: null, rests: [] };

/**
 * The new object or the old one has to match. The options of a CONNECT have no labels, and are not even matched as an
 * object without any.
 */
function matchesObject(selector: LabelSelector, { operation, object, oldObject }: AdmissionRequest): boolean {
  if (isEmpty(selector)) return true;
  if (operation === 'CONNECT') return false;
  return [object, oldObject].some((each) => each !== null && matchesSelector(selector, labelsOf(each)));
}

/** Null where the labels are not known. A Namespace that is written is matched by its own labels. */
function selects(selector: LabelSelector, request: AdmissionRequest, world: World): boolean | null {
  const { operation, object, resource, subresource } = request;
  if (resource.resource === 'namespaces' && subresource === '' && (operation === 'CREATE' || operation === 'UPDATE')) {
    return matchesSelector(selector, object ? labelsOf(object) : {});
  }
  return selectsNamespace(selector, request, world);
}

function noNamespace({ namespace }: AdmissionRequest, world: World): Unknown {
  return unreadable(world, get('namespaces', null, namespace), 'which policies and webhooks look at its objects');
}

function otherVersion({ resource }: AdmissionRequest): Unknown {
  const what = `the versions of ${resource.resource}.${resource.group}`;
  return {
    kind: 'opaque',
    what,
    why: 'a rule names another version',
    affects: 'which policies and webhooks look at it',
  };
}

/**
 * One label less or one more is enough. This only holds for creation, since an update is also matched by the old
 * object.
 */
function exemptLabelsOf(
  { matchLabels, matchExpressions }: LabelSelector,
  { operation }: AdmissionRequest,
): Match['exemptLabels'] {
  if (operation !== 'CREATE') return null;
  const [label] = Object.keys(matchLabels);
  if (label !== undefined) return { [label]: null };
  for (const { key, operator, values } of matchExpressions) {
    if (operator === 'In' || operator === 'Exists') return { [key]: null };
    const [value = 'true'] = values;
    return { [key]: value };
  }
  return null;
}
