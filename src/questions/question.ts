import type { Answer, Finding } from '../answer/answer.ts';
import type { PodFacts } from '../answer/facts/pod.ts';
import type { Unknown } from '../answer/unknown.ts';
import type { UserError } from '../answer/user-error.ts';
import type { Request } from '../rbac/request.ts';
import type { Identity } from '../rbac/subjects.ts';
import type { Need } from '../world/needs.ts';
import type { Subject } from '../world/objects.ts';
import type { Raw } from '../world/raw.ts';
import type { World } from '../world/world.ts';
import type { Change } from './fixes/change.ts';
import type { Way } from './holders/way.ts';

/** What the user may say to any question. */
export interface Options {
  /** Ask about this one subject only, near misses included. */
  subject: Subject | null;
  /** Groups of a user, which no cluster knows. */
  subjectGroups: readonly string[];
  /** Holders that are meant to be: listed apart, not counted. */
  accepts: (subject: { kind: string; namespace: string | null; name: string }) => boolean;
  /** Only who holds the right itself, without the wide round of reads that looks beyond the target's own namespace. */
  direct: boolean;
  /** Finds who can become a holder; absent: only direct holders are asked for. */
  indirect?: IndirectWays;
  /** List the members of groups of service accounts. */
  expand: boolean;
  /** Give each step of a proof the command that carries it out, too. */
  showAttack: boolean;
  /** The flags by which kubectl reaches the cluster that is asked: `--context prod`. */
  kubectl: readonly string[];
}

/** Who can become somebody that holds a right: what it takes to know that is loaded only where it is asked for. */
export interface IndirectWays {
  /** What has to be read, once the direct holders are known. */
  needs: (world: World) => Need[];
  /** How a subject that gets no pod to the node itself becomes somebody that does. */
  spawning: (asked: { subject: Subject; findings: readonly Finding[] }, world: World, options: Options) => Indirect;
  /** What code in a pod can come to control. */
  becomes: (
    pod: { namespace: string; name: string; account: string | null },
    world: World,
    options: Options,
  ) => NonNullable<PodFacts['becomes']>;
  /** What takes away the worst that code in a pod can become; null where it becomes nothing, or no grant leads there. */
  ending: (
    pod: { namespace: string; name: string; account: string | null },
    world: World,
    options: Options,
  ) => WayToEnd | null;
  /** Who else gets there. `findings`: the direct holders, who are not listed again. */
  find: (asked: { ways: readonly Way[]; findings: readonly Finding[] }, world: World, options: Options) => Indirect;
}

/** A change that takes something away that code in a pod can become. */
export interface WayToEnd {
  change: Change;
  /** What that is: `sa/ci/deployer`. */
  worst: string;
  /** Whether nothing leads there any more, so far as is known; else only this way ends. */
  isEnough: boolean;
  /** Whether it is certain that it leads there. */
  isSure: boolean;
}

/** The indirect holders, and what could not be seen of the ways of others. */
export interface Indirect {
  findings: Finding[];
  unseen: Unknown[];
  /** Whether all ways could be followed to their ends. */
  isFollowed: boolean;
}

/** One claim of an answer as the server can be asked about it. */
export interface Check {
  identity: Identity;
  request: Request;
  expected: 'yes' | 'no';
  /** `ServiceAccount/ci/deployer create pods/exec`. */
  label: string;
}

/** One claim about admission as the server can be asked about it: by a pod that is created as a dry run. */
export interface DryRun {
  /** `pod shop/web as ServiceAccount ci/builder`. */
  label: string;
  namespace: string;
  pod: Raw;
  /** Null: the caller. */
  as: Identity | null;
  expected: 'yes' | 'no';
  /**
   * Whether the claim is that this identity may: being refused before admission is a no then. Else it tells nothing.
   */
  withRights: boolean;
}

export interface Asked {
  answer: Answer;
  /** Its summary, as a sentence about a target of other words: `each of these 3 pods`. */
  summaryOf: (target: string) => string;
  /** The question is a gate: yes is what should be, and no is the worse answer. */
  isGate?: true;
  /** What `--verify` asks the server: every direct yes, and noes, near misses first. */
  checks: () => Check[];
  /**
   * One right that the answer rests on, for the reader to ask kubectl about; null where there is none. `--verify` asks
   * nothing of it.
   */
  hint?: () => Pick<Check, 'identity' | 'request'> | null;
  /** The pods that `--verify` sends as dry runs; absent where it is no question of pods to come. */
  trials?: () => DryRun[];
}

export interface Result {
  /** One a target. */
  asked: Asked[];
  /** Targets that could not be answered. */
  errors: UserError[];
  /** Said on stderr, in kubectl's `Warning: …`. */
  warnings: string[];
}

/**
 * A question: what it has to read, and how it is answered. `needs` is pure and asked again each time the world has
 * grown, until it names nothing new. `answer` is pure too.
 */
export interface Question<T> {
  name: string;
  /** Its answer about the whole cluster rests on what each of the namespaces enforces. */
  everyNamespace?: boolean;
  /** Whether names of resources have to be resolved first. */
  discovery: (target: T) => boolean;
  needs(target: T, world: World, options: Options): Need[];
  answer(target: T, world: World, options: Options): Result;
}
