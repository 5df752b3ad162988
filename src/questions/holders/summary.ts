import type { Finding } from '../../answer/answer.ts';
import { no, type Verdict } from '../../answer/verdict.ts';
import { count } from '../../answer/words.ts';
import { ANONYMOUS, UNAUTHENTICATED } from '../../rbac/subjects.ts';
import type { Subject } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import type { Indirect, Options } from '../question.ts';
import { nameAsked } from './asked-identity.ts';
import { onlyByWords } from './holders.ts';
import { isEverybody } from './members.ts';
import { absenceOf } from './subject-existence.ts';

interface Summarized {
  verdict: Verdict;
  /** Of direct holders, and of those who nearly are. */
  findings: readonly Finding[];
  indirect: Indirect | undefined;
  /** Whether something that was not read may hide a direct holder. */
  isHidden: boolean;
  /** `port-forward to pod shop/web-0`. */
  action: string;
  options: Options;
  world: World;
}

/** The verdict as a sentence: how many can, or that one can, or why not; those who can indirectly are told apart. */
export function summarize(summarized: Summarized): string {
  const { findings, indirect, action, options } = summarized;
  if (!indirect) return summarizeDirect(summarized);
  const counted = indirect.findings.filter(({ accepted }) => !accepted);
  const sure = counted.filter(({ verdict }) => verdict === 'yes').length;
  const open = counted.length - sure;
  const isSure = findings.some(({ accepted, verdict }) => !accepted && verdict === 'yes');
  const isOpen = findings.some(({ accepted, verdict }) => !accepted && verdict === 'depends');
  const isNo = !isSure && !isOpen && !summarized.isHidden;
  const direct = summarizeDirect(isNo ? { ...summarized, verdict: no() } : summarized);
  if (options.subject) return indirectly(options.subject, direct, summarized, isSure || isOpen);
  if (isSure || (isOpen && sure === 0)) return counted.length === 0 ? direct : `${direct}; ${moreIndirectly(counted)}`;
  const none = isOpen ? 'it depends whether anybody can directly' : 'nobody can directly';
  const also = open > 0 ? `, and ${count(open, 'more subject')} may` : '';
  if (sure > 0) return `${count(sure, 'subject')} can ${action} indirectly${also}; ${none}`;
  if (open > 0) return `${count(open, 'subject')} may be able to ${action} indirectly: it depends; ${none}`;
  return `${direct}${unfollowed(indirect)}`;
}

/** `2 more can indirectly, among them everybody in system:authenticated, and 1 more may`. */
export function moreIndirectly(findings: readonly Finding[]): string {
  const sure = findings.filter(({ verdict }) => verdict === 'yes');
  const open = findings.length - sure.length;
  const everybody = everybodyAmong(sure);
  const among = everybody ? `, among them ${everybody}` : '';
  if (sure.length === 0) return `${open} more may indirectly`;
  return `${sure.length} more can indirectly${among}${open > 0 ? `, and ${open} more may` : ''}`;
}

/** The same about one subject. */
function indirectly(
  subject: Subject,
  direct: string,
  { indirect, action, options }: Summarized,
  isDirect: boolean,
): string {
  const [way] = indirect?.findings ?? [];
  if (!way) return isDirect ? direct : `${direct}${unfollowed(indirect)}`;
  const steps = `indirectly, in ${count(way.steps ?? 0, 'step')}`;
  const accepted = way.accepted ? ', which is accepted' : '';
  if (way.verdict === 'yes') return `${nameAsked(subject, options)} can ${action} ${steps}${accepted}`;
  return isDirect ? direct : `${nameAsked(subject, options)} may be able to ${action} ${steps}: it depends${accepted}`;
}

const unfollowed = (indirect: Indirect | undefined): string =>
  indirect && indirect.unseen.length > 0 ? '; who can become somebody that can was not seen as a whole' : '';

