import * as evaluate from '../../../src/admission/pod-security/evaluate.ts';
import * as labels from '../../../src/admission/pod-security/labels.ts';
import * as layer from '../../../src/admission/pod-security/layer.ts';
import * as defaults from '../../../src/admission/request/defaults/pod.ts';
import { validatePod } from '../../../src/admission/request/validation/pod.ts';
import type { Raw } from '../../../src/world/raw.ts';
import type { Version } from '../../../src/world/version.ts';
import { type Case, UPSTREAM } from './cases.ts';
import type { Reply } from './stage.ts';

/** What is put to the test: the engine itself, or a mutant of it. */
export type Engine = Pick<typeof evaluate, 'evaluatePod'> &
  Pick<typeof labels, 'levelOf'> &
  Pick<typeof layer, 'violationMessage'>;
const ENGINE: Engine = { ...evaluate, ...labels, ...layer };

/**
 * What the server says, or we say, to a pod: that it is let in, why it is refused, or what is wrong with it, in the
 * order of the alphabet.
 */
export type Word = { admitted: true } | { refused: string } | { invalid: readonly string[] };

export interface Ours {
  word: Word;
  /** Ids of the checks that object. */
  violated: readonly string[];
  defaulted: Raw;
}

/** Validation comes before admission. */
export function ourWord({ set, pod }: Case, server: Version, engine: Engine = ENGINE): Ours {
  const defaulted = defaults.defaultPod(pod, server);
  const problems = validatePod(defaulted, { isNew: true, allowPrivileged: true });
  const { enforce } = engine.levelOf(set.labels, { default: UPSTREAM });
  const evaluation = engine.evaluatePod(defaulted, enforce.level, enforce.version, server);
  const violated = evaluation.violations.map(({ check }) => check);
  if (problems.length > 0) {
    return { word: { invalid: problems.map(said).sort() }, violated, defaulted };
  }
  return {
    word: evaluation.allowed ? { admitted: true } : { refused: engine.violationMessage(enforce, evaluation) },
    violated,
    defaulted,
  };
}

export function serversWord({ status, body }: Reply): Word {
  if (status < 300) return { admitted: true };
  if (status === 422) {
    const { causes = [] } = (body.details ?? {}) as { causes?: { field: string; message: string }[] };
    return { invalid: causes.map(said).sort() };
  }
  const violation = / is forbidden: (violates PodSecurity .*)$/s.exec(String(body.message))?.[1];
  if (status !== 403 || violation === undefined)
    throw new Error(`an answer that is none of Pod Security's: ${status} ${JSON.stringify(body)}`);
  return { refused: violation };
}

/** Whole objects are printed as the server holds them inside, which nobody else can: they are left out. */
export const said = ({ field, message }: { field: string; message: string }): string =>
  `${field}: ${message.replace(/^(Invalid value): \{.*\}(?=: )/s, '$1')}`;
