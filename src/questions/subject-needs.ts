import { get, type Need } from '../world/needs.ts';
import type { Options } from './question.ts';

/** The account that is asked about, so that a misspelt one is noticed. */
export const subjectNeeds = ({ subject }: Options): Need[] =>
  subject?.kind === 'ServiceAccount' && subject.namespace !== null ? [get('serviceaccounts', subject.namespace, subject.name)] : [];
