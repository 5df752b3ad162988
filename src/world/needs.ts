import { builtInKind, groupKind, type Kind, type KindName, parseGroupKind } from './kinds.ts';

/**
 * One thing that a question has to read. With a name, one object (GET); without, a list.
 * `namespace` null: the whole cluster, or a cluster-scoped kind.
 */
export interface Need {
  kind: KindName;
  namespace: string | null;
  name: string | null;
  /** In the syntax of kubectl's `-l`. */
  labelSelector: string | null;
  /** Of a kind that is not built in: where the API has it. */
  api?: Kind;
  /** Of pods: as they are, not only what most questions look at. */
  whole?: true;
  /** Of pods: only those on this node. */
  node?: string;
  /** Only those of this name, in whatever namespace. */
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

/** All objects of a kind that discovery has told, or a policy names. */
export const listOf = (api: Kind, namespace: string | null = null): Need => ({
  ...list(groupKind(api), namespace),
  api,
});

/** The same objects, whole. */
export const whole = (need: Need): Need => ({ ...need, whole: true });

/** The pods on a node, of any namespace. */
export const podsOn = (node: string): Need & { kind: 'pods' } => ({ ...list('pods'), kind: 'pods', node });

/** The objects of a name in any namespace. */
export const named = <K extends KindName>(kind: K, name: string): Need & { kind: K } => ({
  ...list(kind),
  kind,
  named: name,
});

/**
 * What the need reads. Of a kind that nothing tells more of than its name, as far as the name goes: that is enough to
 * say what was not read.
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

/** `rolebindings in namespace shop`, `pod shop/web-0`, `clusterroles`: how a need is named to people. */
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
  /** The server's or the operating system's own words, without a secret. */
  message: string;
}

/** What became of a need. */
export type Outcome = { read: true } | { read: false; failure: Failure };