function summarizeDirect({ verdict, findings, action, options, world }: Summarized): string {
  if (options.subject) return oneSubject(verdict, findings, action, options.subject, options, world);
  const counted = findings.filter(({ accepted }) => !accepted);
  const sure = distinctSubjects(counted.filter((each) => each.verdict === 'yes'));
  const open = counted.filter((each) => each.verdict === 'depends');
  const maybe = open.length === 0 ? 0 : distinctSubjects(open) - subjectsIn(counted);
  const apart = distinctSubjects(findings.filter((each) => each.accepted && each.verdict !== 'no'));
  const everybody = everybodyAmong(counted);
  const also = maybe > 0 ? `, and ${count(maybe, 'more subject')} may` : '';
  const among = everybody ? `, among them ${everybody}` : '';
  if (sure > 0) return `${count(sure, 'subject')} can ${action}${onlyBySome(counted)}${among}${also}`;
  const besides = apart > 0 ? ` besides ${count(apart, 'built-in or accepted holder')}` : '';
  if (maybe > 0) return `${count(maybe, 'subject')} may be able to ${action}: it depends`;
  return verdict.value === 'depends'
    ? `nobody that could be seen can ${action}${besides}, but not everything could be seen`
    : `nobody can ${action}${besides}`;
}

/** Says how many hold it only by requests that name what they create. */
function onlyBySome(findings: readonly Finding[]): string {
  const held = findings.filter(({ verdict }) => verdict === 'yes');
  const limited = held.filter(({ onlyBy }) => onlyBy !== undefined);
  const rest = held.filter(({ onlyBy }) => onlyBy === undefined);
  const whole = new Set(rest.map(keyOf));
  const apart = distinctSubjects(limited.filter((each) => !whole.has(keyOf(each))));
  if (apart === 0) return '';
  const words = onlyByWords([...new Set(limited.flatMap(({ onlyBy }) => onlyBy ?? []))]);
  return rest.length === 0 ? `, ${words}` : `, ${apart} of them ${words}`;
}

/** The group or user that is the loudest finding, in words. */
function everybodyAmong(findings: readonly Finding[]): string | null {
  const named = (kind: string): string[] =>
    findings
      .filter(({ verdict, subject }) => verdict === 'yes' && subject.kind === kind)
      .map(({ subject }) => subject.name);
  const anonymous =
    named('Group').find((name) => name === UNAUTHENTICATED) ?? named('User').find((name) => name === ANONYMOUS);
  if (anonymous) return `anybody, even without logging in (${anonymous})`;
  const group = named('Group').find(isEverybody);
  return group ? `everybody in ${group}` : null;
}

function oneSubject(
  verdict: Verdict,
  findings: readonly Finding[],
  action: string,
  subject: Subject,
  options: Options,
  world: World,
): string {
  const who = nameAsked(subject, options);
  const absent = absenceOf(
    subject,
    findings.some((each) => each.verdict !== 'no'),
    world,
  );
  const accepted = findings.filter((each) => each.accepted && each.verdict !== 'no');
  if (verdict.value === 'yes')
    return `${who} can ${action}${onlyBySome(findings.filter((each) => !each.accepted))}${absent}`;
  if (accepted.length > 0)
    return `${who} ${accepted.some((each) => each.verdict === 'yes') ? 'can' : 'may be able to'} ${action}${absent}, which is accepted`;
  if (verdict.value === 'depends') {
    const seen = findings.some((each) => each.verdict === 'depends');
    return seen
      ? `${who} may be able to ${action}${absent}: it depends`
      : `${who} cannot ${action} as far as could be seen${absent}`;
  }
  const [nearest] = findings.filter((each) => each.verdict === 'no');
  return `${who} cannot ${action}${absent}: ${nearest?.reason ?? 'no binding grants it'}${groupless(subject, options, world)}`;
}

/** A user is asked about without groups unless they are told. */
const groupless = ({ kind, name }: Subject, { subjectGroups }: Options, { facts }: World): string =>
  kind === 'User' && subjectGroups.length === 0 && !name.startsWith('system:') && facts.self?.user?.name !== name
    ? ' (as a member of no group: --subject-group adds one)'
    : '';

const keyOf = ({ subject }: Finding): string => JSON.stringify([subject.kind, subject.namespace, subject.name]);

const distinctSubjects = (findings: readonly Finding[]): number => new Set(findings.map(keyOf)).size;

/** Subjects that have both: counted once, among those that can. */
function subjectsIn(findings: readonly Finding[]): number {
  const sure = new Set(findings.filter(({ verdict }) => verdict === 'yes').map(keyOf));
  return new Set(findings.filter((each) => each.verdict === 'depends' && sure.has(keyOf(each))).map(keyOf)).size;
}
