import type { Answer } from '../answer/answer.ts';

/** How answers are to be shown. */
export interface RenderOptions {
  output: 'default' | 'wide' | 'json' | 'yaml' | 'name' | 'mermaid' | 'dot';
  /** The evidence as a tree, in place of the table. */
  explain: boolean;
  /** The commands that carry a proof out, besides those that check it. */
  showAttack: boolean;
  noHeaders: boolean;
  /** List accepted and built-in holders one by one. */
  showSystem: boolean;
  color: boolean;
  /** The flags by which kubectl reaches the cluster that was asked. */
  kubectl: readonly string[];
  /** Assumptions one by one. */
  verbose: boolean;
  /** The terminal knows nothing else. */
  ascii: boolean;
  /** Who alone was asked about, as typed; null: everybody. */
  subject: string | null;
  /** What the targets were found by: ` of deployment/cart`; empty where each was named. */
  of: string;
  /** The summary of an answer as a sentence about a target of other words: `each of these 3 pods`. */
  summaryOf: (answer: Answer, target: string) => string;
  /** Columns of the terminal; Infinity in a pipe, where rows are whole. */
  width: number;
  /** `-o json`, `-o yaml`: a list, however many answers there are. */
  asList: boolean;
  /** Asked with `-A`. */
  allNamespaces: boolean;
}
