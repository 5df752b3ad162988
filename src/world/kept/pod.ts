import { isRaw, type Raw } from '../raw.ts';
import { isApiServer } from '../reduce/api-server.ts';
import { isReadFlag } from './flags.ts';
import { LEFT_OUT } from './left-out.ts';
import { policyMetadata } from './metadata.ts';
import { fields, keep, map, out, outAsWhole, presence, type Shape, tree } from './shape.ts';
import { locationOf } from './url.ts';

/*
 * What is kept of pods: every field by which Kubernetes itself decides. Fields into which an author may put a secret
 * are left out: environment, arguments and commands, paths and headers of probes, options of volume drivers,
 * annotations, and every field that is not listed.
 */

const whole = tree(() => undefined);
const named = fields({ name: keep, namespace: keep, optional: keep });
const seLinux = fields({ level: keep, role: keep, type: keep, user: keep });
const profile = fields({ type: keep, localhostProfile: keep });

const securityContext = fields(
  {
    privileged: keep,
    allowPrivilegeEscalation: keep,
    readOnlyRootFilesystem: keep,
    runAsNonRoot: keep,
    runAsUser: keep,
    runAsGroup: keep,
    procMount: keep,
    fsGroup: keep,
    fsGroupChangePolicy: keep,
    supplementalGroups: keep,
    supplementalGroupsPolicy: keep,
    seLinuxChangePolicy: keep,
    capabilities: fields({ add: keep, drop: keep }),
    seLinuxOptions: seLinux,
    seccompProfile: profile,
    appArmorProfile: profile,
    windowsOptions: fields(
      { hostProcess: keep, runAsUserName: keep, gmsaCredentialSpecName: keep, gmsaCredentialSpec: out },
      outAsWhole,
    ),
    sysctls: fields({ name: keep, value: keep }),
  },
  outAsWhole,
);

const handler = {
  exec: fields({ command: out }, outAsWhole),
  httpGet: fields(
    { host: keep, port: keep, scheme: keep, path: out, httpHeaders: fields({ name: keep, value: out }, outAsWhole) },
    outAsWhole,
  ),
  tcpSocket: fields({ host: keep, port: keep }, outAsWhole),
  sleep: fields({ seconds: keep }, outAsWhole),
};
const probe = fields(
  {
    ...handler,
    grpc: fields({ port: keep, service: out }, outAsWhole),
    initialDelaySeconds: keep,
    timeoutSeconds: keep,
    periodSeconds: keep,
    successThreshold: keep,
    failureThreshold: keep,
    terminationGracePeriodSeconds: keep,
  },
  outAsWhole,
);

const fieldRef = fields({ apiVersion: keep, fieldPath: keep });
const resourceFieldRef = fields({ containerName: keep, resource: keep, divisor: keep });
const keyRef = fields({ name: keep, key: keep, optional: keep });
const resources = fields(
  { limits: map(() => keep), requests: map(() => keep), claims: fields({ name: keep, request: keep }) },
  outAsWhole,
);

const container = fields(
  {
    name: keep,
    image: keep,
    imagePullPolicy: keep,
    command: out,
    args: out,
    workingDir: keep,
    env: fields(
      {
        name: keep,
        value: out,
        valueFrom: fields(
          {
            fieldRef,
            resourceFieldRef,
            configMapKeyRef: keyRef,
            secretKeyRef: keyRef,
            fileKeyRef: fields({ volumeName: keep, path: keep, key: keep, optional: keep }),
          },
          outAsWhole,
        ),
      },
      outAsWhole,
    ),
    envFrom: fields({ prefix: keep, configMapRef: named, secretRef: named }, outAsWhole),
    ports: fields({ name: keep, hostPort: keep, containerPort: keep, protocol: keep, hostIP: keep }, outAsWhole),
    resources,
    resizePolicy: fields({ resourceName: keep, restartPolicy: keep }, outAsWhole),
    restartPolicy: keep,
    restartPolicyRules: fields({ action: keep, exitCodes: fields({ operator: keep, values: keep }) }, outAsWhole),
    volumeMounts: fields(
      {
        name: keep,
        readOnly: keep,
        recursiveReadOnly: keep,
        mountPath: keep,
        subPath: keep,
        subPathExpr: keep,
        mountPropagation: keep,
      },
      outAsWhole,
    ),
    volumeDevices: fields({ name: keep, devicePath: keep }, outAsWhole),
    livenessProbe: probe,
    readinessProbe: probe,
    startupProbe: probe,
    lifecycle: fields(
      { postStart: fields(handler, outAsWhole), preStop: fields(handler, outAsWhole), stopSignal: keep },
      outAsWhole,
    ),
    terminationMessagePath: keep,
    terminationMessagePolicy: keep,
    securityContext,
    stdin: keep,
    stdinOnce: keep,
    tty: keep,
    targetContainerName: keep,
  },
  outAsWhole,
);

const items = fields({ key: keep, path: keep, mode: keep });
const downward = fields({ path: keep, mode: keep, fieldRef, resourceFieldRef });
const claimSpec = fields(
  {
    accessModes: keep,
    resources,
    storageClassName: keep,
    volumeMode: keep,
    volumeName: keep,
    volumeAttributesClassName: keep,
    selector: whole,
    dataSource: fields({ apiGroup: keep, kind: keep, name: keep }),
    dataSourceRef: fields({ apiGroup: keep, kind: keep, name: keep, namespace: keep }),
  },
  outAsWhole,
);

/**
 * A volume. Of sources that are not listed only the names of their fields are kept, which is what the server checks.
 */
