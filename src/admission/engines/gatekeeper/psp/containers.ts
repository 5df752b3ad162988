import { child, isRaw, type Raw, text, texts } from '../../../../world/raw.ts';
import { type PspKind, perContainer, type Subject, securityOf, Undecidable } from './kind.ts';

/** Constraints on the settings of a container. */
export const CONTAINER_KINDS: readonly PspKind[] = [
  {
    kind: 'K8sPSPPrivilegedContainer',
    package: 'k8spspprivileged',
    parameters: ['exemptImages'],
    reads: ['c.securityContext.privileged'],
    rules: [1],
    violations: (subject) =>
      perContainer(subject, 'securityContext.privileged', ({ name, raw }) =>
        securityOf(raw).privileged === true ? `Privileged container is not allowed: ${name}` : null,
      ),
  },
  {
    kind: 'K8sPSPAllowPrivilegeEscalationContainer',
    package: 'k8spspallowprivilegeescalationcontainer',
    parameters: ['exemptImages'],
    reads: [
      ['notc.securityContext.allowPrivilegeEscalation==false', 'c.securityContext.allowPrivilegeEscalation==true'],
    ],
    rules: [1],
    violations: (subject) =>
      perContainer(subject, 'securityContext.allowPrivilegeEscalation', ({ name, raw }) => {
        const said = securityOf(raw).allowPrivilegeEscalation;
        const hasToSayNo = subject.features.rego.includes('notc.securityContext.allowPrivilegeEscalation==false');
        return (hasToSayNo ? said !== false : said === true)
          ? `Privilege escalation container is not allowed: ${name}`
          : null;
      }),
  },
  {
    kind: 'K8sPSPReadOnlyRootFilesystem',
    package: 'k8spspreadonlyrootfilesystem',
    parameters: ['exemptImages'],
    reads: ['notc.securityContext.readOnlyRootFilesystem==true'],
    rules: [1],
    violations: (subject) =>
      perContainer(subject, 'securityContext.readOnlyRootFilesystem', ({ name, raw }) =>
        securityOf(raw).readOnlyRootFilesystem === true
          ? null
          : `only read-only root filesystem container is allowed: ${name}`,
      ),
  },
  {
    kind: 'K8sPSPProcMount',
    package: 'k8spspprocmount',
    parameters: ['exemptImages', 'procMount'],
    reads: ['c.securityContext.procMount', 'parameters.procMount'],
    rules: [1],
    violations: (subject) =>
      perContainer(subject, 'securityContext.procMount', ({ name, raw }) => {
        const mount = text(securityOf(raw), 'procMount');
        const mayBeUnmasked = text(subject.parameters, 'procMount')?.toLowerCase() === 'unmasked';
        return mount === null || mayBeUnmasked || mount.toLowerCase() === 'default'
          ? null
          : `ProcMount type is not allowed, container: ${name}`;
      }),
  },
  {
    kind: 'K8sPSPCapabilities',
    package: 'capabilities',
    parameters: ['exemptImages', 'allowedCapabilities', 'requiredDropCapabilities'],
    reads: [
      'securityContext.capabilities.add[_]',
      'securityContext.capabilities.drop[_]',
      'parameters.requiredDropCapabilities[_]',
    ],
    rules: [2, 4, 6],
    violations: (subject) =>
      perContainer(subject, 'securityContext.capabilities', ({ name, raw }) => capabilities(subject, name, raw)),
  },
  {
    kind: 'K8sPSPHostProbesLifecycle',
    package: 'k8spsphostprobeslifecycle',
    parameters: ['exemptImages'],
    reads: ['.httpGet.host!=""', '.tcpSocket.host!=""', 'c.livenessProbe', 'c.lifecycle.postStart'],
    rules: [2, 4],
    violations: (subject) =>
      perContainer(subject, 'livenessProbe', ({ name, raw }) =>
        hasHost(raw) ? `Container ${name} has probe or lifecycle hook with host field set` : null,
      ),
  },
  {
    kind: 'K8sPSPAutomountServiceAccountTokenPod',
    package: 'k8sautomountserviceaccounttoken',
    parameters: [],
    reads: ['spec.automountServiceAccountToken==true', '.volumeMounts[_].mountPath'],
    rules: [1],
    violations: automount,
  },
];

/** Later versions of the template ignore case, and treat dropping `ALL` as dropping each capability. */
function capabilities({ parameters, features }: Subject, name: string, container: Raw): string | null {
  const spelled = (list: readonly string[]): string[] =>
    features.rego.includes('lower(') ? list.map((each) => each.toLowerCase()) : [...list];
  const own = child(securityOf(container), 'capabilities');
  const allowed = spelled(texts(parameters, 'allowedCapabilities'));
  const added = spelled(texts(own, 'add'));
  if (!allowed.includes('*') && added.some((each) => !allowed.includes(each)))
    return `container <${name}> has a disallowed capability`;
  const dropped = spelled(texts(own, 'drop'));
  const dropsAll = features.rego.includes('{"all"}') && dropped.includes('all');
  const lacks = spelled(texts(parameters, 'requiredDropCapabilities')).some((each) => !dropped.includes(each));
  return lacks && !dropsAll ? `container <${name}> is not dropping all required capabilities` : null;
}

function hasHost(container: Raw): boolean {
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].map((field) => child(container, field));
  const hooks = ['postStart', 'preStop'].map((field) => child(child(container, 'lifecycle'), field));
  return [...probes, ...hooks].some((each) =>
    ['httpGet', 'tcpSocket'].some((kind) => (text(child(each, kind), 'host') ?? '') !== ''),
  );
}

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The webhook sees the pod after the server has mounted the token, which the server does unless the pod or its account
 * says otherwise.
 */
function automount({ spec, containers, isPod }: Subject) {
  const said = spec.automountServiceAccountToken;
  if (said === false) return [];
  const mounts = containers.flatMap(({ raw }) =>
    Array.isArray(raw.volumeMounts) ? raw.volumeMounts.filter(isRaw) : [],
  );
  if (said === undefined && isPod && !mounts.some(({ mountPath }) => mountPath === TOKEN_PATH))
    throw new Undecidable('whether the account of the pod has its token mounted');
  return said === true || mounts.some(({ mountPath }) => mountPath === TOKEN_PATH)
    ? [{ detail: 'Automounting service account token is disallowed', rests: ['spec.automountServiceAccountToken'] }]
    : [];
}
