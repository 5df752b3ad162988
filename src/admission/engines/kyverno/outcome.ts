import { WHY_LEFT_OUT } from '../../../world/kept/left-out.ts';

/** The result of a rule, as Kyverno reports it. `error` also refuses where the policy's failurePolicy is Fail. */
type Status = 'pass' | 'fail' | 'skip' | 'error';

export interface Outcome {
  status: Status;
  /** The reason, where the rule did not pass. */
  message: string;
  /** The fields that the result rests on; empty where they are not known. */
  rests: readonly string[];
}

export const PASS: Outcome = { status: 'pass', message: '', rests: [] };
export const skip = (message: string): Outcome => ({ status: 'skip', message, rests: [] });
export const fail = (message: string, rests: readonly string[]): Outcome => ({ status: 'fail', message, rests });
export const failure = (message: string): Outcome => ({ status: 'error', message, rests: [] });

/** Thrown for a part of a policy that is not modelled here, so that its effect is not known. */
export class NotUnderstood extends Error {}

/** Thrown for something that Kyverno cannot evaluate either: the rule ends in an error. */
export class RuleError extends Error {}

/** The error for a value that a snapshot does not keep. */
export const leftOut = (what: string): NotUnderstood => new NotUnderstood(`${what}: ${WHY_LEFT_OUT}`);
