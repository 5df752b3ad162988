import type { GroupKind } from '../../world/kinds.ts';

export const VALIDATING: GroupKind = 'ValidatingAdmissionPolicy.admissionregistration.k8s.io';
export const VALIDATING_BINDING: GroupKind = 'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io';
export const MUTATING: GroupKind = 'MutatingAdmissionPolicy.admissionregistration.k8s.io';
export const MUTATING_BINDING: GroupKind = 'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io';
