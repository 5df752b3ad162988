import { isRaw, type Raw } from '../raw.ts';

/**
 * Whether a pod is the mirror pod of a kube-apiserver that the kubelet runs from a file, as kubeadm and similar tools
 * set it up.
 */
export function isApiServer({ metadata }: Raw): boolean {
  if (!isRaw(metadata) || metadata.namespace !== 'kube-system') return false;
  const { labels, annotations } = metadata;
  return (
    isRaw(labels) &&
    labels.component === 'kube-apiserver' &&
    isRaw(annotations) &&
    Object.hasOwn(annotations, 'kubernetes.io/config.mirror')
  );
}
