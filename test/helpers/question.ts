import type { Answer, Finding } from '../../src/answer/answer.ts';
import type { Options, Question, Result } from '../../src/questions/question.ts';
import type { ObjectsTarget, WhoTarget } from '../../src/questions/targets.ts';
import type { KindName } from '../../src/world/kinds.ts';
import type { World } from '../../src/world/world.ts';

export const OPTIONS: Options = {
  subject: null,
  subjectGroups: [],
  accepts: () => false,
  direct: false,
  expand: false,
  showAttack: false,
  kubectl: [],
};

/** `objects('shop', 'web-0')`, `objects('shop', 'deployments/web')`. */
export function objects(namespace: string | null, ...names: string[]): ObjectsTarget {
  const refs = names.map((text) => {
    const [kind, name] = text.includes('/') ? text.split('/') : ['pods', text];
    return { kind: kind as KindName, name: name ?? '' };
  });
  return { refs, selector: null, namespace };
}

/** `right('create pods/exec', 'shop')`, `right('get /metrics')`. */
export function right(text: string, namespace: string | null = null, more: Partial<WhoTarget> = {}): WhoTarget {
  const [verb = '', what = ''] = text.split(' ');
  const isUrl = what.startsWith('/');
  return {
    verb,
    url: isUrl ? what : null,
    resource: isUrl ? null : what,
    subresource: null,
    name: null,
    namespace,
    ...more,
  };
}

export const asked = <T>(question: Question<T>, target: T, world: World, options: Partial<Options> = {}): Result =>
  question.answer(target, world, { ...OPTIONS, ...options });

/** The one answer. */
export function answer<T>(question: Question<T>, target: T, world: World, options: Partial<Options> = {}): Answer {
  const result = asked(question, target, world, options);
  const [error] = result.errors;
  if (error) throw error;
  const [first] = result.asked;
  if (!first) throw new Error('no answer');
  return first.answer;
}

/** Who holds it, then who nearly does. */
export const rows = ({ findings, nearMisses }: Answer): Finding[] => [...findings, ...nearMisses];

/**
 * `User/jane`, `ServiceAccount/ci/builder`: the subjects of findings that say yes, built-in ones left out; or of near
 * misses, which say no.
 */
export const holders = (answer: Answer, verdict: Finding['verdict'] = 'yes'): string[] => [
  ...new Set(
    rows(answer)
      .filter((each) => each.verdict === verdict && !each.accepted)
      .map(({ subject }) => named(subject)),
  ),
];

const named = ({ kind, namespace, name }: Finding['subject']): string =>
  [kind, namespace, name].filter((part) => part !== null).join('/');
