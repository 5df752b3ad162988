import type { Unknown } from '../../answer/unknown.ts';
import { apiServers, flagOf, listFlag } from '../../world/api-servers.ts';
import type { Pod } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import { compareVersions, formatVersion, type Version } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import type { ClusterDefault } from './defaults.ts';
import { distributionOf } from './distributions.ts';
import { statesEnforce, uniform } from './labels.ts';

/**
 * What Pod Security does where a namespace has no labels, and whom it exempts: the part of its configuration that the
 * API does not show.
 */
export interface PodSecurityDefaults extends ClusterDefault {
  /**
   * How the default is known. `flags`: the command line of kube-apiserver names no configuration, so that upstream's
   * default holds. `file`: it names one that cannot be read. `distribution`: the cluster's distribution has a known
   * default. `evidence`: a pod runs that a stricter default would have refused. `upstream`: nothing is seen, and
   * upstream's default is assumed.
   */
  source: 'flags' | 'file' | 'distribution' | 'evidence' | 'upstream';
  /** Whether the plug-in is switched off, or the server is older than the plug-in. */
  isOff: boolean;
  /** Why it is off, as half a sentence; null where it is on. */
  offBecause: string | null;
  /**
   * The unknown about the file that may set something else: who is exempt, and, unless there is evidence, the default.
   */
  unknown: Unknown | null;
  /** Whether the default itself is unknown, not only the exemptions. */
  isOpen: boolean;
  /** The assumption in a sentence; null where nothing is assumed. */
  assumption: string | null;
}

/** The cluster's default, as far as the world shows it. Computed once for each state of the world. */
export const defaultsOf = oncePerState((world): PodSecurityDefaults => {
  // A running pod stays evidence, whatever labels or objects somebody changes afterwards.
  if (world.base && world.revisionOf(['pods', 'nodes']) === 0) return defaultsOf(world.base);
  return withEvidence(declared(world), world);
});

/** With several servers one that does not restrict is enough, since nobody chooses which one answers. */
function declared(world: World): PodSecurityDefaults {
  const servers = apiServers(world);
  const offBecause = absence(world.facts.version, servers);
  const distribution = distributionOf(world);
  const certain = { isOff: offBecause !== null, offBecause, unknown: null, isOpen: false, assumption: null };
  if (offBecause !== null)
    return { ...UPSTREAM, ...certain, source: 'flags', assumption: gateAssumption(world.facts.version, servers) };
  if (distribution) {
    const { name, ...its } = distribution;
    return {
      ...its,
      ...certain,
      source: 'distribution',
      assumption: `Pod Security's default and exemptions are those of ${name}`,
    };
  }
  const file = servers.map((flags) => flagOf(flags, CONFIG)).find((each) => each !== null);
  if (file !== undefined && file !== null)
    return { ...UPSTREAM, ...certain, source: 'file', unknown: unreadableFile(file), isOpen: true };
  if (servers.length > 0) return { ...UPSTREAM, ...certain, source: 'flags' };
  return {
    ...UPSTREAM,
    ...certain,
    source: 'upstream',
    assumption: "Pod Security's default is upstream's: privileged, nobody exempt",
  };
}

/**
 * Why Pod Security does not look at pods at all; null where it does. Mirrors kubernetes pkg/features: alpha in 1.22,
 * beta and on in 1.23, locked on in 1.25.
 */
function absence(version: Version | null, servers: readonly (readonly string[])[]): string | null {
  if (version !== null && compareVersions(version, ALPHA) < 0)
    return `Kubernetes ${formatVersion(version)} does not have it yet`;
  const gates = servers.map((flags) => gateOf(flags));
  if (
    version !== null &&
    compareVersions(version, BETA) < 0 &&
    !(servers.length > 0 && gates.every((gate) => gate === true))
  )
    return `it is off by default in Kubernetes ${formatVersion(version)}`;
  if (version !== null && compareVersions(version, LOCKED) < 0 && gates.includes(false))
    return 'kube-apiserver runs with --feature-gates=PodSecurity=false';
  return servers.some((flags) => listFlag(flags, 'disable-admission-plugins').includes('PodSecurity'))
    ? 'kube-apiserver runs with --disable-admission-plugins=PodSecurity'
    : null;
}

/** The value that a server's flags give the feature gate; null where they give none. */
function gateOf(flags: readonly string[]): boolean | null {
  const said = listFlag(flags, 'feature-gates').findLast((each) => each.startsWith('PodSecurity='));
  return said === undefined ? null : TRUE.has(said.slice('PodSecurity='.length));
}

/** The assumption for the one version in which flags that are not visible decide. */
const gateAssumption = (version: Version | null, servers: readonly unknown[]): string | null =>
  version !== null && compareVersions(version, ALPHA) === 0 && servers.length === 0
    ? `the feature gate PodSecurity is off, as by default in Kubernetes ${formatVersion(version)}`
    : null;

/**
 * A pod that runs in a namespace without an enforce label is evidence: a default that would refuse it is not in force.
 */
function withEvidence(defaults: PodSecurityDefaults, world: World): PodSecurityDefaults {
  const isSettled =
    defaults.source === 'flags' ||
    (defaults.source === 'distribution' && defaults.policy.enforce.level === 'privileged');
  if (isSettled || defaults.isOff) return defaults;
  const witness = world.list('pods').some((pod) => pod.beyond === 'baseline' && isWitness(pod, defaults, world));
  if (!witness) return defaults;
  const policy = { ...defaults.policy, enforce: UPSTREAM.policy.enforce };
  const assumption = defaults.unknown ? null : 'nobody is exempt from Pod Security';
  return { ...defaults, policy, source: 'evidence', isOpen: false, assumption };
}

function isWitness(pod: Pod, { exemptions }: PodSecurityDefaults, world: World): boolean {
  const { namespace, phase, serviceAccount } = pod;
  if (phase !== 'Running' || serviceAccount === null || namespace === null || SYSTEM.test(namespace)) return false;
  const labels = world.find('namespaces', null, namespace)?.labels;
  return labels !== undefined && !statesEnforce(labels) && !exemptions.namespaces.includes(namespace);
}

const unreadableFile = (file: string): Unknown => ({
  kind: 'invisible',
  what: `the file ${file} of kube-apiserver's --${CONFIG}`,
  why: 'files of the API server are not in the API',
  affects: "Pod Security's default where labels say nothing, and who is exempt",
});

const ALPHA: Version = { major: 1, minor: 22 };
const BETA: Version = { major: 1, minor: 23 };
const LOCKED: Version = { major: 1, minor: 25 };
/** The texts that Go's strconv.ParseBool reads as true. */
const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const CONFIG = 'admission-control-config-file';
/** Namespaces that a configuration probably exempts. */
const SYSTEM = /^(kube-|openshift-|openshift$)/;
const NOBODY = { usernames: [], namespaces: [], runtimeClasses: [] };
const UPSTREAM: ClusterDefault = { policy: uniform({ level: 'privileged', version: 'latest' }), exemptions: NOBODY };
