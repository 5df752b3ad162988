import type { Unknown } from '../../answer/unknown.ts';
import { and, anyOf, depends, no, noFor, yes } from '../../answer/verdict.ts';
import { get } from '../../world/needs.ts';
import type { Manifest } from '../../world/objects.ts';
import { isRaw, type Raw, textMap } from '../../world/raw.ts';
import { understoodOr } from '../../world/understood.ts';
import { unreadable, type World } from '../../world/world.ts';
import type { Admission, Layer, Refusal } from '../layer.ts';
import { namespaceOf, namespaceRef } from '../request/reading/ask.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { WITHOUT_A_POD } from '../request/without-a-pod.ts';
import { allSccs, type Candidate, candidates, sccsOf } from './candidates.ts';
import type { Fit } from './fit.ts';
import { allottedTo, resolve } from './ranges.ts';
import type { Scc } from './scc.ts';

/**
 * OpenShift's SecurityContextConstraints: a pod is admitted if it fits one that its creator or its account may use. A
 * cluster without any such object is not OpenShift, and everything is admitted. An update has to fit without changes,
 * except for ephemeral containers. `openshift.io/required-scc` leaves only one to choose from. Two things are not
 * modelled: OpenShift refuses all pods while its own SCCs are missing, and other plug-ins change the pod. Mirrors
 * openshift/apiserver-library-go pkg/securitycontextconstraints/sccadmission/admission.go.
 */
export const scc: Layer = { id: 'scc', admits: admitsPod };

function admitsPod(request: AdmissionRequest, world: World): Admission {
  const { objects, unknowns } = allSccs(world);
  // Most clusters have none, and need no comparison of the pods.
  if ((objects.length === 0 && unknowns.length === 0) || !isLookedAt(request)) return yes();
  if (objects.length === 0) return unknowns.length > 0 ? depends(unknowns) : yes();
  return understoodOr(
    () => anySccAdmits(request, objects, unknowns, world),
    (error) =>
      depends([
        {
          kind: 'unmodelled',
          what: `pod ${request.namespace}/${request.name}`,
          why: error.message,
          affects: 'whether an SCC admits it',
        },
      ]),
  );
}

function anySccAdmits(
  request: AdmissionRequest,
  objects: readonly Manifest[],
  unread: readonly Unknown[],
  world: World,
): Admission {
  const required = annotationsOf(request.object)[REQUIRED] ?? '';
  if (request.operation === 'UPDATE' && required !== (annotationsOf(request.oldObject)[REQUIRED] ?? ''))
    return no(
      refusal(null, 'required-scc', `invalid change of required security context constraint annotation: ${REQUIRED}`, [
        'metadata.annotations',
      ]),
    );
  const { unreadable: broken } = sccsOf(objects);
  const tried = candidates(request, world).filter(({ scc: { name } }) => required === '' || name === required);
  if (tried.length === 0 && required !== '' && unread.length === 0)
    return no(
      refusal(null, 'required-scc', `failed to retrieve the required SCC "${required}"`, ['metadata.annotations']),
    );
  const missing = missingAnnotation(request, tried, world);
  if (missing) return missing;
  const open = [...unread, ...broken];
  const [usable, others] = [
    tried.filter((each) => each.usable.value !== 'no'),
    tried.filter((each) => each.usable.value === 'no'),
  ];
  return anyOf([
    ...[...usable, ...others].map((each) => admitsOne(each, request, world)),
    ...(open.length > 0 ? [depends<Refusal>(open, 'no')] : []),
  ]);
}

/**
 * OpenShift writes the annotations of a namespace when it is created. The server refuses all pods in a namespace that
 * lacks them.
 */
function missingAnnotation(request: AdmissionRequest, tried: readonly Candidate[], world: World): Admission | null {
  const allotted = allottedTo(namespaceOf(request, world));
  if (!allotted) return null;
  const missing = [...new Set(tried.flatMap((each) => resolve(each.scc, allotted).missing))];
  if (missing.length === 0) return null;
  const by = namespaceRef(request);
  return no({
    ...refusal(null, 'namespace', `unable to find annotation ${missing.join(', ')}`, ['metadata.namespace']),
    by,
  });
}

function admitsOne({ scc: each, usable, fit: made }: Candidate, request: AdmissionRequest, world: World): Admission {
  if (usable.value === 'no') return no(refusal(each, 'use', 'not usable by user or serviceaccount', []));
  return and<Refusal>(usable, fitting(each, made, request, world));
}

function fitting(each: Scc, made: Fit | null, request: AdmissionRequest, world: World): Admission {
  if (each.unmodelled.length > 0) return depends([unmodelled(each)]);
  if (!made)
    return depends([
      unreadable(
        world,
        get('namespaces', null, request.namespace),
        `what ${each.name} demands in namespace ${request.namespace}`,
      ),
    ]);
  if (made.violations.length > 0)
    return noFor(made.violations.map(({ check, detail, rests }) => refusal(each, check, detail, [rests])));
  const mayChange = request.operation === 'CREATE' || request.subresource === 'ephemeralcontainers';
  return mayChange || !made.isChanged()
    ? yes()
    : no(refusal(each, 'unchanged', 'the pod would have to be changed, which an update may not', []));
}

/**
 * Whether the layer looks at a request: a write of a pod, except by subresources that carry no pod. Windows pods and
 * updates that do not change the spec are ignored.
 */
function isLookedAt({ operation, resource, subresource, object, oldObject }: AdmissionRequest): boolean {
  if (resource.group !== '' || resource.resource !== 'pods' || WITHOUT_A_POD.has(subresource)) return false;
  if ((operation !== 'CREATE' && operation !== 'UPDATE') || object === null) return false;
  const spec = isRaw(object.spec) ? object.spec : {};
  if (isRaw(spec.os) && spec.os.name === 'windows') return false;
  if (operation === 'CREATE') return true;
  const isSame = (field: string): boolean => JSON.stringify(object[field]) === JSON.stringify(oldObject?.[field]);
  return !isSame('spec') || JSON.stringify(annotationsOf(object)) !== JSON.stringify(annotationsOf(oldObject));
}

function annotationsOf(pod: Raw | null): Readonly<Record<string, string>> {
  return isRaw(pod?.metadata) ? textMap(pod.metadata, 'annotations') : {};
}

const refusal = (each: Scc | null, check: string, detail: string, rests: readonly string[]): Refusal => ({
  layer: 'scc',
  by: each && { kind: 'SecurityContextConstraints', namespace: null, name: each.name },
  check,
  reason: each ? `SecurityContextConstraints ${each.name}` : 'SecurityContextConstraints',
  detail,
  rests,
});

const unmodelled = ({ name, unmodelled: what }: Scc): Unknown => ({
  kind: 'unmodelled',
  what: `SecurityContextConstraints ${name}`,
  why: what.join(', '),
  affects: 'whether it admits the pod',
});

const REQUIRED = 'openshift.io/required-scc';
