import { builtInKind, groupKind, type Kind, type KindName, parseGroupKind } from './kinds.ts';

/**
 * One thing that a question has to read: one object (GET) where a name is given, else a list. A `namespace` of null
 * stands for the whole cluster, or for a cluster-scoped kind.
 */
export interface Need {
  kind: KindName;
  namespace: string | null;
  name: string | null;
  /** A selector in the syntax of kubectl's `-l`. */
  labelSelector: string | null;
  /** The place in the API of a kind that is not built in. */
  api?: Kind;
  /** For pods: keep them as they are, and not only the fields that most questions read. */
  whole?: true;
  /** For pods: only those on this node. */
  node?: string;
  /** Only objects with this name, in any namespace. */
  named?: string;
}

export const get = (kind: KindName, namespace: string | null, name: string): Need & { name: string } => ({
  kind,
  namespace,
  name,
  labelSelector: null,
});

export const list = (kind: KindName, namespace: string | null = null, labelSelector: string | null = null): Need => ({
  kind,
  namespace,
  name: null,
  labelSelector,
});

/** All objects of a kind that discovery shows or a policy names. */
export const listOf = (api: Kind, namespace: string | null = null): Need => ({
  ...list(groupKind(api), namespace),
  api,
});

/** The same need with objects that are kept as they are. */
export const whole = (need: Need): Need => ({ ...need, whole: true });

/** The pods on a node, of any namespace. */
export const podsOn = (node: string): Need & { kind: 'pods' } => ({ ...list('pods'), kind: 'pods', node });

/** The objects with a name in any namespace. */
export const named = <K extends KindName>(kind: K, name: string): Need & { kind: K } => ({
  ...list(kind),
  kind,
  named: name,
});

/**
 * The kind that a need reads. For a kind of which only the name is known it has only that, which is enough to say what
 * was not read.
 */
export function kindOfNeed({ kind, api }: Pick<Need, 'kind' | 'api'>): Kind {
  return (
    api ??
    builtInKind(kind) ?? { ...parseGroupKind(kind), version: 'v1', resource: kind, namespaced: false, pageSize: 500 }
  );
}

export const needKey = (need: Need): string =>
  JSON.stringify([
    need.kind,
    need.namespace,
    need.name,
    need.labelSelector,
    ...(need.whole ? ['whole'] : []),
    ...(need.node ? [need.node] : []),
    ...(need.named ? ['named', need.named] : []),
  ]);

/** A need in words for people: `rolebindings in namespace shop`, `pod shop/web-0`, `clusterroles`. */
export function describeNeed(need: Need): string {
  const { namespace, name, labelSelector, node, named: sought } = need;
  const { kind, resource } = kindOfNeed(need);
  if (name !== null) return `${kind.toLowerCase()} ${namespace === null ? '' : `${namespace}/`}${name}`;
  const where = namespace === null ? '' : ` in namespace ${namespace}`;
  return `${resource}${where}${node === undefined ? '' : ` on node ${node}`}${sought === undefined ? '' : ` named ${sought}`}${labelSelector === null ? '' : ` with labels ${labelSelector}`}`;
}

/** Why something was not read. */
export interface Failure {
  kind:
    | 'unauthorized'
    | 'forbidden'
    | 'notFound'
    | 'throttled'
    | 'serverError'
    | 'timeout'
    | 'unreachable'
    | 'tls'
    | 'malformed'
    | 'notTried'
    | 'notInFile';
  status: number | null;
  /** The words of the server or the operating system, without secrets. */
  message: string;
}

/** The result of a need. */
export type Outcome = { read: true } | { read: false; failure: Failure };
