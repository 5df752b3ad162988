import type { Finding } from '../../src/answer/answer.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import type { Options, Result } from '../../src/questions/question.ts';
import type { ObjectsTarget } from '../../src/questions/targets.ts';
import { kindOf } from '../../src/world/kinds.ts';
import type { Pod, Rule, Subject } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import { reduce } from '../../src/world/reduce/index.ts';
import type { World } from '../../src/world/world.ts';
import { type ClusterBuilder, cluster, user } from '../helpers/cluster.ts';
import { asked } from '../helpers/question.ts';

export const jane = user('jane');
export const enforce = (level: string) => ({ 'pod-security.kubernetes.io/enforce': level });

/** A cluster with namespace shop, which enforces this level if any. */
export const shop = (level?: string): ClusterBuilder =>
  cluster().namespace('shop', level === undefined ? {} : enforce(level));

/** Jane holds these rules in namespace shop. */
export const inside = (builder: ClusterBuilder, ...rules: Rule[]): ClusterBuilder =>
  builder.role('shop', 'r', rules).binding('shop', 'b', 'Role/r', jane);

/** Jane holds these rules everywhere. */
export const everywhere = (builder: ClusterBuilder, ...rules: Rule[]): ClusterBuilder =>
  builder.clusterRole('c', rules).clusterBinding('c', 'ClusterRole/c', jane);

/** Objects as the API has them: policies, quotas, what other engines read. */
export function put(builder: ClusterBuilder, ...objects: readonly Raw[]): ClusterBuilder {
  for (const raw of objects) {
    const kind = kindOf(String(raw.apiVersion), String(raw.kind));
    if (!kind) throw new Error(`not a kind of the world: ${raw.kind}`);
    const [group = '', version = ''] = String(raw.apiVersion).includes('/')
      ? String(raw.apiVersion).split('/')
      : ['', String(raw.apiVersion)];
    builder.with(
      kind,
      reduce(
        { kind, api: { group, version, kind: String(raw.kind), resource: '', namespaced: true, pageSize: 1 } },
        raw,
      ),
    );
  }
  return builder;
}

/** A pod that is there, as whole as the API has it. */
export const podWith = (spec: Raw, more: Partial<Pod> = {}): Partial<Pod> => ({
  node: 'n1',
  whole: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', labels: {} }, spec },
  ...more,
});
export const PLAIN: Raw = { containers: [{ name: 'app', image: 'app' }] };
export const ROOT: Raw = { containers: [{ name: 'app', image: 'app', securityContext: { privileged: true } }] };

/** `pod-create yes`, `pod-create depends yes`: each way with its verdict and where it leans. */
export const told = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.map(({ id, verdict, leaning }) => [id, verdict, ...(leaning ? [leaning] : [])].join(' '))),
];

export interface About {
  subjects?: readonly Subject[];
  pods?: ObjectsTarget | null;
  namespace?: string | null;
}

export const askPrivileged = (world: World, about: About = {}, options: Partial<Options> = {}): Result =>
  asked(privileged, { subjects: [], pods: null, namespace: null, ...about }, world, options);
