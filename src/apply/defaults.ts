import { defaultPod } from '../admission/request/defaults/pod.ts';
import { requireDecodable } from '../admission/request/validation/decodable.ts';
import type { KindName } from '../world/kinds.ts';
import { child, flag, isRaw, type Raw, text } from '../world/raw.ts';
import type { Version } from '../world/version.ts';

/** The facts beside the pod itself on which its defaults depend. */
export interface PodSetting {
  version: Version;
  /** Whether an account sets that its token is not mounted. */
  isSilent(namespace: string, account: string): boolean;
}

/**
 * A copy of a manifest as the API server would store it, as far as questions read the fields that it fills in: a
 * generated name, the name label of a Namespace, the selector of a Job and of a ReplicationController, and all defaults
 * of a pod (its account, its token, ports of the node). Throws Malformed for a pod that the server could not decode.
 */
export function withDefaults(kind: KindName, raw: Raw, namespace: string | null, setting: PodSetting): Raw {
  const named = withName(raw);
  if (kind === 'namespaces') return labelled(named);
  if (kind === 'jobs') return selecting(named, { matchLabels: { [JOB_NAME]: text(child(named, 'metadata'), 'name') } });
  if (kind === 'replicationcontrollers')
    return selecting(named, child(child(child(named, 'spec'), 'template'), 'metadata').labels);
  return kind === 'pods' ? podWithDefaults(named, namespace ?? '', setting) : named;
}

/** For a generated name, the part that is known and a placeholder for the rest. */
function withName(raw: Raw): Raw {
  const { metadata } = raw;
  if (!isRaw(metadata) || metadata.name || typeof metadata.generateName !== 'string') return raw;
  return { ...raw, metadata: { ...metadata, name: `${metadata.generateName}xxxxx` } };
}

function labelled(raw: Raw): Raw {
  const metadata = child(raw, 'metadata');
  return {
    ...raw,
    metadata: { ...metadata, labels: { ...child(metadata, 'labels'), [NAMESPACE_NAME]: metadata.name } },
  };
}

function selecting(raw: Raw, selector: unknown): Raw {
  const spec = child(raw, 'spec');
  return spec.selector || selector === undefined ? raw : { ...raw, spec: { ...spec, selector } };
}

/**
 * The account's setting about its token is no default of the pod; the plug-in reads it where the pod has no such
 * setting.
 */
function podWithDefaults(raw: Raw, namespace: string, { version, isSilent }: PodSetting): Raw {
  // This comes before anything is filled in, since a default replaces values that are false or 0 even where they have
  // the wrong type.
  requireDecodable(raw);
  const spec = child(raw, 'spec');
  const account = text(spec, 'serviceAccountName') || text(spec, 'serviceAccount') || 'default';
  const silenced = flag(spec, 'automountServiceAccountToken') === null && isSilent(namespace, account);
  const metadata = { ...child(raw, 'metadata'), namespace };
  return defaultPod(
    { ...raw, metadata, spec: silenced ? { ...spec, automountServiceAccountToken: false } : spec },
    version,
  );
}

/** The label that kube-apiserver gives each Namespace. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
const JOB_NAME = 'batch.kubernetes.io/job-name';
