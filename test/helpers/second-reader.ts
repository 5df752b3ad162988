import {
  CoreV1Api,
  KubeConfig,
  RbacAuthorizationV1Api,
  type V1Container,
  type V1ContainerStatus,
  type V1LabelSelector,
  type V1Namespace,
  type V1Node,
  type V1ObjectMeta,
  type V1Pod,
  type V1PolicyRule,
  type V1SecurityContext,
  type V1Taint,
  type V1Volume,
} from '@kubernetes/client-node';
import type {
  Binding,
  ContainerFacts,
  LabelSelector,
  Mount,
  Namespace,
  Node,
  Pod,
  PodContext,
  Provenance,
  Role,
  Rule,
  SecurityContext,
  Volume,
} from '../../src/world/objects.ts';

/** A pod without what is worked out from its fields. */
type PlainPod = Omit<Pod, 'whole' | 'beyond'>;

/** What another reader than ours finds in a cluster, in the shapes of our world. */
export interface Judged {
  roles: Role[];
  clusterroles: Role[];
  rolebindings: Binding[];
  clusterrolebindings: Binding[];
  pods: PlainPod[];
  nodes: Node[];
  namespaces: Namespace[];
}

/**
 * Reads a cluster by `@kubernetes/client-node`: its own kubeconfig, its own connections, its own models, which its
 * authors generate from upstream's OpenAPI. Only what our types keep of an object is written down here a second time,
 * from typed fields.
 */
export async function readWithClientNode(kubeconfigFile: string): Promise<Judged> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigFile);
  const [core, rbac] = [config.makeApiClient(CoreV1Api), config.makeApiClient(RbacAuthorizationV1Api)];
  const [roles, clusterRoles, roleBindings, clusterRoleBindings, pods, nodes, namespaces] = await Promise.all([
    rbac.listRoleForAllNamespaces(),
    rbac.listClusterRole(),
    rbac.listRoleBindingForAllNamespaces(),
    rbac.listClusterRoleBinding(),
    core.listPodForAllNamespaces(),
    core.listNode(),
    core.listNamespace(),
  ]);
  return {
    roles: roles.items.map(({ metadata, rules }) => role('Role', metadata, rules, null)),
    clusterroles: clusterRoles.items.map(({ metadata, rules, aggregationRule }) =>
      role('ClusterRole', metadata, rules, aggregationRule?.clusterRoleSelectors?.map(labelSelector) ?? null),
    ),
    rolebindings: roleBindings.items.map((each) => binding('RoleBinding', each)),
    clusterrolebindings: clusterRoleBindings.items.map((each) => binding('ClusterRoleBinding', each)),
    pods: pods.items.map(pod),
    nodes: nodes.items.map(node),
    namespaces: namespaces.items.map(namespace),
  };
}

const named = ({ namespace, name }: V1ObjectMeta = {}) => ({ namespace: namespace ?? null, name: name ?? '' });

/** The API's own spelling of a time, which models turn into a Date. */
const timeOf = (date: Date | undefined): string | null => date?.toISOString().replace('.000Z', 'Z') ?? null;

function provenance({ creationTimestamp, managedFields = [] }: V1ObjectMeta = {}): Provenance {
  const times = managedFields.flatMap(({ time }) => (time ? [time.getTime()] : []));
  const last = managedFields.findLast(({ time }) => time?.getTime() === Math.max(...times));
  return { created: timeOf(creationTimestamp), changed: timeOf(last?.time), manager: last?.manager ?? null };
}

