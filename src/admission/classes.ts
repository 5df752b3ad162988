import { NODE_USER } from '../rbac/subjects.ts';
import type { GroupKind, KindName } from '../world/kinds.ts';
import type { Manifest } from '../world/objects.ts';
import { oncePerState } from '../world/once.ts';
import { isRaw, type Raw } from '../world/reduce/raw.ts';
import type { World } from '../world/world.ts';
import { defaultsOf } from './pod-security/cluster-default.ts';
import { PREFIX } from './pod-security/labels.ts';
import { readsUser as policiesReadUser } from './policies/reads-user.ts';
import type { UserInfo } from './request.ts';

/**
 * All that admission may take from a namespace, as a word: requests into two namespaces of one class, alike otherwise, are decided alike. What no
 * selector and no expression of a policy can tell apart is left out, so that hundreds of namespaces are a few classes.
 */
export function namespaceClass(namespace: string, world: World): string {
  const found = world.find('namespaces', null, namespace);
  const telling = tellingOf(world);
  if (!found || telling === 'everything' || world.list('ResourceQuota.', namespace).length > 0) return `=${namespace}`;
  // The server sets this label; a file may be without.
  const labels = Object.entries({ 'kubernetes.io/metadata.name': namespace, ...found.labels }).flatMap(([key, value]) => {
    const values = key.startsWith(PREFIX) ? 'all' : telling.get(key);
    return values === undefined ? [] : [[key, values === 'all' || values.has(value) ? value : null]];
  });
  return JSON.stringify([found.deleting, defaultsOf(world).exemptions.namespaces.includes(namespace), labels.sort()]);
}

/** Whether it matters to admission that this user, and not another, makes a request, whatever policies there are. */
export const isSpecial = ({ name }: UserInfo, world: World): boolean =>
  name !== null && (name.startsWith(NODE_USER) || defaultsOf(world).exemptions.usernames.includes(name));

/** Whether what policies and other engines decide may differ from user to user. */
export const layersReadUser = (world: World): boolean =>
  ENGINE_KINDS.some((kinds) => world.kinds().some((kind) => kinds.test(kind))) || policiesReadUser(world);

/** A word that is equal for users whom no layer can tell apart: one of them is asked about. */
export const writerClass = (user: UserInfo, world: World): string =>
  layersReadUser(world) || isSpecial(user, world) ? JSON.stringify([user.name, user.groups]) : '';

/** Label keys with the values that any selector of namespaces mentions; `everything` where an expression, or another engine, may look at all of it. */
type Telling = ReadonlyMap<string, ReadonlySet<string>> | 'everything';

const tellingOf = oncePerState((world): Telling => {
  const objects = deciders(world);
  if (
    objects.length <
    world
      .kinds()
      .filter(isDecider)
      .reduce((sum, kind) => sum + world.list(kind).length, 0)
  )
    return 'everything';
  if (objects.some(({ raw }) => NAMESPACE.test(JSON.stringify(raw)) || hasLocalParams(raw))) return 'everything';
  const mentioned = new Map<string, Set<string>>();
  for (const { raw } of objects) for (const selector of selectorsIn(raw)) collect(selector, mentioned);
  return mentioned;
});

const isDecider = (kind: KindName): kind is GroupKind => kind.includes('.') && !NO_DECIDERS.has(kind);

/** Upstream's own policies and webhooks. */
const deciders = (world: World): Manifest[] =>
  world.kinds().flatMap((kind) => (kind.endsWith('.admissionregistration.k8s.io') && isDecider(kind) ? world.list(kind) : []));

/** Every namespaceSelector in an object, wherever it stands. */
export function* selectorsIn(value: unknown): Generator<Raw> {
  if (Array.isArray(value)) for (const each of value) yield* selectorsIn(each);
  if (!isRaw(value)) return;
  for (const [key, each] of Object.entries(value)) {
    if (key === 'namespaceSelector' && isRaw(each)) yield each;
    else yield* selectorsIn(each);
  }
}

function collect({ matchLabels, matchExpressions }: Raw, mentioned: Map<string, Set<string>>): void {
  const note = (key: string, values: readonly unknown[]): void => {
    const known = mentioned.get(key) ?? new Set<string>();
    for (const value of values) known.add(String(value));
    mentioned.set(key, known);
  };
  if (isRaw(matchLabels)) for (const [key, value] of Object.entries(matchLabels)) note(key, [value]);
  if (Array.isArray(matchExpressions))
    for (const each of matchExpressions) if (isRaw(each)) note(String(each.key), Array.isArray(each.values) ? each.values : []);
}

/** Parameters that are looked for in the namespace of the request. */
const hasLocalParams = ({ spec }: Raw): boolean => isRaw(spec) && isRaw(spec.paramRef) && !spec.paramRef.namespace;

/** As JSON has it, where a quotation mark is escaped. `requestResource` is in the namespace of the request. */
const NAMESPACE = /namespaceObject|requestResource|\.\??namespace\b|'namespace'|\\"namespace\\"/;
/** Engines whose rules may be about anybody. */
const ENGINE_KINDS = [/\.kyverno\.io$/, /\.gatekeeper\.sh$/, /\.security\.openshift\.io$/];
/** Kept as they are, but decide nothing by themselves. */
const NO_DECIDERS: ReadonlySet<string> = new Set(['ConfigMap.', 'ResourceQuota.', 'LimitRange.']);
