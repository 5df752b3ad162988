import type { Unknown } from '../../answer/unknown.ts';
import { get, list } from '../../world/needs.ts';
import { child, type Raw } from '../../world/raw.ts';
import { unreadable, type World } from '../../world/world.ts';
import type { Refusal } from '../layer.ts';
import { isRead } from '../matching/unread.ts';
import type { AdmissionRequest } from '../request/request.ts';
import type { Changer } from './mutated.ts';

/**
 * The results of the server's plug-ins when they are called again for a new pod that mutators have changed. Plug-ins
 * that only fill in fields are elsewhere.
 */
export interface Again {
  refusals: readonly Refusal[];
  changers: readonly Changer[];
}

/**
 * Priority refuses a number that differs from the one of its class, and ServiceAccount an account that does not exist.
 * `before` is the pod as they admitted it first. Mirrors kubernetes plugin/pkg/admission/{priority,serviceaccount}.
 */
export function askedAgain(request: AdmissionRequest, before: Raw, after: Raw, world: World): Again {
  const [sent, spec] = [child(before, 'spec'), child(after, 'spec')];
  const found = [priority(sent, spec), account(request, sent, spec, world)];
  return {
    refusals: found.flatMap((each) => (each && 'layer' in each ? [each] : [])),
    changers: found.flatMap((each) => (each && 'kind' in each ? [open(each)] : [])),
  };
}

function priority(sent: Raw, spec: Raw): Refusal | Unknown | null {
  const name = spec.priorityClassName;
  if (spec.priority === sent.priority && name === sent.priorityClassName) return null;
  const computed = typeof name === 'string' && name !== '' ? BUILT_IN.get(name) : 0;
  if (computed === undefined) {
    const why = 'the value of the class is not read, and a policy has changed the one or the other';
    return {
      kind: 'invisible',
      what: `PriorityClass ${String(name)}`,
      why,
      affects: 'whether the priority of the pod is accepted',
    };
  }
  if (spec.priority === undefined || spec.priority === computed) return null;
  const detail = `the integer value of priority (${String(spec.priority)}) must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`;
  return refusal('priority', detail, ['spec.priority', 'spec.priorityClassName']);
}

function account(request: AdmissionRequest, sent: Raw, spec: Raw, world: World): Refusal | Unknown | null {
  const name = spec.serviceAccountName;
  if (name === sent.serviceAccountName || typeof name !== 'string' || name === '') return null;
  const { namespace } = request;
  if (world.find('serviceaccounts', namespace, name)) return null;
  const need = get('serviceaccounts', namespace, name);
  if (!isRead(world, need) && !world.isRead(list('serviceaccounts', namespace)))
    return unreadable(world, need, 'whether pods may use it');
  const detail = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`;
  return refusal('serviceAccount', detail, ['spec.serviceAccountName']);
}

const refusal = (check: string, detail: string, rests: readonly string[]): Refusal => ({
  ...{ layer: 'api-server', by: null, check, reason: 'refused once it is changed', detail, rests },
});

const open = (unknown: Unknown): Changer => ({ unknown, changes: [], mayRefuse: true });

/** Source: kubernetes pkg/apis/scheduling/helpers.go. */
const BUILT_IN: ReadonlyMap<string, number> = new Map([
  ['system-cluster-critical', 2_000_000_000],
  ['system-node-critical', 2_000_001_000],
]);