const ruleOf = ({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: V1PolicyRule): Rule => ({
  ...{ verbs: verbs ?? [], apiGroups, resources, resourceNames, nonResourceURLs },
});

const labelSelector = ({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector): LabelSelector => ({
  matchLabels,
  matchExpressions: matchExpressions.map(({ key, operator, values = [] }) => ({ key, operator, values })),
});

const role = (
  kind: Role['kind'],
  metadata: V1ObjectMeta | undefined,
  rules: V1PolicyRule[] | undefined,
  selectors: Role['selectors'],
): Role => ({
  ...{ kind, ...named(metadata), ...provenance(metadata), labels: metadata?.labels ?? {} },
  ...{ rules: (rules ?? []).map(ruleOf), selectors },
});

interface AnyBinding {
  metadata?: V1ObjectMeta;
  roleRef: { kind: string; name: string };
  subjects?: { kind: string; name: string; namespace?: string }[];
}

const binding = (kind: Binding['kind'], { metadata, roleRef, subjects = [] }: AnyBinding): Binding => ({
  ...{ kind, ...named(metadata), ...provenance(metadata) },
  roleRef: { kind: roleRef.kind, name: roleRef.name },
  subjects: subjects.map((each) => ({ kind: each.kind, namespace: each.namespace ?? null, name: each.name })),
});

const namespace = ({ metadata }: V1Namespace): Namespace => ({
  ...{ ...named(metadata), labels: metadata?.labels ?? {}, deleting: metadata?.deletionTimestamp !== undefined },
  ...(metadata?.annotations && { annotations: metadata.annotations }),
});

const node = ({ metadata, spec, status }: V1Node): Node => ({
  ...{ ...named(metadata), labels: metadata?.labels ?? {} },
  kubeletPort: status?.daemonEndpoints?.kubeletEndpoint?.Port || 10250,
  osImage: status?.nodeInfo?.osImage ?? '',
  operatingSystem: status?.nodeInfo?.operatingSystem ?? '',
  containerRuntimeVersion: status?.nodeInfo?.containerRuntimeVersion ?? '',
  ...taintsOf(spec?.taints ?? []),
});

/** Those that keep pods away. */
function taintsOf(all: readonly V1Taint[]): Pick<Node, 'taints'> {
  const taints = all
    .filter(({ effect }) => effect.startsWith('No'))
    .map(({ key, value = '', effect }) => ({ key, value, effect }));
  return taints.length === 0 ? {} : { taints };
}

function pod({ metadata = {}, spec = { containers: [] }, status = {} }: V1Pod): PlainPod {
  const { ownerReferences = [], annotations = {} } = metadata;
  const owner = ownerReferences.find(({ controller }) => controller) ?? ownerReferences[0];
  const [group = ''] = owner?.apiVersion.includes('/') ? owner.apiVersion.split('/') : [];
  const volumes = (spec.volumes ?? []).flatMap((each) => volumesOf(each, metadata.name ?? ''));
  const facts = (kind: ContainerFacts['kind'], of: V1Container[] = [], statuses: V1ContainerStatus[] = []) =>
    of.map((each) => container(kind, each, { volumes, all: spec.volumes ?? [], statuses, annotations }));
  return {
    ...{ ...named(metadata), labels: metadata.labels ?? {}, created: timeOf(metadata.creationTimestamp) },
    ...{ node: spec.nodeName ?? null, phase: status.phase ?? null, deleting: metadata.deletionTimestamp !== undefined },
    serviceAccount: 'kubernetes.io/config.mirror' in annotations ? null : (spec.serviceAccountName ?? 'default'),
    owner: owner ? { group, kind: owner.kind, name: owner.name } : null,
    context: podContext(spec),
    containers: [
      ...facts('init', spec.initContainers, status.initContainerStatuses),
      ...facts('regular', spec.containers, status.containerStatuses),
      ...facts('ephemeral', spec.ephemeralContainers, status.ephemeralContainerStatuses),
    ],
    volumes,
    flags: null,
  };
}

const podContext = (spec: NonNullable<V1Pod['spec']>): PodContext => ({
  ...contextOf(spec.securityContext),
  ...{ hostNetwork: spec.hostNetwork ?? false, hostPID: spec.hostPID ?? false, hostIPC: spec.hostIPC ?? false },
  ...{ hostUsers: spec.hostUsers ?? true, shareProcessNamespace: spec.shareProcessNamespace ?? false },
  sysctls: (spec.securityContext?.sysctls ?? []).map(({ name }) => name),
  ...{ runtimeClass: spec.runtimeClassName ?? null, os: spec.os?.name ?? null },
  ...{ nodeSelector: spec.nodeSelector ?? {}, restartPolicy: spec.restartPolicy ?? 'Always' },
});

const contextOf = (context: Pick<V1SecurityContext, CommonFields> = {}): SecurityContext => ({
  ...{ runAsUser: context.runAsUser ?? null, runAsNonRoot: context.runAsNonRoot ?? null },
  seccomp: profileOf(context.seccompProfile),
  appArmor: profileOf(context.appArmorProfile),
  ...{ seLinuxType: context.seLinuxOptions?.type ?? null, hostProcess: context.windowsOptions?.hostProcess ?? null },
});

type CommonFields =
  | 'runAsUser'
  | 'runAsNonRoot'
  | 'seccompProfile'
  | 'appArmorProfile'
  | 'seLinuxOptions'
  | 'windowsOptions';

const profileOf = (profile: { type: string; localhostProfile?: string } | undefined) =>
  profile ? { type: profile.type, localhostProfile: profile.localhostProfile ?? null } : null;

interface Around {
  volumes: Volume[];
  all: V1Volume[];
  statuses: V1ContainerStatus[];
  annotations: Record<string, string>;
}

function container(
  kind: ContainerFacts['kind'],
  each: V1Container,
  { volumes, all, statuses, annotations }: Around,
): ContainerFacts {
  const { name, securityContext: context = {}, lifecycle = {}, volumeMounts = [], env = [], envFrom = [] } = each;
  const status = statuses.find((one) => one.name === name);
  const { running, terminated } = status?.state ?? {};
  const handlers = [each.livenessProbe, each.readinessProbe, each.startupProbe, lifecycle.postStart, lifecycle.preStop];
  const isToken = ({ name: volume }: { name: string }) =>
    all.some(
      (one) => one.name === volume && one.projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken),
    );
  // The server itself makes fields of those that say something.
  if (annotations[`container.apparmor.security.beta.kubernetes.io/${name}`] && !context.appArmorProfile)
    throw new Error('no field of it');
  return {
    ...{ name, kind: kind === 'init' && each.restartPolicy === 'Always' ? 'sidecar' : kind },
    tokenPaths: volumeMounts.filter(isToken).map(({ mountPath }) => mountPath),
    context: {
      ...contextOf(context),
      ...{
        privileged: context.privileged ?? false,
        allowPrivilegeEscalation: context.allowPrivilegeEscalation ?? null,
      },
      ...{ add: context.capabilities?.add ?? [], drop: context.capabilities?.drop ?? [] },
      ...{ procMount: context.procMount ?? null, readOnlyRootFilesystem: context.readOnlyRootFilesystem ?? false },
    },
    status: status
      ? {
          state: running ? 'running' : terminated ? 'terminated' : 'waiting',
          exitCode: terminated?.exitCode ?? null,
          uid: status.user?.linux?.uid ?? null,
        }
      : null,
    restartPolicy: (each.restartPolicyRules ?? []).length > 0 ? 'Always' : (each.restartPolicy ?? null),
    mounts: mountsOf(each, volumes),
    hostPorts: (each.ports ?? []).flatMap(({ hostPort }) => hostPort ?? []),
    probeHosts: handlers.flatMap((handler) => [handler?.httpGet?.host ?? [], handler?.tcpSocket?.host ?? []].flat()),
    secrets: [
      ...new Set([
        ...envFrom.flatMap(({ secretRef }) => secretRef?.name ?? []),
        ...env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []),
      ]),
    ],
  };
}

