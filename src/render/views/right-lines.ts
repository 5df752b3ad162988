import type { Finding } from '../../answer/answer.ts';
import { type Printable, sentence } from '../terminal/printable.ts';
import { partition } from './findings.ts';
import type { View } from './view.ts';
import { ACCOUNT_RULE } from './ways-in.ts';
import { grantsOf, verdictWord } from './words.ts';

/** One line a right, in plain words; what upstream grants to all accounts is only counted. */
export function rightLines(findings: readonly Finding[], isOpen: boolean, view: View): Printable[] {
  const { rows, accepted, noes } = partition(findings);
  const shown = (view.showSystem ? [...rows, ...accepted] : rows).toSorted(
    (a, b) => Number(a.id === ACCOUNT_RULE) - Number(b.id === ACCOUNT_RULE),
  );
  const nothing = sentence`  ${isOpen ? 'nothing that could be seen' : 'nothing'}`;
  const rules = rows.filter(({ id }) => id === ACCOUNT_RULE);
  const unshown = new Set(view.wide || view.explain ? [] : rules.slice(RULES_SHOWN));
  const folded = sentence`  ${accepted.length} accepted or built-in (--show-system lists them)`;
  return [
    ...(rows.length === 0 ? [nothing] : []),
    ...shown.filter((finding) => !unshown.has(finding)).map((finding) => rightLine(finding, view)),
    ...(unshown.size > 0 ? [view.paint('faint', sentence`  and ${unshown.size} more rules (-o wide lists them)`)] : []),
    ...noes.filter((finding) => !finding.accepted).map((finding) => rightLine(finding, view)),
    ...(accepted.length > 0 && !view.showSystem ? [view.paint('faint', folded)] : []),
  ];
}

/** The card has to fit a screen. */
const RULES_SHOWN = 5;

function rightLine(finding: Finding, { paint }: View): Printable {
  const { verdict, leaning, reason } = finding;
  const [grant, ...others] = grantsOf(finding);
  const mark = verdict === 'yes' ? '' : sentence`${paint(verdict, verdictWord(verdict, leaning))}: `;
  const more = others.length > 0 ? ` +${others.length} more` : '';
  return sentence`  ${mark}${reason}${grant ? `  (${grant.binding.kind} ${grant.binding.name}${more})` : ''}`;
}
