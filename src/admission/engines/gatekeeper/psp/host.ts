import { trimLetters } from '../../../../answer/ends.ts';
import { child, children, isRaw, type Raw, text, texts } from '../../../../world/raw.ts';
import { containersOf } from '../../../request/pod-containers.ts';
import { isVoid, type PspKind, perContainer, type Subject, securityOf, type Violation } from './kind.ts';

/** Constraints on what a pod shares with its node. */
export const HOST_KINDS: readonly PspKind[] = [
  {
    kind: 'K8sPSPHostNamespace',
    package: 'k8spsphostnamespace',
    parameters: [],
    reads: ['spec.hostPID', 'spec.hostIPC'],
    rules: [1],
    violations: ({ spec, features }) =>
      ['hostPID', 'hostIPC', 'hostNetwork']
        .filter((field) => spec[field] === true && features.rego.includes(`spec.${field}`))
        .map((field) => ({ detail: 'Sharing the host namespace is not allowed', rests: [`spec.${field}`] })),
  },
  {
    kind: 'K8sPSPHostNetworkingPorts',
    package: 'k8spsphostnetworkingports',
    parameters: ['exemptImages', 'hostNetwork', 'min', 'max'],
    reads: [
      'notinput.parameters.hostNetwork',
      'spec.hostNetwork',
      'hostPort<input.parameters.min',
      'hostPort>input.parameters.max',
    ],
    rules: [1],
    violations: (subject) => [
      ...hostNetwork(subject),
      ...perContainer(subject, 'ports[*].hostPort', ({ name, raw }) => hostPorts(subject, name, raw)),
    ],
  },
  {
    kind: 'K8sPSPHostFilesystem',
    package: 'k8spsphostfilesystem',
    parameters: ['allowedHostPaths'],
    reads: ['parameters.allowedHostPaths', 'hostPath.path', 'pathPrefix', '.readOnly', 'p!="/"'],
    unlike: ['parameters.allowedHostPaths==[]'],
    rules: [1],
    violations: hostPaths,
  },
  {
    kind: 'K8sPSPHostProcess',
    package: 'k8spsphostprocess',
    parameters: ['exemptImages'],
    reads: ['securityContext.windowsOptions.hostProcess==true'],
    rules: [2],
    violations: (subject) => [
      ...(child(securityOf(subject.spec), 'windowsOptions').hostProcess === true
        ? [
            {
              detail: 'HostProcess is not allowed at pod level',
              rests: ['spec.securityContext.windowsOptions.hostProcess'],
            },
          ]
        : []),
      ...perContainer(subject, 'securityContext.windowsOptions.hostProcess', ({ name, raw }) =>
        child(securityOf(raw), 'windowsOptions').hostProcess === true
          ? `HostProcess container is not allowed: ${name}`
          : null,
      ),
    ],
  },
  {
    kind: 'K8sPSPVolumeTypes',
    package: 'k8spspvolumetypes',
    parameters: ['volumes'],
    reads: ['spec.volumes[_][x]', 'x!="name"', 'parameters.volumes[_]=="*"'],
    rules: [1],
    violations: (subject) => {
      const { spec, parameters } = subject;
      if (isVoid(subject, 'volumes')) return [];
      const allowed = texts(parameters, 'volumes');
      const types = new Set(children(spec, 'volumes').flatMap(typesOf));
      return [...types]
        .filter((type) => !allowed.includes('*') && !allowed.includes(type))
        .map((type) => ({ detail: `The volume type ${type} is not allowed`, rests: ['spec.volumes[*]'] }));
    },
  },
  {
    kind: 'K8sPSPFlexVolumes',
    package: 'k8spspflexvolumes',
    parameters: ['allowedFlexVolumes'],
    reads: ['parameters.allowedFlexVolumes[_].driver==volume.flexVolume.driver'],
    rules: [1],
    violations: (subject) => {
      const { spec, parameters } = subject;
      if (isVoid(subject, 'allowedFlexVolumes')) return [];
      const drivers = children(parameters, 'allowedFlexVolumes').map((each) => text(each, 'driver'));
      return children(spec, 'volumes')
        .filter((volume) => isRaw(volume.flexVolume) && !drivers.includes(text(volume.flexVolume, 'driver')))
        .map(({ name }) => ({
          detail: `FlexVolume ${name} is not allowed`,
          rests: ['spec.volumes[*].flexVolume.driver'],
        }));
    },
  },
];

/** The server makes a volume without a type an emptyDir before any webhook sees it. */
function typesOf(volume: Raw): string[] {
  const types = Object.keys(volume).filter(
    (field) => field !== 'name' && volume[field] !== false && volume[field] !== null,
  );
  return types.length > 0 ? types : ['emptyDir'];
}

const hostNetwork = ({ spec, parameters }: Subject): Violation[] =>
  spec.hostNetwork === true && parameters.hostNetwork !== true
    ? [{ detail: 'The specified hostNetwork and hostPort are not allowed', rests: ['spec.hostNetwork'] }]
    : [];

/** A port is only refused where the constraint sets a bound. The server leaves out a port 0. */
function hostPorts({ parameters: { min, max } }: Subject, name: string, container: Raw): string | null {
  const ports = children(container, 'ports').flatMap(({ hostPort }) =>
    typeof hostPort === 'number' && hostPort !== 0 ? [hostPort] : [],
  );
  const isOut = ports.some(
    (port) => (typeof min === 'number' && port < min) || (typeof max === 'number' && port > max),
  );
  return isOut ? `The specified hostNetwork and hostPort are not allowed: container ${name}` : null;
}

function hostPaths(subject: Subject): Violation[] {
  const allowed = children(subject.parameters, 'allowedHostPaths');
  return children(subject.spec, 'volumes')
    .filter((volume) => isRaw(volume.hostPath) && !allowed.some((each) => allowsPath(each, volume, subject)))
    .map(({ name }) => ({
      detail: `HostPath volume ${name} is not allowed`,
      rests: ['spec.volumes[*].hostPath', 'spec.containers[*].volumeMounts'],
    }));
}

/**
 * A prefix allows whole segments: `/foo` allows `/foo/bar` but not `/fool`. A prefix that is read-only allows no mount
 * that could write.
 */
function allowsPath(allowed: Raw, volume: Raw, { object, features }: Subject): boolean {
  const [prefix, path] = [text(allowed, 'pathPrefix'), text(child(volume, 'hostPath'), 'path')];
  if (prefix === null || path === null) return false;
  const [start, whole] = [segments(prefix), segments(path)];
  if (start.length > whole.length || start.some((each, index) => each !== whole[index])) return false;
  if (allowed.readOnly !== true) return true;
  const mounts = containersOf(object, features.lists).flatMap(({ raw }) => children(raw, 'volumeMounts'));
  return !mounts.some((mount) => mount.name === volume.name && mount.readOnly !== true);
}

const segments = (path: string): string[] =>
  path === '/' ? [] : trimLetters(path.replace(/^\/+/, ''), '/').split('/');
