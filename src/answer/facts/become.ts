import type { SubjectRef, TargetRef } from '../refs.ts';

/** What the questions about footholds (`sa`, `user`, `node`, …) and `reach` add to a finding. */
export interface BecomeFacts {
  /** Of a finding that says what can be reached: the number of steps of its proof. */
  steps?: number;
  /** Of a near miss: the number of rights that are missing. */
  missing?: number;
}

/** What they add to an answer. */
export interface BecomeAnswerFacts {
  /** What one attacker holds at first; absent where that is the target alone. */
  footholds?: TargetRef[];
  /** The goal that was asked for; absent where everything was. */
  goal?: TargetRef;
  /** Of `reach`: who has the goal from the beginning, besides what Kubernetes itself creates. */
  held?: SubjectRef[];
}
