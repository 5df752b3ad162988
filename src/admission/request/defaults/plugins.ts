import { child, children, type Raw, text } from '../../../world/raw.ts';
import { flag } from '../fields.ts';
import { fillAbsent } from './clone.ts';

/**
 * Applies the changes of plug-ins that are on by default to a pod that is created, before other layers look at it:
 * ServiceAccount (for an account without settings of its own), DefaultTolerationSeconds, and Priority (where there is
 * no class). Changes the pod. A mirror pod is not given an account. Mirrors kubernetes
 * plugin/pkg/admission/{serviceaccount,defaulttolerationseconds,priority}.
 */
export function applyPlugins(pod: Raw): void {
  const spec = child(pod, 'spec');
  if (!Object.hasOwn(child(child(pod, 'metadata'), 'annotations'), MIRROR)) {
    if (!text(spec, 'serviceAccountName'))
      Object.assign(spec, { serviceAccountName: 'default', serviceAccount: 'default' });
    if (flag(spec, 'automountServiceAccountToken') !== false) mountToken(spec);
  }
  tolerateLostNodes(spec);
  if (!spec.priorityClassName) fillAbsent(spec, { priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
}

/** The path at which the token is mounted. */
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
/** The prefix of the volume's name, to which the server adds five letters. */
const TOKEN_VOLUME = 'kube-api-access-';

/** Mounts the token in every init and regular container that mounts nothing at that path. */
function mountToken(spec: Raw): void {
  const volumes = children(spec, 'volumes');
  const present = volumes.map((volume) => text(volume, 'name') ?? '').find((name) => name.startsWith(TOKEN_VOLUME));
  const name = present ?? `${TOKEN_VOLUME}xxxxx`;
  let isMounted = false;
  for (const container of [...children(spec, 'initContainers'), ...children(spec, 'containers')]) {
    const mounts = children(container, 'volumeMounts');
    if (mounts.some((mount) => mount.mountPath === TOKEN_PATH)) continue;
    container.volumeMounts = [...mounts, { name, readOnly: true, mountPath: TOKEN_PATH }];
    isMounted = true;
  }
  if (isMounted && present === undefined) spec.volumes = [...volumes, { name, projected: tokenSource() }];
}

const tokenSource = (): Raw => ({
  defaultMode: 0o644,
  sources: [
    { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] },
    },
  ],
});

/** Adds tolerations of lost nodes for five minutes, for taints that the pod does not already tolerate. */
function tolerateLostNodes(spec: Raw): void {
  const tolerations = children(spec, 'tolerations');
  const missing = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].filter(
    (taint) => !tolerations.some(({ key, effect }) => (!key || key === taint) && (!effect || effect === 'NoExecute')),
  );
  const added = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
  if (added.length > 0) spec.tolerations = [...tolerations, ...added];
}

const MIRROR = 'kubernetes.io/config.mirror';
