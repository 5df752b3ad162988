import { child, children, isRaw, type Raw, text, textMap } from '../../../world/raw.ts';
import { labelSelector } from '../../../world/reduce/metadata.ts';
import { matchesSelector } from '../../../world/selectors.ts';
import { podTemplateOf } from '../../pod-security/warnings.ts';
import { defaultTemplate } from '../defaults/pod.ts';
import { validatePod } from './pod.ts';
import { forbidden, invalid, notSupported, type Problem, required } from './problem.ts';

/**
 * The problems that the server would report for a workload before admission, as far as its pods are concerned: the
 * selector, the template, the restart policy. Throws Malformed for an object that the server could not decode. Mirrors
 * kubernetes pkg/apis/{apps,batch,core}/validation/validation.go.
 */
export function validateWorkload(kind: { group: string; resource: string }, object: Raw): Problem[] {
  const path = PATHS[kind.resource] ?? 'spec.template';
  const template = defaultTemplate(podTemplateOf(kind, object) ?? {});
  const { name, generateName } = child(object, 'metadata');
  return [
    ...(name || generateName ? [] : [required('metadata.name', 'name or generateName is required')]),
    ...selectorProblems(kind.resource, child(object, 'spec'), template, path),
    ...templateProblems(withoutHost(object, withClaims(object, template))).map(({ field, message }) => ({
      field: `${path}.${field}`,
      message,
    })),
    ...deadlineProblems(kind, child(template, 'spec'), `${path}.spec`),
    ...restartProblems(kind, text(child(template, 'spec'), 'restartPolicy') ?? '', `${path}.spec.restartPolicy`),
  ];
}

function selectorProblems(resource: string, spec: Raw, template: Raw, path: string): Problem[] {
  const metadata = child(template, 'metadata');
  const labels = textMap(metadata, 'labels');
  const mismatch = invalid(
    `${path}.metadata.labels`,
    metadata.labels ?? null,
    '`selector` does not match template `labels`',
  );
  if (resource === 'replicationcontrollers')
    return matchesSelector({ matchLabels: textMap(spec, 'selector'), matchExpressions: [] }, labels) ? [] : [mismatch];
  if (!SELECTING.has(resource)) return [];
  if (!isRaw(spec.selector)) return [required('spec.selector'), mismatch];
  return matchesSelector(labelSelector(spec.selector), labels) ? [] : [mismatch];
}

/** The problems of a template by the rules for pods, with the fields filled in that only a pod must have. */
function templateProblems(template: Raw): Problem[] {
  const spec = child(template, 'spec');
  const pod = { metadata: { ...child(template, 'metadata'), name: 'x', generateName: '' }, spec };
  const ephemeral = children(spec, 'ephemeralContainers').length > 0;
  return [
    ...validatePod(pod, { isNew: false, isTemplate: true, allowPrivileged: true }),
    ...(ephemeral ? [forbidden('spec.ephemeralContainers', 'ephemeral containers not allowed in pod template')] : []),
  ];
}

/** The claims of a StatefulSet are volumes of its pods. */
function withClaims(object: Raw, template: Raw): Raw {
  const claims = children(child(object, 'spec'), 'volumeClaimTemplates').map(
    (each) => text(child(each, 'metadata'), 'name') ?? '',
  );
  if (object.kind !== 'StatefulSet' || claims.length === 0) return template;
  const spec = child(template, 'spec');
  const others = children(spec, 'volumes').filter((volume) => !claims.includes(text(volume, 'name') ?? ''));
  const volumes = [...claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })), ...others];
  return { ...template, spec: { ...spec, volumes } };
}

/** A StatefulSet sets the hostnames of its pods itself, so that those in the template are not validated. */
function withoutHost(object: Raw, template: Raw): Raw {
  if (object.kind !== 'StatefulSet') return template;
  const { hostname: _, subdomain: __, ...spec } = child(template, 'spec');
  return { ...template, spec };
}

/** Pods that are restarted when they end may not have a deadline. */
function deadlineProblems({ resource }: { resource: string }, spec: Raw, path: string): Problem[] {
  const kind = ENDLESS[resource];
  if (kind === undefined || spec.activeDeadlineSeconds === undefined || spec.activeDeadlineSeconds === null) return [];
  return [forbidden(`${path}.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`)];
}

function restartProblems(
  { group, resource }: { group: string; resource: string },
  policy: string,
  field: string,
): Problem[] {
  if (resource === 'podtemplates') return [];
  if (group !== 'batch') return policy === 'Always' ? [] : [notSupported(field, policy, ['Always'])];
  if (policy === 'Always' || policy === '') return [required(field, 'valid values: "OnFailure", "Never"')];
  return policy === 'OnFailure' || policy === 'Never' ? [] : [notSupported(field, policy, ['OnFailure', 'Never'])];
}

const PATHS: Readonly<Record<string, string>> = {
  cronjobs: 'spec.jobTemplate.spec.template',
  podtemplates: 'template',
};
/** The workload kinds in the words of the server's message. */
const ENDLESS: Readonly<Record<string, string>> = {
  deployments: 'ReplicaSet',
  replicasets: 'ReplicaSet',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  replicationcontrollers: 'ReplicationController',
};
const SELECTING: ReadonlySet<string> = new Set(['deployments', 'replicasets', 'statefulsets', 'daemonsets']);
