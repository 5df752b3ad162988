import type { Finding } from '../../../answer/answer.ts';
import type { PodFacts } from '../../../answer/facts/pod.ts';
import type { Pod } from '../../../world/objects.ts';
import type { PodTarget } from '../../access/pods.ts';
import type { QuestionContext } from '../../context.ts';

/** What is known of a pod in which somebody may be. */
export interface Scene {
  target: PodTarget;
  pod: Pod;
  /** Who gets in. */
  entries: readonly Finding[];
  facts: Omit<PodFacts, 'now'>;
  context: QuestionContext;
}
