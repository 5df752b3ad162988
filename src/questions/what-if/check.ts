import { UserError } from '../../answer/user-error.ts';
import type { Change } from '../../apply/change.ts';
import { isStatic, KINDS, keyOf, parseGroupKind } from '../../world/kinds.ts';
import { get, type Need } from '../../world/needs.ts';
import type { Binding } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { isMissing, namedNeeds, notFound } from '../existence.ts';

/** What tells whether a change is possible: what it deletes exists, and what may have been meant where it does not. */
export const checkNeeds = ({ removals }: Change, world: World): Need[] =>
  removals.flatMap(({ kind, namespace, name }) => namedNeeds(kind, namespace, name, world));

/** Throws a UserError, in kubectl's words, for a change that the server would refuse. */
export function checkChange({ removals, additions }: Change, world: World): void {
  for (const { kind, namespace, name } of removals) {
    if (isMissing(kind, namespace, name, world)) throw notFound(kind, namespace, name, world);
    const outcome = world.outcome(get(kind, namespace, name));
    const isThere = world.find(kind, namespace, name) ?? world.malformedObject(kind, namespace, name);
    if (!isThere && outcome?.read === false)
      throw new UserError(`error: --without ${word(kind)}/${keyOf({ namespace, name })}: ${outcome.failure.message}`);
    if (kind === 'namespaces' && IMMORTAL.has(name))
      throw new UserError(
        `Error from server (Forbidden): namespaces "${name}" is forbidden: this namespace may not be deleted`,
      );
  }
  for (const { kind, namespace, name, raw } of additions) {
    if (kind !== 'rolebindings' && kind !== 'clusterrolebindings') continue;
    const isRemoved = removals.some((each) => each.kind === kind && each.namespace === namespace && each.name === name);
    const standing = world.find(kind, namespace, name);
    if (standing && !isRemoved && !hasSameRole(standing, raw))
      throw new UserError(
        `The ${KINDS[kind].kind} "${name}" is invalid: roleRef: cannot change roleRef (--without ${word(kind)}/${keyOf({ namespace, name })} deletes the one that there is)`,
      );
  }
}

/** Mirrors apiserver plugin/pkg/admission/namespace/lifecycle. */
const IMMORTAL: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

function hasSameRole({ roleRef }: Binding, { roleRef: given }: Record<string, unknown>): boolean {
  const { kind, name } = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  return kind === roleRef.kind && name === roleRef.name;
}

/** `rolebinding`: a kind as `--without` takes it. */
const word = (kind: Change['removals'][number]['kind']): string =>
  (isStatic(kind) ? KINDS[kind].kind : parseGroupKind(kind).kind).toLowerCase();
