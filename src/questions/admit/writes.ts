import { podTemplateOf } from '../../admission/pod-security/warnings.ts';
import { defaultPod, defaultTemplate } from '../../admission/request/defaults/pod.ts';
import type { AdmissionRequest } from '../../admission/request/request.ts';
import type { UserInfo } from '../../admission/request/user.ts';
import { madeOf } from '../../spawn/writes/controllers.ts';
import { controllerUser, makerOf, POD_MAKERS } from '../../spawn/writes/makers.ts';
import { child, isRaw, type Raw, text } from '../../world/raw.ts';
import type { Version } from '../../world/version.ts';
import type { PodKind } from './kinds.ts';

/** What becomes of an object of a file. */
export interface Writes {
  /**
   * The object itself as the author sends it, then what controllers make of it as they send it, in order. The last one
   * is the pod's.
   */
  requests: readonly [AdmissionRequest, ...AdmissionRequest[]];
  /** The pod as it is sent: without what the server fills in. */
  sent: Raw;
}

/**
 * Each write that leads from an object to its pod, with whom admission sees, and with the defaults of the server's
 * version. Throws Malformed.
 */
export function writesFor(kind: PodKind, raw: Raw, namespace: string, author: UserInfo, server: Version): Writes {
  const object = { ...raw, metadata: { ...child(raw, 'metadata'), namespace } };
  const first = request(kind, defaulted(kind, object, server), namespace, author);
  const next = nextOf(kind, object, author);
  if (next === null) return { requests: [first], sent: object };
  const rest = writesFor(next.kind, next.object, namespace, next.user, server);
  return { requests: [first, ...rest.requests], sent: rest.sent };
}

/** What is made of an object, and by whom. Of a PodTemplate whoever wants to makes a pod. */
function nextOf(kind: PodKind, object: Raw, author: UserInfo): { kind: PodKind; object: Raw; user: UserInfo } | null {
  if (kind.resource === 'podtemplates') {
    const { metadata, spec } = podTemplateOf(kind, object) ?? {};
    const { namespace, name } = child(object, 'metadata');
    const pod = { ...(isRaw(metadata) ? metadata : {}), namespace, generateName: `${name}-` };
    return { kind: POD, object: { apiVersion: 'v1', kind: 'Pod', metadata: pod, spec }, user: author };
  }
  const maker = makerOf(kind.resource);
  const next = maker?.makes ? makerOf(maker.makes) : undefined;
  const made = madeOf(kind, object);
  if (!maker?.controller || !next || made === null) return null;
  return { kind: next, object: made, user: controllerUser(maker.controller) };
}

/**
 * The object as admission sees it: a workload has the defaults of its template, and the replicas its controller reads.
 */
function defaulted(kind: PodKind, object: Raw, server: Version): Raw {
  if (kind.resource === 'pods') return defaultPod(object, server);
  const template = podTemplateOf(kind, object);
  if (!template) return object;
  const filled = REPLICATED.has(kind.resource) ? { replicas: 1, ...child(object, 'spec') } : object.spec;
  return putTemplate({ ...object, ...(isRaw(filled) ? { spec: filled } : {}) }, template, defaultTemplate(template));
}

/** A copy of `object` in which `template` is replaced. Goes no deeper than a CronJob has its template. */
function putTemplate(object: Raw, template: Raw, by: Raw): Raw {
  const entries = Object.entries(object).map(([field, value]) => {
    if (value === template) return [field, by];
    return [field, TOWARDS.has(field) && isRaw(value) ? putTemplate(value, template, by) : value];
  });
  return Object.fromEntries(entries);
}

function request(
  { group, version, resource, kind }: PodKind,
  object: Raw,
  namespace: string,
  user: UserInfo,
): AdmissionRequest {
  return {
    operation: 'CREATE',
    kind: { group, version, kind },
    resource: { group, version, resource },
    subresource: '',
    namespace,
    name: text(child(object, 'metadata'), 'name') ?? '',
    object,
    oldObject: null,
    user,
  };
}

const [POD] = POD_MAKERS;
const REPLICATED: ReadonlySet<string> = new Set([
  'deployments',
  'replicasets',
  'statefulsets',
  'replicationcontrollers',
]);
const TOWARDS: ReadonlySet<string> = new Set(['spec', 'jobTemplate']);