const volume = fields(
  {
    name: keep,
    hostPath: fields({ path: keep, type: keep }, outAsWhole),
    emptyDir: fields({ medium: keep, sizeLimit: keep }, outAsWhole),
    secret: fields({ secretName: keep, items, defaultMode: keep, optional: keep }, outAsWhole),
    configMap: fields({ name: keep, items, defaultMode: keep, optional: keep }, outAsWhole),
    downwardAPI: fields({ items: downward, defaultMode: keep }, outAsWhole),
    projected: fields(
      {
        defaultMode: keep,
        sources: fields(
          {
            secret: fields({ name: keep, items, optional: keep }),
            configMap: fields({ name: keep, items, optional: keep }),
            downwardAPI: fields({ items: downward }),
            serviceAccountToken: fields({ audience: keep, expirationSeconds: keep, path: keep }),
            clusterTrustBundle: fields({
              name: keep,
              signerName: keep,
              labelSelector: whole,
              optional: keep,
              path: keep,
            }),
          },
          out,
        ),
      },
      outAsWhole,
    ),
    persistentVolumeClaim: fields({ claimName: keep, readOnly: keep }, outAsWhole),
    ephemeral: fields(
      { volumeClaimTemplate: fields({ metadata: policyMetadata, spec: claimSpec }, outAsWhole) },
      outAsWhole,
    ),
    csi: fields(
      { driver: keep, readOnly: keep, fsType: keep, nodePublishSecretRef: named, volumeAttributes: out },
      outAsWhole,
    ),
    flexVolume: fields({ driver: keep, readOnly: keep, fsType: keep, secretRef: named, options: out }, outAsWhole),
    gitRepo: fields({ repository: locationOf, revision: out, directory: out }, outAsWhole),
    image: fields({ reference: keep, pullPolicy: keep }, outAsWhole),
    nfs: fields({ server: keep, path: keep, readOnly: keep }, outAsWhole),
  },
  out,
);

const spec = fields(
  {
    containers: container,
    initContainers: container,
    ephemeralContainers: container,
    volumes: volume,
    securityContext,
    hostNetwork: keep,
    hostPID: keep,
    hostIPC: keep,
    hostUsers: keep,
    shareProcessNamespace: keep,
    hostname: keep,
    hostnameOverride: keep,
    subdomain: keep,
    setHostnameAsFQDN: keep,
    hostAliases: fields({ ip: keep, hostnames: keep }, outAsWhole),
    dnsPolicy: keep,
    dnsConfig: fields({ nameservers: keep, searches: keep, options: fields({ name: keep, value: keep }) }, outAsWhole),
    os: fields({ name: keep }, outAsWhole),
    nodeName: keep,
    nodeSelector: map(() => keep),
    affinity: whole,
    tolerations: fields({ key: keep, operator: keep, value: keep, effect: keep, tolerationSeconds: keep }, outAsWhole),
    topologySpreadConstraints: whole,
    schedulerName: keep,
    schedulingGates: fields({ name: keep }, outAsWhole),
    readinessGates: fields({ conditionType: keep }, outAsWhole),
    priority: keep,
    priorityClassName: keep,
    preemptionPolicy: keep,
    runtimeClassName: keep,
    overhead: map(() => keep),
    resources,
    resourceClaims: fields({ name: keep, resourceClaimName: keep, resourceClaimTemplateName: keep }, outAsWhole),
    restartPolicy: keep,
    activeDeadlineSeconds: keep,
    terminationGracePeriodSeconds: keep,
    serviceAccount: keep,
    serviceAccountName: keep,
    automountServiceAccountToken: keep,
    enableServiceLinks: keep,
    imagePullSecrets: fields({ name: keep }, outAsWhole),
  },
  outAsWhole,
);

const state = fields({ running: presence, waiting: presence, terminated: fields({ exitCode: keep }) });
const statuses = fields({ name: keep, state, user: fields({ linux: fields({ uid: keep }) }) });

const object = fields({
  metadata: policyMetadata,
  spec,
  status: fields({
    phase: keep,
    containerStatuses: statuses,
    initContainerStatuses: statuses,
    ephemeralContainerStatuses: statuses,
  }),
});

/** A pod. Of the command line of a kube-apiserver's static pod the flags are kept that show how the server decides. */
export const pod: Shape = (value) => {
  const kept = object(value);
  return isRaw(value) && isRaw(kept) && isApiServer(value) ? withFlags(kept, value) : kept;
};

function withFlags(kept: Raw, { spec: before }: Raw): Raw {
  if (!isRaw(before) || !isRaw(kept.spec) || !Array.isArray(kept.spec.containers) || !Array.isArray(before.containers))
    return kept;
  const originals: unknown[] = before.containers;
  const containers = kept.spec.containers.map((each: unknown, index) => {
    const original = originals[index];
    if (!isRaw(each) || !isRaw(original)) return each;
    const lines = ['command', 'args'].flatMap((field) =>
      Array.isArray(original[field]) ? [[field, flagsIn(original[field])]] : [],
    );
    return { ...each, ...Object.fromEntries(lines) };
  });
  return { ...kept, spec: { ...kept.spec, containers } };
}

/** The flags that are kept; a word that is the value of the flag before it is kept with it. */
const flagsIn = (words: readonly unknown[]): unknown[] =>
  words.map((word, index) => {
    if (typeof word !== 'string') return LEFT_OUT;
    const before = words[index - 1];
    const isValue = !word.startsWith('-') && typeof before === 'string' && !before.includes('=') && isReadFlag(before);
    return isReadFlag(word) || isValue ? word : LEFT_OUT;
  });
