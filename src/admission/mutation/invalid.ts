import { no } from '../../answer/verdict.ts';
import { child, children, type Raw } from '../../world/raw.ts';
import { understoodOr } from '../../world/understood.ts';
import type { Admission } from '../layer.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { describeProblems, validatePod } from '../request/validation/pod.ts';
import { redefaulted } from './redefault.ts';

/**
 * Refuses what the server finds invalid after mutation, since it validates after that: mutators may only change a few
 * fields of a pod that is updated. Objects of other kinds are not checked. Mirrors kubernetes pkg/apis/core/validation
 * ValidatePodUpdate.
 */
export function invalidity(
  { operation, resource, subresource, object }: AdmissionRequest,
  asked: AdmissionRequest,
): Admission[] {
  if (resource.group !== '' || resource.resource !== 'pods' || subresource !== '' || object === null) return [];
  const problem =
    operation === 'CREATE' ? problemsOf(object) : operation === 'UPDATE' ? updateProblem(object, asked) : null;
  if (problem === null) return [];
  return [
    no({
      ...{ layer: 'api-server', by: null, check: 'validation', reason: 'invalid once it is changed' },
      detail: `mutators make it invalid: ${problem}`,
      rests: ['spec', 'metadata'],
    }),
  ];
}

function problemsOf(object: Raw): string | null {
  return understoodOr(
    () => {
      const problems = validatePod(object, { isNew: true, allowPrivileged: true });
      return problems.length === 0 ? null : describeProblems(problems);
    },
    (error) => error.message,
  );
}

/** The request itself is allowed to change the object; only the further changes by mutators are compared. */
function updateProblem(object: Raw, asked: AdmissionRequest): string | null {
  const before = redefaulted(asked, asked.object ?? {});
  const isSame = JSON.stringify(fixedFields(before)) === JSON.stringify(fixedFields(object));
  return isSame
    ? null
    : 'spec: Forbidden: pod updates may not change fields other than images, deadlines and tolerations';
}

function fixedFields(object: Raw): Raw {
  const {
    activeDeadlineSeconds: _,
    terminationGracePeriodSeconds: __,
    tolerations: ___,
    ...spec
  } = child(object, 'spec');
  const withoutImages = (list: string): Raw[] =>
    children(spec, list).map(({ image: ____, imagePullPolicy: _____, ...rest }) => rest);
  return { ...spec, containers: withoutImages('containers'), initContainers: withoutImages('initContainers') };
}
