import type { Kind } from '../kinds.ts';
import { isRaw, type Raw } from '../raw.ts';
import { embeddedPodSpec, schemaWithPodSpec } from '../reduce/embedded-pod-spec.ts';
import { LEFT_OUT } from './left-out.ts';
import { metadata, policyMetadata, tokenMetadata } from './metadata.ts';
import { mentioned } from './params.ts';
import { pod } from './pod.ts';
import { policyShape } from './policies.ts';
import { fields, keep, map, presence, type Shape, tree } from './shape.ts';

/**
 * What a snapshot keeps of an object: the fields that questions read, listed for each kind, and for other fields that
 * policies may read only their presence (`LEFT_OUT`). `words` are the words in the expressions of policies, through
 * which parameters are read. Never throws, and does not change the object.
 */
export function kept(
  { group, kind }: Pick<Kind, 'group' | 'kind'>,
  raw: Raw,
  words: ReadonlySet<string> = new Set(),
): Raw {
  const shape = policyShape(kind, group) ?? SHAPES.get(`${kind}.${group}`) ?? paramShape(words);
  const found = shape(raw);
  return isRaw(found) ? found : {};
}

const whole = tree(() => undefined);

const RBAC = 'rbac.authorization.k8s.io';
const rules = fields({ verbs: keep, apiGroups: keep, resources: keep, resourceNames: keep, nonResourceURLs: keep });
const role = fields({ metadata, rules, aggregationRule: fields({ clusterRoleSelectors: whole }) });
const binding = fields({
  metadata,
  roleRef: fields({ apiGroup: keep, kind: keep, name: keep }),
  subjects: fields({ apiGroup: keep, kind: keep, namespace: keep, name: keep }),
});

const workload = fields({ metadata, spec: fields({ selector: whole }) });
const labelSelector = map(() => keep);

const awsAuth: Shape = fields({ metadata, data: map(() => keep) });
const configMap: Shape = (value) => (isAwsAuth(value) ? awsAuth : fields({ metadata }))(value);

/** The ConfigMap aws-auth grants: it gives users and groups of the cluster to roles of the cloud. */
const isAwsAuth = (value: unknown): boolean =>
  isRaw(value) &&
  isRaw(value.metadata) &&
  value.metadata.name === 'aws-auth' &&
  value.metadata.namespace === 'kube-system';

const path = fields({ path: keep, type: keep });

/** Of a schema only where it embeds a PodSpec. */
const podSpecOnly: Shape = (schema) => {
  const found = withPodSpec(schema);
  return isRaw(found) && Object.keys(found).length === 0 ? undefined : found;
};

const withPodSpec = fields({
  openAPIV3Schema: (schema) => {
    const found = embeddedPodSpec(schema);
    return found === null ? undefined : schemaWithPodSpec(found);
  },
});

const SHAPES: ReadonlyMap<string, Shape> = new Map([
  [`Role.${RBAC}`, role],
  [`ClusterRole.${RBAC}`, role],
  [`RoleBinding.${RBAC}`, binding],
  [`ClusterRoleBinding.${RBAC}`, binding],
  ['Pod.', pod],
  ['Namespace.', fields({ metadata: policyMetadata })],
  [
    'Node.',
    fields({
      metadata,
      spec: fields({ taints: fields({ key: keep, value: keep, effect: keep }) }),
      status: fields({
        daemonEndpoints: fields({ kubeletEndpoint: fields({ Port: keep }) }),
        nodeInfo: fields({ osImage: keep, operatingSystem: keep, containerRuntimeVersion: keep, kubeletVersion: keep }),
      }),
    }),
  ],
  ['RuntimeClass.node.k8s.io', fields({ metadata, handler: keep })],
  ['ServiceAccount.', fields({ metadata, automountServiceAccountToken: keep })],
  [
    'Service.',
    fields({
      metadata,
      spec: fields({
        type: keep,
        selector: labelSelector,
        ports: fields({ name: keep, port: keep, targetPort: keep }),
      }),
    }),
  ],
  ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].map((kind): [string, Shape] => [
    `${kind}.apps`,
    workload,
  ]),
  ['Job.batch', workload],
  ['CronJob.batch', workload],
  ['ReplicationController.', workload],
  [
    'CustomResourceDefinition.apiextensions.k8s.io',
    fields({
      metadata,
      spec: fields({
        group: keep,
        scope: keep,
        names: fields({ plural: keep, singular: keep, kind: keep, shortNames: keep }),
        versions: fields({
          name: keep,
          storage: keep,
          served: keep,
          schema: podSpecOnly,
          subresources: map(() => presence),
        }),
      }),
    }),
  ],
  [
    'PersistentVolume.',
    fields({
      metadata,
      spec: fields(
        { hostPath: path, local: path, claimRef: fields({ namespace: keep, name: keep }), volumeMode: keep },
        // The field that is present tells which source it is.
        (value) => (isRaw(value) ? {} : undefined),
      ),
    }),
  ],
  ['PersistentVolumeClaim.', fields({ metadata, spec: fields({ volumeName: keep }) })],
  ['ConfigMap.', configMap],
  ['Secret.', fields({ metadata: tokenMetadata, type: keep })],
]);

/** A parameter of policies: the fields that expressions of policies name. */
const paramShape = (words: ReadonlySet<string>): Shape => {
  const values = mentioned(words);
  return (value) => {
    if (!isRaw(value)) return {};
    const { metadata: own, status: _, apiVersion, kind, ...rest } = value;
    const type = { ...(apiVersion === undefined ? {} : { apiVersion }), ...(kind === undefined ? {} : { kind }) };
    return { ...type, ...(own === undefined ? {} : { metadata: policyMetadata(own) }), ...values(rest, LEFT_OUT) };
  };
};
