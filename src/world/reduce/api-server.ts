import { isRaw, type Raw } from '../raw.ts';

/**
 * Whether a pod is the image in the API of a kube-apiserver that the kubelet runs from a file, as kubeadm and its like
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
