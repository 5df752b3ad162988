import type { Query } from '../../rbac/rbac.ts';
import type { Version } from '../../world/version.ts';
import { POD_MAKERS, type PodMaker } from '../writes/makers.ts';

/** A right that brings a pod about, or changes one that runs. */
export interface PodWay {
  id: string;
  /** Completes "can": `create pods`. */
  words: string;
  maker: PodMaker;
  /**
   * What has to exist already: nothing, a workload whose template is rewritten, a pod whose image is, a running pod
   * that gets a container.
   */
  on: 'nothing' | 'workload' | 'pod' | 'running pod';
  verbs: readonly string[];
  subresource: string;
  /** What an older server does not have by default. */
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

/** Beta then: kubernetes pkg/features/kube_features.go. */
const EPHEMERAL: Version = { major: 1, minor: 23 };

/** Each way to a pod by one right, the plainest first. */
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

/** The requests of all ways, asked of everybody at once. */
export const wayQueries = (): Query[] =>
  POD_WAYS.flatMap(({ maker: { group, resource }, verbs, subresource, on }) =>
    verbs.flatMap((verb): Query[] => {
      const request = { verb, group, resource, subresource, namespace: '', name: '' };
      const any: Query = { request, names: 'any', reach: 'anywhere' };
      return on === 'nothing' ? [any, { ...any, names: (listed) => listed !== '' }] : [any];
    }),
  );

/** What leads to the node without any right to a pod. */
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
