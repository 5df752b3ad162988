import type { Binding, Subject } from '../world/objects.ts';
import type { Grant } from './rbac.ts';
import { subjectKey } from './subjects.ts';

/** Where a grant counts; null: in the whole cluster. */
export const placeOf = ({ binding, also }: Grant): string | null =>
  binding.namespace ?? also?.grant.binding.namespace ?? null;

/** Each rule by each entry of a binding once, however often it is listed. */
export function distinctGrants(grants: readonly Grant[]): Grant[] {
  // Most bindings give one: what it is called matters once there is a second.
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

/** Within a binding. Most grants are of the simple kind, and JSON costs. */
function grantKey({ binding, subject, rule, names, also }: Grant): string {
  const simple = `${rule} ${whoKey(subject, binding)}`;
  if (names === null && !also) return simple;
  const { kind, namespace, name } = also?.grant.binding ?? {};
  return JSON.stringify([simple, names, kind, namespace, name, also?.grant.rule, also?.verbs]);
}

export const whoKey = (subject: Subject, binding: Binding): string =>
  `${subject.kind}/${subjectKey(subject, binding.namespace)}`;
