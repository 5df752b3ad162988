import type { Answer } from '../../answer/answer.ts';
import { joinAnd, nameSubject } from '../../answer/words.ts';
import { type Identity, identityOf } from '../../rbac/subjects.ts';
import type { Subject } from '../../world/objects.ts';
import type { Facts, World } from '../../world/world.ts';
import type { Options } from '../question.ts';

/**
 * The identity that `--subject` means: with the groups that were given, and with those that the server reported if the
 * subject is the caller.
 */
export function askedIdentity(subject: Subject, { facts }: World, { subjectGroups }: Options): Identity {
  return identityOf(subject, groupsOf(subject, facts, subjectGroups));
}

/** The same as an answer repeats it: a wrong group, or one name taken for two, is seen there. */
export const askedSubject = (
  subject: Subject | null,
  { facts }: World,
  { subjectGroups }: Options,
): Answer['subject'] =>
  subject === null
    ? undefined
    : {
        kind: subject.kind,
        namespace: subject.namespace,
        name: subject.name,
        groups: groupsOf(subject, facts, subjectGroups),
      };

/** `User jane, in groups dev and ops,`: as a sentence names it, with the groups that were given. */
export function nameAsked(subject: Subject, { subjectGroups }: Options): string {
  if (subjectGroups.length === 0) return nameSubject(subject);
  return `${nameSubject(subject)}, in group${subjectGroups.length === 1 ? '' : 's'} ${joinAnd(subjectGroups)},`;
}

function groupsOf(subject: Subject, { self }: Facts, given: readonly string[]): string[] {
  const own = subject.kind === 'User' && self?.user?.name === subject.name ? self.user.groups : [];
  return [...new Set([...given, ...own])];
}
