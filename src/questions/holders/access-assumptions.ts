import type { Finding } from '../../answer/answer.ts';
import type { PodEscape } from '../../answer/facts/pod.ts';
import { ANONYMOUS, UNAUTHENTICATED } from '../../rbac/subjects.ts';
import { apiServers, flagOf, listFlag } from '../../world/api-servers.ts';
import type { Pod } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';

/** What an answer is about, as far as it decides what it takes for granted. A part that it is not about is absent. */
export interface Premises {
  world: World;
  /** Who holds rights. */
  rights?: readonly Finding[];
  /** A way that leads through kubelets. */
  kubelets?: true;
  /** What a pod can do to its node. */
  pod?: { pod: Pod; escapes: readonly PodEscape[] };
  /** The pods that somebody can create or change. */
  spawns?: readonly Finding[];
}

/** What no cluster shows and an answer rests on: the sentences to print; none where it does not rest on it. */
export interface AccessAssumption {
  id: string;
  of: (premises: Premises) => readonly string[];
}

/**
 * What answers take for granted of how a cluster authenticates and authorizes, and of its nodes. Code that takes
 * something for granted has its row here; the test of this table has a case for each. That of admission is in
 * `admission-assumptions.ts`, that of runtimes in `raw-sockets/assumptions.ts`.
 */
export const ACCESS_ASSUMPTIONS: readonly AccessAssumption[] = [
  {
    // ABAC answers SelfSubjectRulesReview without a word that it does, unlike a webhook: kubernetes
    // pkg/auth/authorizer/abac/abac.go RulesFor.
    id: 'authorizers',
    of: ({ world, rights }) => (rights && world.facts.self !== null ? [authorizers(world)] : []),
  },
  {
    id: 'anonymous-requests',
    of: ({ world, rights = [] }) => (rights.some(isForAnonymous) ? [anonymous(world)] : []),
  },
  { id: 'kubelet-authorization', of: ({ kubelets }) => (kubelets ? [KUBELETS] : []) },
  { id: 'host-paths', of: ({ pod }) => (pod && mountsPart(pod) ? [HOST_PATHS] : []) },
  {
    id: 'unsafe-sysctls',
    of: ({ pod }) => (pod && pod.pod.phase !== 'Running' && opens(pod.escapes, 'unsafe-sysctl') ? [SYSCTLS] : []),
  },
  {
    id: 'default-handler',
    of: ({ spawns = [] }) => (spawns.some(({ accepted, verdict }) => !accepted && verdict !== 'no') ? [HANDLER] : []),
  },
];

/** The assumptions that an answer rests on. */
export const accessAssumptions = (premises: Premises): string[] => ACCESS_ASSUMPTIONS.flatMap(({ of }) => of(premises));

function authorizers(world: World): string {
  const modes = apiServers(world).flatMap((flags) => listFlag(flags, 'authorization-mode'));
  const others = [...new Set(modes)].filter((mode) => mode === 'ABAC' || mode === 'AlwaysAllow');
  return others.length > 0
    ? `kube-apiserver asks ${others.join(' and ')}, too (--authorization-mode): what that allows is not listed here`
    : 'kube-apiserver authorizes nobody by an ABAC policy file, which the API would not show';
}

const isForAnonymous = ({ accepted, verdict, subject: { kind, name } }: Finding): boolean =>
  !accepted && verdict !== 'no' && name === (kind === 'User' ? ANONYMOUS : UNAUTHENTICATED);

function anonymous(world: World): string {
  const said = apiServers(world).map((flags) => flagOf(flags, 'anonymous-auth'));
  return said.length > 0 && said.every((each) => each === 'false')
    ? 'kube-apiserver refuses anonymous requests now (--anonymous-auth=false): what they are granted counts once it does not'
    : 'kube-apiserver takes anonymous requests (--anonymous-auth, which is on by default)';
}

/** Whether a pod mounts some path of the node that is not all of it, as such or behind a claim. */
const mountsPart = ({ pod, escapes }: NonNullable<Premises['pod']>): boolean =>
  pod.volumes.some(({ source, detail }) => source === 'hostPath' && detail !== '/') ||
  (pod.volumes.some(({ source }) => source === 'persistentVolumeClaim') &&
    escapes.some(({ id }) => id.startsWith('hostpath-') && id !== 'hostpath-root'));

const opens = (escapes: readonly PodEscape[], id: string): boolean =>
  escapes.some((each) => each.id === id && each.verdict !== 'no');

const KUBELETS =
  'kubelets let in only whom the API server allows (--anonymous-auth=false, --authorization-mode=Webhook)';
const HOST_PATHS = 'kubelets, runtimes and the control plane keep their files on the node where they do by default';
const SYSCTLS = 'the kubelet of its node allows the unsafe sysctls that it sets (--allowed-unsafe-sysctls)';
const HANDLER = 'the default handler of every runtime is runc or crun, which isolates no kernel';
