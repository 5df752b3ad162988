import type { AttackText, FixText, SafeText } from './command.ts';
import type { AdmitFacts } from './facts/admit.ts';
import type { BecomeAnswerFacts, BecomeFacts } from './facts/become.ts';
import type { PodAnswerFacts } from './facts/pod.ts';
import type { PrivilegedAnswerFacts, PrivilegedFacts } from './facts/privileged.ts';
import type { RawSocketsAnswerFacts, RawSocketsFacts } from './facts/raw-sockets.ts';
import type { Supposition, WhatIfAnswerFacts } from './facts/what-if.ts';
import type { WhoFacts } from './facts/who.ts';
import type { GrantRef, SourceRef, SubjectRef, TargetRef } from './refs.ts';
import type { Unknown } from './unknown.ts';
import type { Leaning, Truth } from './verdict.ts';

/**
 * The machine-readable answer: what `-o json` prints. Fields are added, never renamed or removed. What one question
 * alone says of it is in facts/.
 */
export interface Answer
  extends BecomeAnswerFacts,
    PodAnswerFacts,
    RawSocketsAnswerFacts,
    PrivilegedAnswerFacts,
    WhatIfAnswerFacts<Finding> {
  apiVersion: 'whocan-escalate/v1alpha1';
  kind: 'Answer';
  question: string;
  target: TargetRef | null;
  /** `namespace` null: the whole cluster. */
  scope: { namespace: string | null; selector: string | null };
  /**
   * Who alone is asked about, with the groups that a user was taken to be in besides those that the server adds to
   * everybody; absent: everybody is.
   */
  subject?: Omit<SubjectRef, 'members'> & { groups: string[] };
  verdict: Truth;
  leaning: Leaning;
  summary: string;
  /**
   * Who holds it, worst first. Of `admit`, `raw-sockets` and `privileged` also what is refused or harmless, with the
   * verdict no.
   */
  findings: Finding[];
  /** Who does not hold it, but for one part of a grant or for a policy that refuses it: each with the verdict no. */
  nearMisses: Finding[];
  unknowns: Unknown[];
  assumptions: string[];
  source: SourceRef;
  /**
   * The rights by which the one subject that is asked about can become somebody else, whom the answer is not about.
   * Absent if the answer is yes, or there are none.
   */
  notFollowed?: Unfollowed[];
  /** `--verify`: what the server said about these findings. */
  verification?: Verification;
}

/** A right by which a subject can become somebody else: `create pods`. */
export interface Unfollowed {
  right: string;
  /** Null: in the whole cluster. */
  namespace: string | null;
}

export type WhatIf = Supposition<Finding>;

export interface AnswerList {
  apiVersion: 'whocan-escalate/v1alpha1';
  kind: 'AnswerList';
  items: Answer[];
}

export interface Finding extends WhoFacts, AdmitFacts, BecomeFacts, PrivilegedFacts, RawSocketsFacts {
  /** Technique, check or kind of near miss. */
  id: string;
  verdict: Truth;
  leaning: Leaning;
  /** Holds the right itself; false: by becoming somebody who does. */
  direct: boolean;
  /** Named by `--accept`, or identical to what upstream itself creates. */
  accepted: boolean;
  subject: SubjectRef;
  object: TargetRef & { container: string | null };
  /** The scope in which it holds. `namespace` null: cluster-wide; `names`: only for these resourceNames. */
  scope: { namespace: string | null; names: string[] | null };
  reason: string;
  evidence: EvidenceStep[];
  unknowns: Unknown[];
  /** Commands that end it, an object each: every one as a dry run first, then the same without. */
  fix: readonly FixText[];
  /** What they do to what runs, and what no command can change. */
  fixNotes?: readonly string[];
  /**
   * The subject is a service account that does not exist, or whose namespace does not either, or the group of the
   * accounts of such a namespace: whoever creates it has this. Not there where the subject exists, or nobody looked.
   */
  absent?: 'account' | 'namespace';
}

export interface EvidenceStep {
  id: string;
  technique: string;
  step: string;
  identity: SubjectRef | null;
  gains: TargetRef | null;
  uses: string[];
  grants: GrantRef[];
  /** Checks the step, and is safe to paste: it reads, or is a dry run as the subject. */
  command: SafeText | null;
  /** `--show-attack`: does what the step says, to be run as `identity`. */
  attack?: AttackText;
}

export interface Verification {
  asked: number;
  agreed: number;
  /** Questions that the server did not answer: no right to ask, or it failed. */
  unanswered: number;
  contradictions: {
    question: string;
    expected: 'yes' | 'no';
    server: 'yes' | 'no';
    reason: string;
    likelyCause: string;
  }[];
  note: string | null;
}
