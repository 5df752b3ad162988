import { plain } from './capabilities/arithmetic.ts';
import { arithmeticOf } from './capabilities/index.ts';
import { isCapability } from './capabilities/names.ts';
import type { Settings } from './container.ts';
import type { Surroundings } from './environment.ts';
import { powerOf } from './power.ts';

/** The fields of a container's securityContext that have to change, each list in full. */
export interface Fix {
  privileged?: false;
  capabilities?: { add?: string[]; drop?: string[] };
}

/**
 * The smallest change after which no process of the container has any of these capabilities, verified by the same
 * rules; null where no such change is enough or none is needed.
 */
export function fixOf(
  capabilities: string | readonly string[],
  settings: Settings,
  surroundings: Surroundings,
): Fix | null {
  let mended = settings;
  for (const capability of [capabilities].flat()) {
    const next = without(capability, mended, surroundings);
    if (!next) return null;
    mended = next;
  }
  return mended === settings ? null : changes(settings, mended);
}

function without(capability: string, settings: Settings, surroundings: Surroundings): Settings | null {
  const bounded = settings.privileged ? { ...settings, privileged: false } : settings;
  const changed = [bounded, known(bounded)].flatMap((each) => {
    const unadded = withoutAdding(capability, each);
    return [each, unadded, dropping(capability, each), dropping(capability, unadded)];
  });
  return (
    changed.find((each) => powerOf(capability, each, surroundings).reach === 'no' && starts(each, surroundings)) ?? null
  );
}

/** Whether the runtime starts a container with these settings: one that it refuses is not fixed. */
const starts = (settings: Settings, { environments }: Surroundings): boolean =>
  environments.every(({ runtime }) => arithmeticOf(runtime).count(settings).refusal === null);

/** The settings without names that no runtime knows, some of which make a runtime refuse the container. */
const known = (settings: Settings): Settings => ({
  ...settings,
  add: settings.add.filter(isKnown),
  drop: settings.drop.filter(isKnown),
});

const isKnown = (name: string): boolean => name.toUpperCase() === 'ALL' || isCapability(plain(name));

/** A change that people try instead, and why it is not enough. */
export interface VainChange {
  change: string;
  because: string;
}

/** The changes that are often made for this and are not enough here, each evaluated by the same rules. */
export function notEnough(capability: string, settings: Settings, surroundings: Surroundings): VainChange[] {
  const outcome = VAIN_CHANGES.flatMap(({ change, apply }): VainChange[] => {
    const changed = apply(settings, capability);
    if (!changed) return [];
    const power = powerOf(capability, changed, surroundings);
    return power.reach === 'no'
      ? []
      : [{ change: change.replace('NAME', capability), because: `${WORDS[power.reach]}: ${power.reason}` }];
  });
  return [
    ...outcome,
    { change: 'a NetworkPolicy', because: 'it judges flows of IP, not ARP, and not who opens a socket' },
  ];
}

/** The changes; null where the container already has the setting. */
const VAIN_CHANGES: readonly { change: string; apply: (settings: Settings, capability: string) => Settings | null }[] =
  [
    {
      change: 'drop: [CAP_NAME]',
      apply: (each, name) => (each.privileged ? null : { ...each, drop: [...each.drop, `CAP_${name}`] }),
    },
    {
      change: 'leaving it out of add',
      apply: (each, name) => (withoutAdding(name, each) === each ? null : withoutAdding(name, each)),
    },
    {
      change: 'drop: [ALL]',
      apply: (each, name) => (withoutAdding(name, each) === each ? null : { ...each, drop: ['ALL'] }),
    },
    {
      change: 'allowPrivilegeEscalation: false',
      apply: (each) => (each.noNewPrivileges || each.privileged ? null : { ...each, noNewPrivileges: true }),
    },
    {
      change: 'runAsNonRoot: true',
      apply: (each) => (each.user.nonRoot ? null : { ...each, user: { uid: each.user.uid || null, nonRoot: true } }),
    },
    {
      change: 'seccompProfile: RuntimeDefault',
      apply: (each) => (each.seccomp ? null : { ...each, seccomp: { type: 'RuntimeDefault', localhostProfile: null } }),
    },
    {
      change: 'hostUsers: false',
      apply: (each) => (each.hostUsers && !each.hostNetwork ? { ...each, hostUsers: false } : null),
    },
  ];

const WORDS = { yes: 'still yes', 'via-binary': 'still via a binary', unknown: 'still not sure', no: 'no' } as const;

const bare = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');

function withoutAdding(capability: string, settings: Settings): Settings {
  const add = settings.add.filter((name) => bare(name) !== capability && bare(name) !== 'ALL');
  return add.length === settings.add.length ? settings : { ...settings, add };
}

/** The settings with an effective drop in place of ineffective ones. */
const dropping = (capability: string, settings: Settings): Settings => ({
  ...settings,
  drop: [...settings.drop.filter((name) => bare(name) !== capability && name.toUpperCase() !== 'CAP_ALL'), capability],
});

function changes(before: Settings, after: Settings): Fix {
  const isSame = (a: readonly string[], b: readonly string[]): boolean => JSON.stringify(a) === JSON.stringify(b);
  const add = isSame(after.add, before.add) ? {} : { add: [...after.add] };
  const drop = isSame(after.drop, before.drop) ? {} : { drop: [...after.drop] };
  const capabilities = { ...add, ...drop };
  return {
    ...(after.privileged !== before.privileged ? { privileged: false as const } : {}),
    ...(Object.keys(capabilities).length > 0 ? { capabilities } : {}),
  };
}
