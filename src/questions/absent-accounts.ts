import type { Finding } from '../answer/answer.ts';
import type { Unknown } from '../answer/unknown.ts';
import { get, list, type Need } from '../world/needs.ts';
import type { Subject } from '../world/objects.ts';
import { unreadable, type World } from '../world/world.ts';
import { isMissing } from './existence.ts';
import type { Options } from './question.ts';
import { accountOf, isNowhere } from './subject-existence.ts';
import { count } from './words.ts';

/**
 * What tells whether the accounts that hold something exist: the accounts of their namespaces, and of those that are missing whether the namespace is
 * there. Of a live cluster only for a question of one namespace whose holders are of few: a whole cluster's accounts cost more than its bindings.
 */
export function accountNeeds(holders: Iterable<Subject>, namespace: string | null, world: World, { direct }: Options): Need[] {
  if (world.facts.origin !== 'live' || namespace === null || direct) return [];
  const accounts = [...holders].flatMap((holder) => accountOf(holder) ?? []);
  const homes = new Set(accounts.map((account) => account.namespace));
  if (homes.size > MOST_NAMESPACES) return [];
  const missing = accounts.filter((account) => isMissing('serviceaccounts', account.namespace, account.name, world));
  return [
    ...[...homes].map((home) => list('serviceaccounts', home)),
    ...new Set(missing.map((account) => account.namespace)).values().map((home) => get('namespaces', null, home)),
  ];
}

const MOST_NAMESPACES = 8;

/** All accounts that a file has: they cost nothing. */
export const storedAccounts = ({ facts }: World): Need[] => (facts.origin === 'live' ? [] : [list('serviceaccounts'), list('namespaces')]);

/** The same findings, with those of accounts that do not exist marked: whoever creates such an account has what it is granted. */
export function markAbsent(findings: readonly Finding[], world: World): readonly Finding[] {
  if (!wasAsked(world)) return findings;
  return findings.map((finding): Finding => {
    const absent = finding.verdict === 'no' ? null : absenceOf(finding.subject, world);
    if (!absent) return finding;
    const what = absent === 'account' ? 'there is no such account' : 'there is neither such an account nor its namespace';
    return { ...finding, absent, reason: `${finding.reason}; ${what}: whoever creates it has this` };
  });
}

/** `; 1 of them is an account that does not exist: whoever creates it has this`. `''` where all are there, as far as is known. */
export function absentWords(findings: readonly Finding[]): string {
  const absent = findings.filter((finding) => finding.absent && !finding.accepted);
  const subjects = new Set(absent.map(({ subject }) => JSON.stringify([subject.namespace, subject.name]))).size;
  if (subjects === 0) return '';
  const what =
    subjects === 1
      ? 'is an account that does not exist: whoever creates it has this'
      : 'are accounts that do not exist: whoever creates them has this';
  return `; ${count(subjects, 'holder')} ${what}`;
}

/** Lists of accounts that were refused: they change no verdict. */
export function unreadAccounts(findings: readonly Finding[], world: World): Unknown[] {
  const homes = new Set(findings.flatMap(({ subject }) => accountOf(subject)?.namespace ?? []));
  return [...homes].flatMap((home) => {
    const need = list('serviceaccounts', home);
    const outcome = world.outcome(need);
    const isRefused = outcome?.read === false && !['notFound', 'notInFile'].includes(outcome.failure.kind);
    return isRefused ? [unreadable(world, need, 'whether the accounts there that hold it exist')] : [];
  });
}

/** Said where accounts hold something and nobody looked whether they exist. */
export function accountAssumption(findings: readonly Finding[], world: World): string[] {
  const isOpen = findings.some((finding) => {
    const account = finding.accepted ? null : accountOf(finding.subject);
    return account !== null && world.outcome(get('serviceaccounts', account.namespace, account.name)) === null;
  });
  return isOpen && world.facts.origin === 'live' ? ['the service accounts that hold this exist: that was not looked up'] : [];
}

const wasAsked = (world: World): boolean =>
  world.facts.origin !== 'live' || [...world.outcomes()].some(({ need }) => need.kind === 'serviceaccounts');

function absenceOf(subject: Subject, world: World): Finding['absent'] | null {
  const account = accountOf(subject);
  if (account === null) return null;
  if (!isNowhere(account, world)) return null;
  return isMissing('namespaces', null, account.namespace, world) ? 'namespace' : 'account';
}
