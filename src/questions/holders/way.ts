import type { Connect } from '../../admission/connect.ts';
import type { Gate } from '../../admission/gate.ts';
import type { Finding } from '../../answer/answer.ts';
import type { Command } from '../../answer/command.ts';
import type { TargetRef } from '../../answer/refs.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { Matches, Query } from '../../rbac/rbac.ts';
import type { Identity } from '../../rbac/subjects.ts';

/** What a set of holders holds: everything about their findings that is not about the subject. */
export interface Holding {
  id: string;
  object: Finding['object'];
  /** `create pods/exec`: what is done with the right. */
  action: string;
  /** The command that does it, where one does. */
  attack: Command<'changes'> | null;
  /** Null: a question that names no object, so that names and namespaces of each grant are part of the row. */
  target: TargetRef | null;
  /** A condition that is not known to hold, and without which the right gives nothing. */
  condition: Unknown | null;
  /** What admission is asked about it, where the request is a CONNECT. */
  connect?: Connect;
  /** The same where it is a write. */
  gate?: Gate;
  /**
   * The least object of that name that can be tried, of what is created by name; null where nobody knows what it has to
   * say.
   */
  manifest?: ((name: string, namespace: string | null) => object) | null;
}

/** One way to what is asked about: whoever may make any one of the requests has it. */
export interface Way {
  holding: Holding;
  queries: readonly Query[];
  /** What of the matches counts, where the rules alone do not say. `asked`: the one identity that is asked about. */
  adapt?: (matches: Matches, asked: Identity | null) => Matches;
}
