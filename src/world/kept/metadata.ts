import { fields, keep, map, out, outAsWhole, type Shape } from './shape.ts';

/**
 * Annotations that something is decided by: AppArmor and seccomp of old, what OpenShift allots and requires, and how
 * Kyverno extends a policy.
 */
const DECISIVE =
  /^(?:container\.apparmor\.security\.beta\.kubernetes\.io\/.*|(?:container\.)?seccomp\.security\.alpha\.kubernetes\.io\/.*|openshift\.io\/(?:sa\.scc\.(?:uid-range|supplemental-groups|mcs)|required-scc)|pod-policies\.kyverno\.io\/autogen-controllers)$/;

const isDecisive = (key: string): boolean => DECISIVE.test(key);

const base = {
  name: keep,
  generateName: keep,
  namespace: keep,
  uid: keep,
  resourceVersion: keep,
  generation: keep,
  creationTimestamp: keep,
  deletionTimestamp: keep,
  labels: map(() => keep),
  ownerReferences: fields({
    apiVersion: keep,
    kind: keep,
    name: keep,
    uid: keep,
    controller: keep,
    blockOwnerDeletion: keep,
  }),
};

/** Names and labels, annotations that decide something, and who wrote when. */
export const metadata: Shape = fields({
  ...base,
  annotations: map((key) => (isDecisive(key) ? keep : () => undefined)),
  managedFields: fields({ manager: keep, operation: keep, time: keep }),
});

/** Of an object that policies are asked about: whatever they read of it is there, known or not. */
export const policyMetadata: Shape = fields(
  {
    ...base,
    deletionGracePeriodSeconds: keep,
    finalizers: keep,
    annotations: map((key) => (isDecisive(key) ? keep : out)),
    managedFields: () => undefined,
  },
  outAsWhole,
);
