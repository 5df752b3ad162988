import type { Query } from '../../rbac/rbac.ts';
import type { Version } from '../../world/version.ts';
import { POD_MAKERS, type PodMaker } from '../writes/makers.ts';

/** A way to a pod by one right: a pod, or what a controller makes pods of, is created or changed. */
export interface PodWay {
  id: string;
  /** Completes "can": `create pods`. */
  words: string;
  maker: PodMaker;
  /**
   * The object that has to exist already: none, a workload whose template is changed, a pod whose image is changed, or
   * a running pod that gets another container.
   */
  on: 'nothing' | 'workload' | 'pod' | 'running pod';
  verbs: readonly string[];
  subresource: string;
  /** The first version of Kubernetes that has it by default; absent if all have. */
  since?: Version;
}

const [POD] = POD_MAKERS;

const nameOf = ({ group, resource }: PodMaker): string => (group === '' ? resource : `${resource}.${group}`);

const create = (maker: PodMaker): PodWay => ({
  id: maker === POD ? 'pod-create' : 'workload-create',
  words: `create ${nameOf(maker)}`,
  maker,
  on: 'nothing',
  verbs: ['create'],
  subresource: '',
});

const change = (id: string, words: string, maker: PodMaker, on: PodWay['on'], subresource = ''): PodWay => ({
  id,
  words,
  maker,
  on,
  verbs: ['patch', 'update'],
  subresource,
});

/** The version in which EphemeralContainers were on by default. Source: kubernetes pkg/features/kube_features.go. */
const EPHEMERAL: Version = { major: 1, minor: 23 };

/** All ways to a pod, the plainest first. */
export const POD_WAYS: readonly PodWay[] = [
  ...POD_MAKERS.map(create),
  ...POD_MAKERS.filter(({ rollsOut }) => rollsOut !== 'immutable').map((maker) =>
    change('workload-template-update', `change ${nameOf(maker)}`, maker, 'workload'),
  ),
  change('pod-image-swap', 'change images of pods', POD, 'pod'),
  {
    ...change('pod-ephemeral-container', 'add ephemeral containers to pods', POD, 'running pod', 'ephemeralcontainers'),
    since: EPHEMERAL,
  },
];

/** The queries of all ways to a pod, by which everybody is looked up at once. */
export const wayQueries = (): Query[] =>
  POD_WAYS.flatMap(({ maker: { group, resource }, verbs, subresource, on }) =>
    verbs.flatMap((verb): Query[] => {
      const request = { verb, group, resource, subresource, namespace: '', name: '' };
      const any: Query = { request, names: 'any', reach: 'anywhere' };
      return on === 'nothing' ? [any, { ...any, names: (listed) => listed !== '' }] : [any];
    }),
  );

/** The queries of the other ways to the node, which need no right to a pod. */
export const otherWayQueries = (): Query[] =>
  [
    { verb: 'create', group: '', resource: 'nodes', subresource: 'proxy' },
    { verb: 'get', group: '', resource: 'nodes', subresource: 'proxy' },
    ...['create', 'update', 'patch'].map((verb) => ({
      ...{ verb, group: 'admissionregistration.k8s.io', resource: 'mutatingwebhookconfigurations', subresource: '' },
    })),
    ...['mutatingadmissionpolicies', 'mutatingadmissionpolicybindings'].map((resource) => ({
      ...{ verb: 'create', group: 'admissionregistration.k8s.io', resource, subresource: '' },
    })),
  ].map((request): Query => ({ request: { ...request, namespace: '', name: '' }, names: 'any', reach: 'request' }));
