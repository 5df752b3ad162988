/**
 * The subresources of pods whose requests say nothing about a pod's spec, so that Pod Security and SCCs ignore them.
 * `resize` and `ephemeralcontainers` carry the pod and are not among them. Mirrors pod-security-admission
 * admission/admission.go ignoredPodSubresources.
 */
export const WITHOUT_A_POD: ReadonlySet<string> = new Set([
  'exec',
  'attach',
  'binding',
  'eviction',
  'log',
  'portforward',
  'proxy',
  'status',
]);
