import type { Unknown } from '../answer/unknown.ts';
import type { Leaning } from '../answer/verdict.ts';
import { plain, type Sets } from './capabilities/arithmetic.ts';
import { arithmeticOf } from './capabilities/index.ts';
import type { Settings } from './container.ts';
import type { Environment, Surroundings } from './environment.ts';
import { ROWS } from './rows.ts';
import { isOlder, type Runtime, runtimeWords } from './runtimes/runtime.ts';
import type { Reach, Situation } from './situation.ts';

export interface Power {
  reach: Reach;
  /** The likely value; set only where the reach is unknown. */
  leaning: Leaning;
  /** The number of the row in the decision table. */
  row: number;
  /** At most one sentence. */
  reason: string;
  /** Where the capability comes from: `default of containerd 1.7`, `added`; null where it is not there. */
  source: string | null;
  unknowns: readonly Unknown[];
}

/**
 * Whether processes of a container with these settings have a capability where they may run. Where there are several
 * possible places that differ, the result depends on the place. Pure.
 */
export function powerOf(capability: string, settings: Settings, { environments, unknowns }: Surroundings): Power {
  const [first, ...others] = environments;
  const power = powerIn(capability, settings, first);
  const all = [power, ...others.map((each) => powerIn(capability, settings, each))];
  // A result that holds in all places does not rest on the defaults of one of them.
  if (all.every(({ reach }) => reach === power.reach))
    return all.find(({ source }) => source !== null && !source.includes('default')) ?? power;
  return {
    reach: 'unknown',
    leaning: commonLeaning(all),
    row: 7,
    reason: `it depends on the runtime: ${byRuntime(all, environments)}`,
    source: null,
    unknowns: unknowns.length > 0 ? unknowns : [anyNode(environments)],
  };
}

function powerIn(capability: string, settings: Settings, environment: Environment): Power {
  const situation = situationOf(capability, settings, environment);
  const row = ROWS.find(({ when }) => when(situation));
  if (!row) throw new Error('the last row of the decision table decides the rest');
  const { reach, leaning = null, unknowns = () => [] } = row;
  const power = {
    reach,
    leaning,
    row: row.number,
    reason: row.reason(situation),
    source: situation.source,
    unknowns: unknowns(situation),
  };
  return row.isSubjectToProfiles ? bounded(power, settings, environment) : power;
}

function situationOf(capability: string, settings: Settings, environment: Environment): Situation {
  const sets = arithmeticOf(environment.runtime).count(settings);
  const source = sets.capabilities.has(capability) ? sourceOf(capability, settings, sets, environment) : null;
  return { capability, settings, environment, sets, source };
}

/**
 * The source of a capability: `default of containerd 1.7`, `added`, or both, in which case removing it from `add`
 * changes nothing.
 */
function sourceOf(capability: string, settings: Settings, { ineffectiveAdds }: Sets, { runtime }: Environment): string {
  if (settings.privileged) return 'privileged';
  const isDefault = arithmeticOf(runtime)
    .count({ ...settings, add: [] })
    .capabilities.has(capability);
  const adds = settings.add.filter((name) => !ineffectiveAdds.includes(name)).map(plain);
  const added = adds.includes(capability) ? ['added'] : adds.includes('ALL') ? ['added with ALL'] : [];
  return [...added, ...(isDefault ? [`default of ${runtimeWords(runtime)}`] : [])].join(', and ');
}

/** Row 13: a profile on the node may forbid a capability that the container has. */
function bounded(power: Power, settings: Settings, { runtime }: Environment): Power {
  const profile = foreignProfile(settings.privileged ? ofPrivileged(settings, runtime) : settings);
  if (profile === null) return power;
  return {
    ...power,
    reach: 'unknown',
    leaning: null,
    row: 13,
    reason: `${power.reason}; unless ${profile} forbids it`,
    unknowns: [
      ...power.unknowns,
      {
        kind: 'opaque',
        what: profile,
        why: 'its content is on the node, not in the API',
        affects: 'whether it forbids this',
      },
    ],
  };
}

type Profiles = Pick<Settings, 'seccomp' | 'appArmor' | 'seLinuxType'>;

/**
 * The profiles that apply to a privileged container: none on CRI-O, elsewhere a named AppArmor profile, and since
 * docker 25 also a seccomp profile. Source: containerd internal/cri/server/container_create.go
 * generateApparmorSpecOpts; moby daemon/seccomp_linux.go; cri-o server/container_create_linux.go.
 */
function ofPrivileged({ seccomp, appArmor }: Settings, { family, version }: Runtime): Profiles {
  const takesSeccomp = family === 'docker' && (version === null || !isOlder(version, 25, 0));
  return { seccomp: takesSeccomp ? seccomp : null, appArmor: family === 'cri-o' ? null : appArmor, seLinuxType: null };
}

/** The name of a profile other than the runtime's own; null where there is none. */
function foreignProfile({ seccomp, appArmor, seLinuxType }: Profiles): string | null {
  if (seccomp?.type === 'Localhost') return `the seccomp profile ${seccomp.localhostProfile ?? ''}`.trimEnd();
  if (appArmor?.type === 'Localhost') return `the AppArmor profile ${appArmor.localhostProfile ?? ''}`.trimEnd();
  return seLinuxType === null || CONTAINER_TYPES.has(seLinuxType) ? null : `the SELinux type ${seLinuxType}`;
}

/** The types of container-selinux, all of which allow these sockets. */
const CONTAINER_TYPES: ReadonlySet<string> = new Set([
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
  'spc_t',
]);

function commonLeaning(powers: readonly Power[]): Leaning {
  const leanings = new Set(powers.map(({ reach, leaning }) => (reach === 'yes' || reach === 'no' ? reach : leaning)));
  const [only = null] = leanings;
  return leanings.size === 1 ? only : null;
}

/** `yes on containerd 1.7, no on CRI-O 1.30`. */
function byRuntime(powers: readonly Power[], environments: readonly Environment[]): string {
  const words = powers.map(
    ({ reach, leaning }, index) =>
      [reach === 'unknown' ? LEANINGS[leaning ?? 'none'] : REACHES[reach], environments[index]] as const,
  );
  const grouped = Map.groupBy(words, ([reach]) => reach);
  return [...grouped]
    .map(([reach, group]) => {
      const runtimes = new Set(group.flatMap(([, environment]) => (environment ? [placeWords(environment)] : [])));
      return `${reach} on ${[...runtimes].join(', ')}`;
    })
    .join('; ');
}

const placeWords = ({ os, runtime }: Environment): string => (os === 'windows' ? 'Windows' : runtimeWords(runtime));

const anyNode = (environments: readonly Environment[]): Unknown => ({
  kind: 'invisible',
  what: 'the node that it will run on',
  why: `it has none yet, and nodes run ${[...new Set(environments.map(placeWords))].join(', ')}`,
  affects: 'which capabilities its runtime gives',
});

const REACHES = { yes: 'yes', no: 'no', 'via-binary': 'only via a binary' } as const;
const LEANINGS = { yes: 'likely', no: 'hardly', none: 'not known' } as const;
