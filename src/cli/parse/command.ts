import type { Flag } from './flags.ts';

/** How the program is called. */
export const PROGRAM = 'kubectl whocan-escalate';

/** What the program can be asked to do, in words: the source of the help, and of the table in the README. */
export interface Command {
  name: string;
  /** Follows the name in usage lines. */
  usage: string;
  /** One line: what it answers. */
  summary: string;
  /** What else is worth knowing before asking, in lines. */
  details: readonly string[];
  /** Each with the question that it asks. */
  examples: readonly (readonly [question: string, words: string])[];
  /** The help of the program shows its first example. */
  isShownFirst?: true;
  /** Every flag that it takes, in the order of its help. */
  flags: readonly Flag[];
}
