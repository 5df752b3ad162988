import { type Identity, identityOf } from '../rbac/subjects.ts';
import type { Subject } from '../world/objects.ts';
import type { World } from '../world/world.ts';
import type { Options } from './question.ts';

/** Whom `--subject` means: with the groups that were given, and those that the server itself gives where it is the caller. */
export function askedIdentity(subject: Subject, { facts }: World, { subjectGroups }: Options): Identity {
  const caller = facts.self?.user;
  const own = subject.kind === 'User' && caller?.name === subject.name ? caller.groups : [];
  return identityOf(subject, [...subjectGroups, ...own]);
}
