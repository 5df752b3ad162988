import { WHY_LEFT_OUT } from '../../../world/kept/left-out.ts';

/** What became of a rule, as Kyverno reports it. `error` refuses too, where the policy's failurePolicy is Fail. */
type Status = 'pass' | 'fail' | 'skip' | 'error';

export interface Outcome {
  status: Status;
  /** Why, where it is no pass. */
  message: string;
  /** Fields that it rests on; empty where that is not known. */
  rests: readonly string[];
}

export const PASS: Outcome = { status: 'pass', message: '', rests: [] };
export const skip = (message: string): Outcome => ({ status: 'skip', message, rests: [] });
export const fail = (message: string, rests: readonly string[]): Outcome => ({ status: 'fail', message, rests });
export const failure = (message: string): Outcome => ({ status: 'error', message, rests: [] });

/** Something in a policy that is not understood here: what it would do is not known. */
export class NotUnderstood extends Error {}

/** Something that Kyverno cannot evaluate either: the rule ends in an error. */
export class RuleError extends Error {}

/** Something that a snapshot does not keep. */
export const leftOut = (what: string): NotUnderstood => new NotUnderstood(`${what}: ${WHY_LEFT_OUT}`);