function mountsOf({ volumeMounts = [], volumeDevices = [] }: V1Container, volumes: Volume[]): Mount[] {
  const kept = volumeMounts.filter(({ name }) => volumes.some((volume) => volume.name === name));
  // Devices of a pod that keeps no volume are of none that matters.
  const devices = volumes.length === 0 ? [] : volumeDevices;
  return [
    ...kept.map((each) => ({
      ...{ volume: each.name, path: each.mountPath, readOnly: each.readOnly ?? false },
      recursiveReadOnly: each.recursiveReadOnly === 'Disabled' ? null : (each.recursiveReadOnly ?? null),
      ...{ subPath: each.subPathExpr ?? each.subPath ?? null, device: false },
    })),
    ...devices.map((each) => ({
      ...{
        volume: each.name,
        path: each.devicePath,
        readOnly: false,
        recursiveReadOnly: null,
        subPath: null,
        device: true,
      },
    })),
  ];
}

function volumesOf(volume: V1Volume, podName: string): Volume[] {
  const { name } = volume;
  const of = (source: string, detail: string | undefined, more: Partial<Volume> = {}): Volume[] =>
    detail === undefined ? [] : [{ name, source, detail, type: '', readOnly: false, ...more }];
  return [
    ...of('hostPath', volume.hostPath?.path, { type: volume.hostPath?.type ?? '' }),
    ...of('persistentVolumeClaim', volume.persistentVolumeClaim?.claimName, {
      readOnly: volume.persistentVolumeClaim?.readOnly ?? false,
    }),
    ...of('gitRepo', volume.gitRepo?.repository),
    ...of('csi', volume.csi?.driver),
    ...of('flexVolume', volume.flexVolume?.driver),
    ...of('image', volume.image?.reference),
    ...of('secret', volume.secret?.secretName),
    ...(volume.projected?.sources ?? []).flatMap(({ secret }) => of('secret', secret?.name)),
    ...(volume.ephemeral ? of('persistentVolumeClaim', `${podName}-${name}`) : []),
  ];
}
