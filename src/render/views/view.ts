import type { Answer, Finding } from '../../answer/answer.ts';
import type { Truth } from '../../answer/verdict.ts';
import type { RenderOptions } from '../options.ts';
import type { Paint } from '../terminal/paint.ts';
import type { Printable } from '../terminal/printable.ts';
import type { Lines } from '../terminal/table.ts';

/** What the views of an answer have to know. */
export interface View extends RenderOptions {
  wide: boolean;
  paint: Paint;
  /** When the cluster was read, in RFC 3339: what ages are counted to. */
  now: string;
  /** `the cluster of context prod`, as the reader knows it. */
  cluster: string;
}

/** How the answers of one question are shown: everything that differs from one question to the next. */
export interface QuestionView {
  /** What stands below the first line, in blocks. */
  body: (answer: Answer, view: View) => Lines[];
  /** `-o name`: a line for each thing that was found. */
  names: (answers: readonly Answer[], showSystem: boolean) => Printable[];
  /** The question to ask next, as words of a command line; null where there is none. `explain`: the proof was shown. */
  next: (answer: Answer, explain: boolean) => string[] | null;
  /** The first line of several answers, which is true of the whole set whatever its parts say. */
  several: (counts: Counts, subject: string | null) => string;
  /** Whether it is made to fit on one screen, and says itself what to do next. */
  isOneScreen?: (options: RenderOptions) => boolean;
  /** What a finding is about, where that is not its subject: `deployment.apps/web`. */
  row?: (finding: Finding) => Printable;
  /** What the targets are, where their kind does not say it: `subject`. */
  targets?: string;
  /** The colour of a verdict, where yes is not what an attacker wants. */
  style?: (verdict: Truth) => Truth;
}

/** How many of several answers are a yes, and how many depend. */
interface Counts {
  sure: number;
  open: number;
  /** All targets: `3 pods of deployment/cart`. */
  all: string;
}
