import { child, children, isRaw, type Raw, text, textMap, texts } from '../../../../world/raw.ts';

/** A field that a check objects to. */
export interface FieldError {
  /** The path of the field, with `*` for every index: `spec.containers[*].securityContext.privileged`. */
  field: string;
  /** The name of the container that has the field; null for a field of the pod. */
  container: string | null;
  /** The wrong values as texts; empty where the field is missing. */
  values: readonly string[];
}

/**
 * The fields because of which a pod fails a check, as Kyverno's copy of the checks lists them; empty for a check for
 * which it lists none. `fails` says whether a pod fails the check. It is called with parts of the pod, so that the
 * check itself decides what each version objects to. Mirrors github.com/kyverno/pod-security-admission
 * policy/check_*.go.
 */
export function fieldErrors(check: string, pod: Raw, fails: Fails): FieldError[] {
  const find = Object.hasOwn(FIELDS, check) ? FIELDS[check] : undefined;
  return find && fails(pod) ? find(pod, fails) : [];
}

type Fails = (pod: Raw) => boolean;
type Find = (pod: Raw, fails: Fails) => FieldError[];

interface Container {
  list: string;
  name: string;
  raw: Raw;
  context: Raw;
}

const LISTS = ['initContainers', 'containers', 'ephemeralContainers'];

const containersOf = (pod: Raw): Container[] =>
  LISTS.flatMap((list) =>
    children(child(pod, 'spec'), list).map((raw) => ({
      list,
      name: text(raw, 'name') ?? '',
      raw,
      context: child(raw, 'securityContext'),
    })),
  );

/** A pod that has only the given parts, and the fields that every check may read first. */
const only = (pod: Raw, spec: Raw, metadata: Raw = {}): Raw => {
  const { os, hostUsers } = child(pod, 'spec');
  return { metadata, spec: { os, hostUsers, ...spec } };
};

const onlyContainer = (pod: Raw, { list }: Container, container: Raw): Raw => only(pod, { [list]: [container] });

const ofContainer = ({ list, name }: Container, field: string, values: readonly string[]): FieldError => ({
  field: `spec.${list}[*].${field}`,
  container: name,
  values,
});

const ofPod = (field: string, values: readonly string[]): FieldError => ({ field, container: null, values });

/** Finds one field of each container that the check objects to by itself. */
const perContainer =
  (field: string, valuesOf: (container: Container, pod: Raw, fails: Fails) => readonly string[]): Find =>
  (pod, fails) =>
    containersOf(pod)
      .filter((container) => fails(onlyContainer(pod, container, container.raw)))
      .map((container) => ofContainer(container, field, valuesOf(container, pod, fails)));

/** Finds a field of the security context of the pod, and of each container. */
const perContext =
  (path: readonly string[]): Find =>
  (pod, fails) => {
    const field = `securityContext.${path.join('.')}`;
    const own = valueAt(securityContext(pod), path);
    const isBad = own !== undefined && fails(only(pod, { securityContext: nested(path, own) }));
    return [
      ...(isBad ? [ofPod(`spec.${field}`, printed(own))] : []),
      ...containersOf(pod).flatMap((container) => {
        const value = valueAt(container.context, path);
        const { name } = container;
        const isWrong =
          value !== undefined && fails(onlyContainer(pod, container, { name, securityContext: nested(path, value) }));
        return isWrong ? [ofContainer(container, field, printed(value))] : [];
      }),
    ];
  };

/**
 * Finds a field that the pod or each container has to set: the wrong values, or else the containers that have none.
 */
const required =
  (path: readonly string[], isExplicit: (value: unknown) => boolean, isBoth: boolean): Find =>
  (pod) => {
    const field = `securityContext.${path.join('.')}`;
    const own = valueAt(securityContext(pod), path);
    const containers = containersOf(pod).map((container) => ({ container, value: valueAt(container.context, path) }));
    const explicit = [
      ...(own !== undefined && isExplicit(own) ? [ofPod(`spec.${field}`, printed(own))] : []),
      ...containers
        .filter(({ value }) => value !== undefined && isExplicit(value))
        .map(({ container, value }) => ofContainer(container, field, printed(value))),
    ];
    if (explicit.length > 0 && !isBoth) return explicit;
    const isCovered = own !== undefined && !isExplicit(own);
    const silent = isCovered ? [] : containers.filter(({ value }) => value === undefined);
    return [...explicit, ...silent.map(({ container }) => ofContainer(container, field, []))];
  };

/** Finds the annotations that the check objects to by themselves. Some of them name a container. */
const annotations: Find = (pod, fails) =>
  Object.entries(textMap(child(pod, 'metadata'), 'annotations'))
    .filter(([key, value]) => {
      const names = containersOf(pod).map(({ name }) => ({ name }));
      return fails(only(pod, { containers: names }, { annotations: { [key]: value } }));
    })
    .map(([key, value]) => ofPod(`metadata.annotations[${key}]`.replaceAll(/\d+/g, '*'), printed(value)));

