import type { Unknown } from '../answer/unknown.ts';
import type { Leaning } from '../answer/verdict.ts';
import { runtimeWords } from './runtimes/runtime.ts';
import type { Reach, Situation } from './situation.ts';

/** A row of the decision table: the first whose condition holds decides. */
interface DecisionRow {
  number: number;
  when: (situation: Situation) => boolean;
  reach: Reach;
  leaning?: Leaning;
  /** The capability is there, so that a profile on the node (row 13) may still forbid its use. */
  isSubjectToProfiles?: true;
  reason: (situation: Situation) => string;
  unknowns?: (situation: Situation) => Unknown[];
}

/**
 * The decision table for a capability in one possible environment, from the rules of the kernel and the runtimes. Root
 * has the capabilities of its bounding set. Every other user gets them only by executing a program that is setuid root
 * or has file capabilities, which no_new_privs prevents. There are no ambient capabilities, except those that CRI-O
 * gives privileged containers. Row 13, about profiles, is applied to the result of these rows, and rows 4 and 7 are
 * also used for several environments (`power.ts`).
 */
export const ROWS: readonly DecisionRow[] = [
  {
    number: 1,
    when: ({ environment, settings }) => environment.os === 'windows' && !settings.hostProcess,
    reach: 'no',
    reason: () => 'Windows has no Linux capabilities',
  },
  {
    number: 1,
    when: ({ environment }) => environment.os === 'windows',
    reach: 'unknown',
    leaning: 'yes',
    reason: () => 'a hostProcess container: what its Windows account may do on the node, it may',
    unknowns: () => [
      {
        kind: 'invisible',
        what: 'what its Windows account may do',
        why: 'it is set on the node',
        affects: 'whether it opens raw sockets there',
      },
    ],
  },
  {
    number: 2,
    when: ({ capability, settings }) => isOfNetwork(capability) && !settings.hostUsers && settings.hostNetwork,
    reach: 'no',
    reason: () => "the node's network does not belong to the pod's user namespace",
  },
  {
    number: 3,
    when: ({ settings }) => settings.neverStarts,
    reach: 'no',
    reason: () => 'the kubelet does not start it: runAsNonRoot with user 0',
  },
  {
    number: 4,
    when: ({ settings, source, environment }) =>
      !settings.privileged && source === null && environment.handler.kind !== 'sysbox',
    reach: 'no',
    reason: whyAbsent,
  },
  {
    number: 5,
    when: ({ capability, settings, sets }) =>
      settings.user.nonRoot && settings.noNewPrivileges && !sets.ambient.has(capability),
    reach: 'no',
    reason: ({ settings }) => `${userWords(settings.user)} that cannot gain privileges`,
  },
  {
    number: 6,
    when: ({ capability, environment }) => capability === 'NET_RAW' && environment.handler.kind === 'gvisor',
    reach: 'unknown',
    leaning: 'no',
    reason: ({ capability, environment }) =>
      `gVisor (${environment.handler.words}) takes ${capability} away, unless its node says --net-raw`,
    unknowns: ({ environment }) => [
      {
        kind: 'invisible',
        what: `the flags of ${environment.handler.words}`,
        why: 'they are set on the node',
        affects: 'raw sockets',
      },
    ],
  },
  {
    number: 6,
    when: ({ capability, environment }) => isOfNetwork(capability) && environment.handler.kind === 'gvisor',
    reach: 'unknown',
    reason: ({ capability, environment }) =>
      `${capability} in the network stack of gVisor (${environment.handler.words}), which is not the kernel's`,
    unknowns: ({ environment }) => [
      {
        kind: 'opaque',
        what: `the network stack of ${environment.handler.words}`,
        why: 'it is not the kernel',
        affects: 'what it sends',
      },
    ],
  },
  {
    number: 7,
    when: ({ environment }) => environment.handler.kind === 'sysbox',
    reach: 'unknown',
    leaning: 'yes',
    reason: ({ environment }) =>
      `Sysbox (${environment.handler.words}) gives root all capabilities, unless it is told to honor what is dropped`,
    unknowns: ({ environment }) => [
      {
        kind: 'opaque',
        what: environment.handler.words,
        why: 'what it gives is set on the node',
        affects: 'which capabilities it has',
      },
    ],
  },
  {
    number: 7,
    when: ({ environment }) => environment.handler.kind === 'unknown',
    reach: 'unknown',
    reason: ({ environment }) => `it depends on ${environment.handler.words}, which is not known here`,
    unknowns: ({ environment }) => [
      {
        kind: 'opaque',
        what: environment.handler.words,
        why: 'what it does is set on the node',
        affects: 'which capabilities it has',
      },
    ],
  },
  {
    number: 8,
    isSubjectToProfiles: true,
    when: ({ capability, sets }) => sets.ambient.has(capability),
    reach: 'yes',
    reason: ({ environment }) => `privileged, and ${runtimeWords(environment.runtime)} lets any user keep that`,
  },
  {
    number: 9,
    isSubjectToProfiles: true,
    when: ({ settings }) => settings.user.uid === 0,
    reach: 'yes',
    reason: (situation) => `root; ${sourceWords(situation)}`,
  },
  {
    number: 10,
    isSubjectToProfiles: true,
    when: ({ settings }) => settings.user.nonRoot,
    reach: 'via-binary',
    reason: (situation) =>
      `${userWords(situation.settings.user)}, by a setuid-root or file-capability program; ${sourceWords(situation)}`,
    unknowns: () => [PROGRAMS],
  },
  {
    number: 11,
    isSubjectToProfiles: true,
    when: ({ settings }) => settings.noNewPrivileges,
    reach: 'unknown',
    leaning: 'yes',
    reason: (situation) => `yes if the image's user is root, else no; ${sourceWords(situation)}`,
    unknowns: () => [IMAGE_USER],
  },
  {
    number: 12,
    isSubjectToProfiles: true,
    when: () => true,
    reach: 'unknown',
    leaning: 'yes',
    reason: (situation) => `yes if the image's user is root, else only via a binary; ${sourceWords(situation)}`,
    unknowns: () => [IMAGE_USER],
  },
];

/** Network capabilities only matter on a network that the pod's user namespace owns. */
const isOfNetwork = (capability: string): boolean => capability.startsWith('NET_');

/** The reason why a capability is not in the final set. */
function whyAbsent({ capability, settings, sets, environment: { runtime } }: Situation): string {
  if (sets.refusal !== null) return `it does not start: ${sets.refusal}`;
  const wanted = settings.drop.find((name) => bare(name) === capability);
  if (wanted !== undefined) return `${capability} is dropped`;
  if (settings.drop.some((name) => name.toUpperCase() === 'ALL')) return 'ALL is dropped';
  return `${capability} is not in the default set of ${runtimeWords(runtime)}`;
}

const bare = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');

const sourceWords = ({ capability, source }: Situation): string =>
  source === 'privileged' ? source : `${capability}: ${source}`;

const userWords = ({ uid }: Situation['settings']['user']): string =>
  uid === null ? 'a user that is not root' : `user ${uid}`;

const PROGRAMS: Unknown = {
  kind: 'invisible',
  what: 'whether there is a setuid-root or file-capability program',
  why: 'images and volumes are not in the API',
  affects: 'containers whose user is not root',
};

/** The API does not show the user that an image sets. */
export const IMAGE_USER: Unknown = {
  kind: 'invisible',
  what: 'the user of the image',
  why: 'neither the spec nor the status says it',
  affects: 'containers without runAsUser',
};
