import { isRaw, type Raw } from '../../src/world/raw.ts';
import { isApiServer } from '../../src/world/reduce/api-server.ts';

/**
 * A copy of a raw object of a kind (`Pod`) without what may carry values: environment, arguments and commands (those of
 * probes and hooks too), headers of probes, what drivers of volumes are told, the data of Secrets and ConfigMaps (but
 * `aws-auth`, which grants), what `kubectl apply` noted. managedFields shrink to who wrote when. All other fields stay,
 * known to us or not. The command line of a kube-apiserver's static pod stays too: it holds no secrets, and tells how
 * the server decides.
 */
export function strip(kind: string, raw: Raw): Raw {
  const data = kind === 'Secret' || (kind === 'ConfigMap' && !isAwsAuth(raw)) ? DATA : [];
  const stripped = clean(omit(kind === 'PersistentVolume' ? withoutOptions(raw) : raw, data), 0) as Raw;
  return kind === 'Pod' && isApiServer(raw) ? withCommands(stripped, raw) : stripped;
}

/** What a PersistentVolume tells its driver may hold credentials. */
function withoutOptions(raw: Raw): Raw {
  if (!isRaw(raw.spec)) return raw;
  const spec = Object.entries(raw.spec).map(([field, source]) => [
    field,
    isRaw(source) ? omit(source, ['volumeAttributes', 'options']) : source,
  ]);
  return { ...raw, spec: Object.fromEntries(spec) };
}

/** With the commands and arguments of the regular containers back in place. */
function withCommands(stripped: Raw, { spec }: Raw): Raw {
  if (
    !isRaw(spec) ||
    !isRaw(stripped.spec) ||
    !Array.isArray(stripped.spec.containers) ||
    !Array.isArray(spec.containers)
  )
    return stripped;
  const before: unknown[] = spec.containers;
  const containers = stripped.spec.containers.map((each: unknown, index) => {
    const original = before[index];
    if (!isRaw(each) || !isRaw(original)) return each;
    return {
      ...each,
      ...Object.fromEntries(
        [...COMMANDS].filter((field) => field in original).map((field) => [field, original[field]]),
      ),
    };
  });
  return { ...stripped, spec: { ...stripped.spec, containers } };
}

function clean(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) return value.map((each) => clean(each, depth + 1));
  if (!isRaw(value)) return value;
  // fromEntries, since an attacker may call a field `__proto__`.
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      if (key === LAST_APPLIED || (Array.isArray(each) && COMMANDS.has(key))) return [];
      return [[key, clean(Array.isArray(each) ? each.map(SHRINK.get(key) ?? same) : each, depth + 1)]];
    }),
  );
}

const omit = (raw: Raw, fields: readonly string[]): Raw =>
  Object.fromEntries(Object.entries(raw).filter(([key]) => !fields.includes(key)));

const withoutValue = (each: unknown): unknown => (isRaw(each) ? omit(each, ['value']) : each);

const writer = (each: unknown): unknown =>
  isRaw(each) ? { manager: each.manager, operation: each.operation, time: each.time } : each;

const same = (each: unknown): unknown => each;

function isAwsAuth({ metadata }: Raw): boolean {
  return isRaw(metadata) && metadata.name === 'aws-auth' && metadata.namespace === 'kube-system';
}

const SHRINK: ReadonlyMap<string, (each: unknown) => unknown> = new Map([
  ['env', withoutValue],
  ['httpHeaders', withoutValue],
  ['managedFields', writer],
]);

const COMMANDS = new Set(['args', 'command']);
const DATA = ['data', 'stringData', 'binaryData'];
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const DEEPEST = 500;
