import { KINDS, type KindName } from './kinds.ts';

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
}

export const get = (kind: KindName, namespace: string | null, name: string): Need => ({ kind, namespace, name, labelSelector: null });

export const list = (kind: KindName, namespace: string | null = null, labelSelector: string | null = null): Need => ({
  kind,
  namespace,
  name: null,
  labelSelector,
});

export const needKey = (need: Need): string => JSON.stringify([need.kind, need.namespace, need.name, need.labelSelector]);

/** `rolebindings in namespace shop`, `pod shop/web-0`, `clusterroles`: how a need is named to people. */
export function describeNeed({ kind, namespace, name, labelSelector }: Need): string {
  if (name !== null) return `${KINDS[kind].kind.toLowerCase()} ${namespace === null ? '' : `${namespace}/`}${name}`;
  const where = namespace === null ? '' : ` in namespace ${namespace}`;
  return `${kind}${where}${labelSelector === null ? '' : ` with labels ${labelSelector}`}`;
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
