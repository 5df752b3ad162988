import type { World } from '../../world/world.ts';
import type { ClusterDefault } from './defaults.ts';
import { uniform } from './labels.ts';

interface Distribution extends ClusterDefault {
  name: string;
  recognises: (world: World) => boolean;
}

/** The distribution whose default of Pod Security is known; undefined where none is recognised. */
export const distributionOf = (world: World): Distribution | undefined =>
  DISTRIBUTIONS.find(({ recognises }) => recognises(world));

const latest = (level: 'privileged' | 'baseline' | 'restricted') => ({ level, version: 'latest' }) as const;

const DISTRIBUTIONS: readonly Distribution[] = [
  {
    // https://www.talos.dev/latest/kubernetes-guides/configuration/pod-security/
    name: 'Talos',
    recognises: (world) => world.list('nodes').some(({ osImage }) => osImage.startsWith('Talos')),
    policy: uniform(latest('baseline'), latest('restricted')),
    exemptions: { usernames: [], namespaces: ['kube-system'], runtimeClasses: [] },
  },
  {
    // SecurityContextConstraints decide there, and OpenShift adjusts the labels of most namespaces to them.
    name: 'OpenShift',
    recognises: (world) =>
      world.facts.discovery?.some(({ group }) => group === SCC_GROUP) === true ||
      world.list(`SecurityContextConstraints.${SCC_GROUP}`).length > 0,
    policy: uniform(latest('privileged'), latest('restricted')),
    exemptions: {
      usernames: ['system:serviceaccount:openshift-infra:build-controller'],
      namespaces: [],
      runtimeClasses: [],
    },
  },
];

const SCC_GROUP = 'security.openshift.io';
