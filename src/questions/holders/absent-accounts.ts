import type { Finding } from '../../answer/answer.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { count, joinAnd } from '../../answer/words.ts';
import { accountOf, namespaceOfGroup } from '../../rbac/subjects.ts';
import { get, list, type Need } from '../../world/needs.ts';
import type { Subject } from '../../world/objects.ts';
import { unreadable, type World } from '../../world/world.ts';
import { isMissing } from '../existence.ts';
import type { Options } from '../question.ts';
import { isNowhere } from './subject-existence.ts';

/**
 * What tells whether the accounts that hold something exist: the accounts of their namespaces, and of those that are
 * missing whether the namespace is there. Only where the namespaces are few, since a whole cluster's accounts cost more
 * than its bindings, and not with `--direct`. The holders alone decide, never where the objects come from: a snapshot
 * says what the cluster says that it was taken of. `holders` may be thousands, and is walked no further than needed.
 */
export function accountNeeds(holders: Iterable<Subject>, world: World, { direct, subject }: Options): Need[] {
  // Whether the one subject that is asked about exists is read for itself.
  if (direct || subject !== null) return [];
  const homes = new Set<string>();
  const missing = new Set<string>();
  for (const holder of holders) {
    const account = accountOf(holder);
    const home = account?.namespace ?? namespaceOfGroup(holder);
    if (home === null) continue;
    homes.add(home);
    if (homes.size > MOST_NAMESPACES) return [];
    const isAbsent = account ? isMissing('serviceaccounts', home, account.name, world) : isEmpty(home, world);
    if (isAbsent) missing.add(home);
  }
  return [
    ...[...homes].map((home) => list('serviceaccounts', home)),
    ...[...missing].map((home) => get('namespaces', null, home)),
  ];
}

const MOST_NAMESPACES = 8;

/**
 * The same findings, with those of accounts that do not exist marked: whoever creates such an account has what it is
 * granted. Built-in and accepted ones are left alone.
 */
export function markAbsent(findings: readonly Finding[], world: World): readonly Finding[] {
  if (!isAnyRead(world)) return findings;
  return findings.map((finding) => {
    const absent = finding.verdict === 'no' || finding.accepted ? null : absenceOf(finding.subject, world);
    return absent === null || !isGranted(finding)
      ? finding
      : { ...finding, absent: absent.what, reason: `${finding.reason}; ${absent.words}` };
  });
}

/** Whether a role was read that gives the subject this: of one that was not, nobody knows what it gives whom. */
const isGranted = ({ evidence }: Finding): boolean =>
  evidence.some(({ grants }) => grants.some(({ rule }) => rule !== null));

/** Whether accounts of any namespace were asked for: of thousands of holders, most often those of none were. */
const isAnyRead = (world: World): boolean => [...world.outcomes()].some(({ need }) => need.kind === 'serviceaccounts');

/**
 * `; 1 holder is an account that does not exist: whoever creates it has this`. `''` where all are there, as far as is
 * known.
 */
export function absentWords(findings: readonly Finding[]): string {
  const absent = findings.filter((finding) => finding.absent && !finding.accepted);
  const subjects = new Map(
    absent.map(({ subject }) => [JSON.stringify([subject.kind, subject.namespace, subject.name]), subject]),
  );
  if (subjects.size === 0) return '';
  const groups = [...subjects.values()].filter(({ kind }) => kind === 'Group').length;
  const [be, what, them] =
    subjects.size === 1
      ? ['is', groups === 0 ? 'an account that does not exist' : 'the group of a namespace that does not exist', 'it']
      : ['are', `accounts${groups === 0 ? '' : ', or groups of namespaces,'} that do not exist`, 'them'];
  return `; ${count(subjects.size, 'holder')} ${be} ${what}: whoever creates ${them} has this`;
}

/** Lists of accounts that were refused: they change no verdict. */
export function unreadAccounts(findings: readonly Finding[], world: World): Unknown[] {
  const homes = new Set(
    findings.flatMap((finding) => (finding.accepted ? [] : (accountOf(finding.subject)?.namespace ?? []))),
  );
  const refused = [...homes].sort().filter((home) => {
    const outcome = world.outcome(list('serviceaccounts', home));
    return outcome?.read === false && !['notFound', 'notInFile'].includes(outcome.failure.kind);
  });
  const [first] = refused;
  if (first === undefined) return [];
  const unknown = unreadable(world, list('serviceaccounts', first), 'whether the accounts there that hold it exist');
  return [{ ...unknown, what: `serviceaccounts in namespace${refused.length === 1 ? '' : 's'} ${joinAnd(refused)}` }];
}

/** Said where accounts hold something and nobody looked whether they exist. */
export function accountAssumption(findings: readonly Finding[], world: World): string[] {
  const isOpen = findings.some((finding): boolean => {
    const account = finding.accepted || finding.absent ? null : accountOf(finding.subject);
    if (account === null || world.find('serviceaccounts', account.namespace, account.name)) return false;
    const outcome = world.outcome(get('serviceaccounts', account.namespace, account.name));
    return outcome === null || (outcome.read === false && outcome.failure.kind === 'notInFile');
  });
  return isOpen ? ['service accounts that are not marked as missing exist: not all were looked up'] : [];
}

interface Absence {
  what: NonNullable<Finding['absent']>;
  words: string;
}

function absenceOf(subject: Subject, world: World): Absence | null {
  const account = accountOf(subject);
  if (account)
    return isNowhere(account, world)
      ? isMissing('namespaces', null, account.namespace, world)
        ? HOMELESS
        : NO_ACCOUNT
      : null;
  const namespace = namespaceOfGroup(subject);
  return namespace !== null && isEmpty(namespace, world) && isMissing('namespaces', null, namespace, world)
    ? NO_NAMESPACE
    : null;
}

const NO_ACCOUNT: Absence = { what: 'account', words: 'there is no such account: whoever creates it has this' };
const HOMELESS: Absence = {
  what: 'namespace',
  words: 'there is neither such an account nor its namespace: whoever creates both has this',
};
const NO_NAMESPACE: Absence = { what: 'namespace', words: 'there is no such namespace: whoever creates it has this' };

/** Whether no account of a namespace is known, however that was read. */
const isEmpty = (namespace: string, world: World): boolean => world.list('serviceaccounts', namespace).length === 0;
