import type { Finding } from '../../answer/answer.ts';
import { count } from '../words.ts';

/** `2 of 3 pods would be admitted into namespace shop`; of a single one also why not. */
export function summaryOf(findings: readonly Finding[], place: string): string {
  const [first, ...others] = findings;
  if (first && others.length === 0) return summaryOfOne(first, place);
  const number = (verdict: Finding['verdict']): number => findings.filter((each) => each.verdict === verdict).length;
  const open = number('depends');
  const also = open === 0 ? '' : open === 1 ? ', and 1 more may be' : `, and ${open} more may be`;
  const all =
    number('yes') === findings.length ? `all ${count(findings.length, 'pod')}` : `${number('yes')} of ${count(findings.length, 'pod')}`;
  return `${all} would be admitted ${place}${also}`;
}

function summaryOfOne({ object, verdict, leaning, reason }: Finding, place: string): string {
  const name = `${object.kind.toLowerCase()}${object.name === '' ? '' : ` ${object.name}`}`;
  const it = object.kind === 'Pod' ? name : `the pods of ${name}`;
  if (verdict === 'yes') return `${it} would be admitted ${place}`;
  if (verdict === 'no') return `${it} would not be admitted ${place}: ${reason}`;
  const unless = leaning === 'yes' ? 'would likely be admitted' : leaning === 'no' ? 'would likely not be admitted' : 'may be admitted';
  return `${it} ${unless} ${place}: ${reason}`;
}
