import { defaultPod } from '../../../admission/request/defaults/pod.ts';
import { requireDecodable } from '../../../admission/request/validation/decodable.ts';
import type { KindName } from '../../../world/kinds.ts';
import { child, flag, isRaw, type Raw, text } from '../../../world/raw.ts';
import type { Version } from '../../../world/version.ts';

/** What the defaults of a pod rest on besides itself. */
export interface PodSetting {
  version: Version;
  /** Whether an account says that its token is not mounted. */
  isSilent(namespace: string, account: string): boolean;
}

/**
 * A manifest as the API server would store it, as far as questions read what it fills in: a name that it makes up, the
 * label with the name of a Namespace, the selector of a Job and of a ReplicationController, and all of a pod: its
 * account, its token, ports of the node. The manifest itself is left as it is. Throws Malformed for a pod that the
 * server could not decode.
 */
export function withDefaults(kind: KindName, raw: Raw, namespace: string | null, setting: PodSetting): Raw {
  const named = withName(raw);
  if (kind === 'namespaces') return labelled(named);
  if (kind === 'jobs') return selecting(named, { matchLabels: { [JOB_NAME]: text(child(named, 'metadata'), 'name') } });
  if (kind === 'replicationcontrollers')
    return selecting(named, child(child(child(named, 'spec'), 'template'), 'metadata').labels);
  return kind === 'pods' ? podWithDefaults(named, namespace ?? '', setting) : named;
}

/** Of a name that is generated, the part that is known, and what stands for the rest. */
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

/** What an account says of its token is no default of the pod's: the plug-in looks at it where the pod is silent. */
function podWithDefaults(raw: Raw, namespace: string, { version, isSilent }: PodSetting): Raw {
  // Before anything is filled in: a default takes the place of what is false or 0, whatever it should have been.
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
