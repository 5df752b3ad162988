import type { Finding } from '../../answer/answer.ts';
import { identityOf, parseAccountUser } from '../../rbac/subjects.ts';
import type { Subject } from '../../world/objects.ts';

/**
 * Whether a subject is among the holders, itself, spelled as an account or as a user, or as a member of a group that
 * Kubernetes puts it into. Of many thousand holders and subjects, each is looked at once.
 */
export function isAmong(holders: readonly Finding[]): (subject: Subject) => boolean {
  const holding = new BySubject<true>();
  for (const { subject } of holders) holding.set(subject.kind, subject.namespace, subject.name, true);
  const known = new BySubject<boolean>();
  return (subject) => {
    const { kind, namespace, name } = subject;
    let holds = known.get(kind, namespace, name);
    if (holds === undefined) {
      const { user, groups } = identityOf(subject);
      holds =
        (user !== null && holdsAsUser(user, holding)) ||
        groups.some((group) => holding.get('Group', null, group) === true);
      known.set(kind, namespace, name, holds);
    }
    return holds;
  };
}

function holdsAsUser(user: string, holding: BySubject<true>): boolean {
  const account = parseAccountUser(user);
  return (
    holding.get('User', null, user) === true ||
    (account !== null && holding.get('ServiceAccount', account.namespace, account.name) === true)
  );
}

/** A value for each subject, without a key to be made of its parts. */
class BySubject<V> {
  readonly #kinds = new Map<string, Map<string | null, Map<string, V>>>();

  get(kind: string, namespace: string | null, name: string): V | undefined {
    return this.#kinds.get(kind)?.get(namespace)?.get(name);
  }

  set(kind: string, namespace: string | null, name: string, value: V): void {
    const places = this.#kinds.get(kind) ?? new Map<string | null, Map<string, V>>();
    this.#kinds.set(kind, places);
    const names = places.get(namespace) ?? new Map<string, V>();
    places.set(namespace, names);
    names.set(name, value);
  }
}
