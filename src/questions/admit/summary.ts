import type { Finding } from '../../answer/answer.ts';
import { count } from '../../answer/words.ts';
import { placesWords } from './places.ts';
import type { AdmitTarget } from './target.ts';

/**
 * `all 3 pods would be admitted into namespace shop`; `2 of 10 would be refused in namespace shop`; what depends comes
 * behind. Of a single one also why.
 */
export function summaryOf(findings: readonly Finding[], target: AdmitTarget): string {
  const [first, ...others] = findings;
  const isWhole = (target.unread?.unknowns ?? []).length === 0;
  if (first && others.length === 0 && isWhole) return summaryOfOne(first, placesWords(target, 'into'));
  const number = (verdict: Finding['verdict']): number => findings.filter((each) => each.verdict === verdict).length;
  const [refused, open, all] = [number('no'), number('depends'), findings.length];
  if (refused === all) return `all ${count(all, 'pod')} would be refused ${placesWords(target, 'in')}`;
  if (refused > 0)
    return `${refused} of ${all} would be refused ${placesWords(target, 'in')}${open === 0 ? '' : `, and ${open} more may be`}`;
  if (open === 0)
    return `all ${count(all, 'pod')}${isWhole ? '' : ' that could be read'} would be admitted ${placesWords(target, 'into')}`;
  const leaning = (which: Finding['leaning']): number =>
    findings.filter((each) => each.verdict === 'depends' && each.leaning === which).length;
  const likely = leaning('no');
  if (likely > 0)
    return `${likely} of ${all} would likely be refused ${placesWords(target, 'in')}${likely === open ? '' : `, and ${open - likely} more may be`}`;
  const unlikely = leaning('yes') === open ? 'may be, but probably would not be,' : 'may be';
  return `${open} of ${all} ${unlikely} refused ${placesWords(target, 'in')}`;
}

function summaryOfOne({ object, verdict, leaning, reason }: Finding, place: string): string {
  const name = `${object.kind.toLowerCase()}${object.name === '' ? '' : ` ${object.name}`}`;
  const it = object.kind === 'Pod' ? name : `the pods of ${name}`;
  if (verdict === 'yes') return `${it} would be admitted ${place}`;
  if (verdict === 'no') return `${it} would not be admitted ${place}: ${reason}`;
  const unless =
    leaning === 'yes'
      ? 'would likely be admitted'
      : leaning === 'no'
        ? 'would likely not be admitted'
        : 'may be admitted';
  return `${it} ${unless} ${place}: ${reason}`;
}
