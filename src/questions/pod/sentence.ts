import type { Finding } from '../../answer/answer.ts';
import type { Verdict } from '../../answer/verdict.ts';
import { count, nameSubject } from '../../answer/words.ts';
import type { Subject } from '../../world/objects.ts';
import type { PodTarget } from '../access/pods.ts';
import { absentWords } from '../holders/absent-accounts.ts';
import { moreIndirectly } from '../holders/summary.ts';

export interface Told {
  target: PodTarget;
  /** The pod as the sentence names it: `pod shop/web-0`. */
  words: string;
  /** Whether anybody gets in. */
  verdict: Verdict;
  entries: readonly Finding[];
  /** Who is asked about; null: everybody. */
  subject: Subject | null;
  rights: readonly Finding[];
  /** Whether bindings that could not be seen may give its account more. */
  isHidden: boolean;
}

/** The card in a sentence, which agrees with the verdict: who gets into the pod, and what its account holds. */
export function sentence({ target: { pod }, words, verdict, entries, subject, rights, isHidden }: Told): string {
  const action = `get into ${words}`;
  const into = subject
    ? `${nameSubject(subject)} ${CAN[verdict.value]} ${action}${howOf(verdict, entries)}`
    : insiders(verdict, entries, action);
  if (!pod) return into;
  if (pod.serviceAccount === null) return `${into}; a static pod, it has no account`;
  const own = rights.filter(
    ({ id, accepted, verdict: held }) => id === 'account-right' && held === 'yes' && !accepted,
  ).length;
  const isUnread = isHidden || rights.some((each) => each.verdict === 'depends');
  const holds =
    own === 0
      ? `holds no right of note${isUnread ? ' that could be seen' : ''}`
      : `holds ${count(own, 'right')} of note`;
  return `${into}; its account ${pod.serviceAccount} ${holds}`;
}

/** Whether the one who is asked about gets in only by becoming somebody else. */
function howOf({ value }: Verdict, entries: readonly Finding[]): string {
  const [shortest] = entries.filter(({ steps, verdict }) => steps !== undefined && verdict === value);
  const isDirect = entries.some(({ steps, verdict }) => steps === undefined && verdict === value);
  return isDirect || !shortest ? '' : ` indirectly, in ${count(shortest.steps ?? 0, 'step')}`;
}

const CAN = { yes: 'can', no: 'cannot', depends: 'may be able to' };

/** `3 subjects can, and 1 more may,`. Whoever reads its logs is not inside. */
function insiders({ value }: Verdict, entries: readonly Finding[], action: string): string {
  const all = entries.filter(({ id }) => id !== 'pod-log-read');
  const inside = all.filter(({ steps }) => steps === undefined);
  const indirect = all.filter(({ steps, accepted }) => steps !== undefined && !accepted);
  const others = indirect.length === 0 ? '' : `; ${moreIndirectly(indirect)}`;
  const counted = inside.filter(({ accepted }) => !accepted);
  const sure = subjectsOf(counted.filter(({ verdict }) => verdict === 'yes'));
  const maybe = subjectsOf(counted.filter(({ verdict }) => verdict === 'depends')).difference(sure).size;
  const apart = subjectsOf(inside.filter(({ accepted }) => accepted)).size;
  const besides = apart > 0 ? ` besides ${count(apart, 'built-in or accepted holder')}` : '';
  const absent = absentWords(counted);
  if (sure.size > 0)
    return `${count(sure.size, 'subject')} can${maybe > 0 ? `, and ${maybe} more may,` : ''} ${action}${absent}${others}`;
  if (maybe > 0) return `${count(maybe, 'subject')} may be able to ${action}: it depends${absent}${others}`;
  if (indirect.length > 0) return `nobody can ${action} directly${besides}${others}`;
  return value === 'depends'
    ? `nobody that could be seen can ${action}${besides}, but not everything could be seen`
    : `nobody can ${action}${besides}`;
}

const subjectsOf = (findings: readonly Finding[]): Set<string> =>
  new Set(findings.map(({ subject: { kind, namespace, name } }) => JSON.stringify([kind, namespace, name])));
