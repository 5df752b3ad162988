import type { Question } from '../../questions/question.ts';
import type { Ask } from '../parse/invocation.ts';

/** Whether those who can become a holder are asked for. */
export const asksIndirect = ({ asks, direct }: Pick<Ask, 'asks' | 'direct'>): boolean =>
  asks.question.findsIndirect === true && !direct;

/** Loads a question with what finds indirect holders. */
export async function loadWithIndirect<T>(load: () => Promise<Question<T>>): Promise<Question<T>> {
  const [question, { withIndirect }] = await Promise.all([load(), import('../../questions/holders/indirect/index.ts')]);
  return withIndirect(question);
}
