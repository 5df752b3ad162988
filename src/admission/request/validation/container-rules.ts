import { children, type Raw, text } from '../../../world/raw.ts';
import { PROBES } from '../../pod-security/pod.ts';
import { flag } from '../fields.ts';
import { contextOf, type Placed } from './containers.ts';
import { validateHandlers } from './handlers.ts';
import { dnsLabel } from './names.ts';
import { hostPortConflicts, validatePorts } from './ports.ts';
import { duplicate, forbidden, invalid, notFound, oneOf, type Problem, required } from './problem.ts';
import { validateSecurityContext } from './security-context.ts';

/**
 * Validates containers of every kind, by the rules for all containers and by those for the kind. Mirrors kubernetes
 * pkg/apis/core/validation/validation.go.
 */
export function validateContainers(
  spec: Raw,
  containers: readonly Placed[],
  { allowPrivileged, isTemplate }: { allowPrivileged: boolean; isTemplate: boolean },
): Problem[] {
  const options = { hostUsers: flag(spec, 'hostUsers') !== false, allowPrivileged };
  return [
    ...(containers.some(({ list }) => list === 'containers') ? [] : [required('spec.containers')]),
    ...containers.flatMap((each) => [...common(each, options), ...BY_KIND[each.list](each, containers)]),
    ...(isTemplate ? [] : containers.flatMap(paddedImage)),
    ...repeatedNames(containers),
    ...hostPortConflicts(containers),
  ];
}

function common({ raw, path, name }: Placed, options: Parameters<typeof validateSecurityContext>[2]): Problem[] {
  const image = text(raw, 'image') ?? '';
  const context = contextOf(raw);
  return [
    ...(name === '' ? [required(`${path}.name`)] : dnsLabel(`${path}.name`, name)),
    ...(image === '' ? [required(`${path}.image`)] : []),
    ...oneOf(`${path}.terminationMessagePolicy`, text(raw, 'terminationMessagePolicy'), [
      'File',
      'FallbackToLogsOnError',
    ]),
    ...oneOf(`${path}.imagePullPolicy`, text(raw, 'imagePullPolicy'), ['Always', 'IfNotPresent', 'Never']),
    ...children(raw, 'env').flatMap((each, index) =>
      text(each, 'name') ? [] : [required(`${path}.env[${index}].name`)],
    ),
    ...validatePorts(raw, path),
    ...(context ? validateSecurityContext(context, `${path}.securityContext`, options) : []),
  ];
}

/** The server checks the image of a template only when its pods are created. */
function paddedImage({ raw, path }: Placed): Problem[] {
  const image = text(raw, 'image') ?? '';
  return image.trim() === image
    ? []
    : [invalid(`${path}.image`, image, 'must not have leading or trailing whitespace')];
}

const BY_KIND: Readonly<Record<Placed['list'], (container: Placed, all: readonly Placed[]) => Problem[]>> = {
  containers: ({ raw, path }) => [...validateHandlers(raw, path), ...restartPolicy(raw, path)],
  initContainers: ({ raw, path }) => {
    if (text(raw, 'restartPolicy') === 'Always') return validateHandlers(raw, path);
    const handled = [...PROBES, 'lifecycle'].filter((field) => raw[field]);
    return [
      ...restartPolicy(raw, path),
      ...handled.map((field) =>
        forbidden(`${path}.${field}`, 'may not be set for init containers without restartPolicy=Always'),
      ),
    ];
  },
  ephemeralContainers: ({ raw, path }, all) => {
    const target = text(raw, 'targetContainerName') ?? '';
    const isThere = all.some(({ list, name }) => list !== 'ephemeralContainers' && name === target);
    return [
      ...(target === '' || isThere ? [] : [notFound(`${path}.targetContainerName`, target)]),
      ...NOT_EPHEMERAL.filter((field) => isSet(raw[field])).map((field) =>
        forbidden(`${path}.${field}`, 'cannot be set for an Ephemeral Container'),
      ),
      ...children(raw, 'volumeMounts').flatMap((mount, index) =>
        ['subPath', 'subPathExpr']
          .filter((field) => mount[field])
          .map((field) =>
            forbidden(`${path}.volumeMounts[${index}].${field}`, 'cannot be set for an Ephemeral Container'),
          ),
      ),
    ];
  },
};

const restartPolicy = (raw: Raw, path: string): Problem[] =>
  oneOf(`${path}.restartPolicy`, text(raw, 'restartPolicy'), ['Always', 'Never', 'OnFailure']);

/** Regular containers come first, so that another container which repeats a name is the one that is reported. */
function repeatedNames(containers: readonly Placed[]): Problem[] {
  const seen = new Set<string>();
  const inOrder = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((kind) =>
    containers.filter(({ list }) => list === kind),
  );
  return inOrder.flatMap(({ name, path, list }) => {
    const isRepeated = seen.has(name);
    if (name !== '' || list !== 'initContainers') seen.add(name);
    return isRepeated ? [duplicate(`${path}.name`, name)] : [];
  });
}

/** Whether `resources` is set. The values that stand for absent do not count. */
const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && !(typeof value === 'object' && Object.keys(value).length === 0);

const NOT_EPHEMERAL = [
  'ports',
  'resources',
  ...PROBES,
  'lifecycle',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
];
