import type { TargetRef } from '../../answer/refs.ts';
import { depends, no, yes } from '../../answer/verdict.ts';
import { get } from '../../world/needs.ts';
import { unreadable, type World } from '../../world/world.ts';
import type { Admission, Layer, Refusal } from '../layer.ts';
import { isNamespaced, namespaceOf, namespaceRef } from '../request/reading/ask.ts';
import type { AdmissionRequest } from '../request/request.ts';

/**
 * Refuses to create anything in a namespace that is being terminated or does not exist, and to delete three namespaces.
 * Mirrors apiserver pkg/admission/plugin/namespace/lifecycle/admission.go: updates, deletions and CONNECT pass, and so
 * do access reviews.
 */
export const namespaceLifecycle: Layer = { id: 'namespace-lifecycle', admits };

function admits(request: AdmissionRequest, world: World): Admission {
  const { operation, kind, name } = request;
  const isNamespace = kind.group === '' && kind.kind === 'Namespace';
  if (operation === 'DELETE' && isNamespace && IMMORTAL.includes(name))
    return no(refusal({ kind: 'Namespace', namespace: null, name }, 'immortal', 'this namespace may not be deleted'));
  if (operation !== 'CREATE' || isNamespace || !isNamespaced(request) || isAccessReview(request)) return yes();
  const found = namespaceOf(request, world);
  if (found && !found.deleting) return yes();
  const { namespace } = request;
  const by = namespaceRef(request);
  if (found)
    return no(
      refusal(
        by,
        'terminating',
        `unable to create new content in namespace ${namespace} because it is being terminated`,
      ),
    );
  const outcome = world.outcome(get('namespaces', null, namespace));
  const isMissing = outcome?.read === true || (outcome?.read === false && outcome.failure.kind === 'notFound');
  if (isMissing && !world.malformedObject('namespaces', null, namespace)) {
    return no(refusal(by, 'missing', `namespaces "${namespace}" not found`));
  }
  return depends(
    [unreadable(world, get('namespaces', null, namespace), 'whether the namespace is there and lives')],
    'yes',
  );
}

const refusal = (by: TargetRef, check: string, detail: string): Refusal => ({
  layer: 'namespace-lifecycle',
  by,
  check,
  reason: REASONS[check] ?? check,
  detail,
  rests: ['metadata.namespace'],
});

const REASONS: Readonly<Record<string, string>> = {
  terminating: 'namespace is being terminated',
  missing: 'namespace does not exist',
  immortal: 'namespace is never deleted',
};

const isAccessReview = ({ resource }: AdmissionRequest): boolean =>
  resource.group === 'authorization.k8s.io' && resource.resource === 'localsubjectaccessreviews';

const IMMORTAL = ['default', 'kube-system', 'kube-public'];
