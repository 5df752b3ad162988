import type { Finding } from '../../answer/answer.ts';
import type { PodFacts } from '../../answer/facts/pod.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { Need } from '../../world/needs.ts';
import type { QuestionContext } from '../context.ts';
import type { Way } from './ways.ts';

/** Who can become somebody that holds a right: what it takes to know that is loaded only where it is asked for. */
export interface IndirectWays {
  /** What has to be read, once the direct holders are known. */
  needs: (context: QuestionContext) => Need[];
  /** `findings`: the direct holders, who are not listed again. */
  /** What code in a pod can come to control. */
  becomes: (
    pod: { namespace: string; name: string; account: string | null },
    context: QuestionContext,
  ) => NonNullable<PodFacts['becomes']>;
  find: (asked: { ways: readonly Way[]; findings: readonly Finding[] }, context: QuestionContext) => Indirect;
}

/** The indirect holders, and what could not be seen of the ways of others. */
export interface Indirect {
  findings: Finding[];
  unseen: Unknown[];
  /** Whether all ways could be followed to their ends. */
  isFollowed: boolean;
}
