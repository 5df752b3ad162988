import type { Finding } from '../../answer/answer.ts';
import { UserError } from '../../answer/user-error.ts';
import { type Account, accountOf, namespaceOfGroup, subjectKey } from '../../rbac/subjects.ts';
import { get, type Need } from '../../world/needs.ts';
import type { Subject } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { isMissing, namedNeeds, namespaceNeeds, notFound, refuseMissingNamespace } from '../existence.ts';

/**
 * What tells whether a subject exists: an account, however it is spelled, or the namespace of a group of accounts. No
 * cluster knows other users and groups.
 */
export function subjectNeeds(subject: Subject | null, world: World): Need[] {
  const account = subject && accountOf(subject);
  if (account) return namedNeeds('serviceaccounts', account.namespace, account.name, world);
  const namespace = subject && namespaceOfGroup(subject);
  return namespace ? namespaceNeeds(namespace, world) : [];
}

/**
 * Throws a UserError if the server or the file says that the subject does not exist, so that a misspelt one is never
 * answered with a no. `findings`: what it holds. A grant to an account that does not exist is a finding all the same,
 * since whoever creates the account has it. `misspelt`: sentences about entries that were meant to name the subject.
 */
export function refuseMissingSubject(
  subject: Subject | null,
  findings: readonly Finding[],
  world: World,
  misspelt: (subject: Subject) => readonly string[] = () => [],
): void {
  if (subject === null) return;
  const namespace = namespaceOfGroup(subject);
  if (namespace !== null) refuseMissingNamespace(namespace, world);
  const account = accountOf(subject);
  if (account === null || !isAccountMissing(account, world)) return;
  const key = subjectKey(subject, null);
  const isNamed = findings.some(({ verdict, evidence }) =>
    evidence.some(
      ({ grants }) =>
        verdict !== 'no' && grants.some((each) => subjectKey(each.subject, each.binding.namespace) === key),
    ),
  );
  if (isNamed) return;
  const { message } = notFound('serviceaccounts', account.namespace, account.name, world);
  throw new UserError([message, ...misspelt(subject)].join('; '));
}

/**
 * Said of a subject in parentheses, where it is an account that is known not to exist. `holds`: whether bindings grant
 * it something here.
 */
export function absenceOf(subject: Subject, holds: boolean, world: World): string {
  const account = accountOf(subject);
  if (account === null || !isNowhere(account, world)) return '';
  return ` (there is no such account${holds ? ': whoever creates it has what it is granted' : ''})`;
}

/** Each namespace of a cluster has a `default`; manifests need not say so. */
function isAccountMissing({ namespace, name }: Account, world: World): boolean {
  const isGiven =
    name === 'default' && world.facts.origin === 'file' && !isMissing('namespaces', null, namespace, world);
  return !isGiven && isMissing('serviceaccounts', namespace, name, world);
}

/**
 * Whether an account does not exist, as far as is known. Manifests are what is made: one that they name and do not
 * bring is made by somebody else, or by nobody.
 */
export function isNowhere(account: Account, world: World): boolean {
  if (isAccountMissing(account, world)) return true;
  const { namespace, name } = account;
  if (!world.facts.applied || world.facts.applied.isLaidOver || world.find('serviceaccounts', namespace, name))
    return false;
  const outcome = world.outcome(get('serviceaccounts', namespace, name));
  return outcome?.read === false && outcome.failure.kind === 'notInFile';
}
