import type { AdmissionRequest } from '../request/request.ts';

/**
 * Whether a request writes the configuration of admission, which policies and webhooks never look at. Mirrors apiserver
 * webhook/predicates/rules IsExemptAdmissionConfigurationResource.
 */
export const configuresAdmission = ({ resource }: AdmissionRequest): boolean =>
  resource.group === 'admissionregistration.k8s.io' && CONFIGURATIONS.has(resource.resource);

/**
 * Whether a request asks about rights or identities, which are never stored. Mirrors kubernetes
 * pkg/kubeapiserver/admission/exclusion.
 */
export const isReview = ({ resource }: AdmissionRequest): boolean =>
  REVIEWS.has(`${resource.group}/${resource.resource}`);

const CONFIGURATIONS: ReadonlySet<string> = new Set([
  'validatingwebhookconfigurations',
  'mutatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
]);

const REVIEWS: ReadonlySet<string> = new Set([
  'authentication.k8s.io/selfsubjectreviews',
  'authentication.k8s.io/tokenreviews',
  'authorization.k8s.io/localsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectrulesreviews',
  'authorization.k8s.io/subjectaccessreviews',
]);