const all =
  (...finds: readonly Find[]): Find =>
  (pod, fails) =>
    finds.flatMap((find) => find(pod, fails));

const capabilities = (context: Raw, list: 'add' | 'drop'): readonly string[] =>
  texts(child(context, 'capabilities'), list);

const FIELDS: Readonly<Record<string, Find>> = {
  hostNamespaces: (pod) =>
    ['hostNetwork', 'hostPID', 'hostIPC']
      .filter((field) => child(pod, 'spec')[field] === true)
      .map((field) => ofPod(`spec.${field}`, ['true'])),
  privileged: perContainer('securityContext.privileged', () => ['true']),
  capabilities_baseline: perContainer('securityContext.capabilities.add', (container, pod, fails) =>
    capabilities(container.context, 'add').filter((each) =>
      fails(
        onlyContainer(pod, container, { name: container.name, securityContext: { capabilities: { add: [each] } } }),
      ),
    ),
  ),
  capabilities_restricted: (pod, fails) => {
    const bad = containersOf(pod).filter((container) => fails(onlyContainer(pod, container, container.raw)));
    const added = (context: Raw): readonly string[] =>
      capabilities(context, 'add').filter((each) => each !== 'NET_BIND_SERVICE');
    return [
      ...bad
        .filter(({ context }) => !capabilities(context, 'drop').includes('ALL'))
        .map((each) => ofContainer(each, 'securityContext.capabilities.drop', capabilities(each.context, 'drop'))),
      ...bad
        .filter(({ context }) => added(context).length > 0)
        .map((each) => ofContainer(each, 'securityContext.capabilities.add', added(each.context))),
    ];
  },
  hostPathVolumes: (pod) =>
    children(child(pod, 'spec'), 'volumes').flatMap(({ hostPath }) =>
      isRaw(hostPath) ? [ofPod('spec.volumes[*].hostPath', printed(hostPath.path))] : [],
    ),
  restrictedVolumes: (pod, fails) =>
    children(child(pod, 'spec'), 'volumes')
      .filter((volume) => fails(only(pod, { volumes: [volume] })))
      .map((volume) => ofPod(`spec.volumes[*].${Object.keys(volume).find((key) => key !== 'name') ?? 'unknown'}`, [])),
  hostPorts: (pod) =>
    containersOf(pod).flatMap((container) =>
      children(container.raw, 'ports').flatMap(({ hostPort }) =>
        typeof hostPort === 'number' && hostPort !== 0
          ? [ofContainer(container, 'ports[*].hostPort', [String(hostPort)])]
          : [],
      ),
    ),
  procMount: perContainer('securityContext.procMount', ({ context }) => printed(context.procMount)),
  sysctls: (pod, fails) =>
    children(securityContext(pod), 'sysctls')
      .filter((each) => fails(only(pod, { securityContext: { sysctls: [each] } })))
      .map(({ name }) => ofPod('spec.securityContext.sysctls[*].name', printed(name))),
  seLinuxOptions: all(...['type', 'user', 'role'].map((option) => perContext(['seLinuxOptions', option]))),
  windowsHostProcess: perContext(['windowsOptions', 'hostProcess']),
  appArmorProfile: all(perContext(['appArmorProfile', 'type']), annotations),
  seccompProfile_baseline: all(perContext(['seccompProfile', 'type']), annotations),
  seccompProfile_restricted: required(
    ['seccompProfile', 'type'],
    (type) => type !== 'RuntimeDefault' && type !== 'Localhost',
    false,
  ),
  runAsNonRoot: required(['runAsNonRoot'], (value) => value === false, true),
  runAsUser: perContext(['runAsUser']),
  allowPrivilegeEscalation: perContainer('securityContext.allowPrivilegeEscalation', ({ raw, context }) =>
    isRaw(raw.securityContext) ? [context.allowPrivilegeEscalation === true ? 'true' : 'nil'] : [],
  ),
};

const securityContext = (pod: Raw): Raw => child(child(pod, 'spec'), 'securityContext');

/** The value at a path; undefined where it is missing. */
function valueAt(raw: Raw, path: readonly string[]): unknown {
  const holder = path.slice(0, -1).reduce(child, raw);
  return holder[path.at(-1) ?? ''] ?? undefined;
}

const nested = (path: readonly string[], value: unknown): Raw =>
  path.toReversed().reduce<unknown>((inner, field) => ({ [field]: inner }), value) as Raw;

/** The texts of a value. An empty text counts as none. */
const printed = (value: unknown): readonly string[] =>
  value === undefined || value === null || value === ''
    ? []
    : [typeof value === 'string' ? value : JSON.stringify(value)];
