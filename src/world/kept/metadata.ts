import { TOKEN_ACCOUNT } from '../reduce/others.ts';
import { fields, keep, map, out, outAsWhole, type Shape } from './shape.ts';

/**
 * The annotations that decide something: AppArmor and seccomp before they had fields, the ranges and requirements of
 * OpenShift, and how Kyverno extends a policy.
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

/** The names and labels, the annotations that decide something, and the managers of the fields with their times. */
export const metadata: Shape = fields({
  ...base,
  annotations: map((key) => (isDecisive(key) ? keep : () => undefined)),
  managedFields: fields({ manager: keep, operation: keep, time: keep }),
});

/** The same of a Secret: with the name of the account whose token it holds. */
export const tokenMetadata: Shape = fields({
  ...base,
  annotations: map((key) => (key === TOKEN_ACCOUNT ? keep : () => undefined)),
  managedFields: fields({ manager: keep, operation: keep, time: keep }),
});

/**
 * The metadata of an object that policies are asked about: every field that they may read is present, with or without
 * its value.
 */
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
