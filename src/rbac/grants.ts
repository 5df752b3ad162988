import type { Binding, Subject } from '../world/objects.ts';
import type { Grant } from './rbac.ts';
import { subjectKey } from './subjects.ts';

/** The namespace in which a grant counts; null for the whole cluster. */
export const placeOf = ({ binding, also }: Grant): string | null =>
  binding.namespace ?? also?.grant.binding.namespace ?? null;

/** The grants without repetitions: each rule once for each entry of a binding, however often the entry is listed. */
export function distinctGrants(grants: readonly Grant[]): Grant[] {
  // Most bindings give one grant: the key is only needed for a second one.
  const seen = new Map<Binding, Grant | Set<string>>();
  return grants.filter((grant) => {
    const before = seen.get(grant.binding);
    if (before === undefined) {
      seen.set(grant.binding, grant);
      return true;
    }
    const keys = before instanceof Set ? before : new Set([grantKey(before)]);
    seen.set(grant.binding, keys);
    const key = grantKey(grant);
    const isNew = !keys.has(key);
    if (isNew) keys.add(key);
    return isNew;
  });
}

/** The key of a grant within its binding. Most grants are simple, and JSON is slow. */
function grantKey({ binding, subject, rule, names, also }: Grant): string {
  const simple = `${rule} ${whoKey(subject, binding)}`;
  if (names === null && !also) return simple;
  const { kind, namespace, name } = also?.grant.binding ?? {};
  return JSON.stringify([simple, names, kind, namespace, name, also?.grant.rule, also?.verbs]);
}

export const whoKey = (subject: Subject, binding: Binding): string =>
  `${subject.kind}/${subjectKey(subject, binding.namespace)}`;
