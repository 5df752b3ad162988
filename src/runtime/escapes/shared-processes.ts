import { and, depends, no, or, yes } from '../../answer/verdict.ts';
import { arithmeticOf } from '../capabilities/index.ts';
import { type Contained, containersOf } from '../container.ts';
import { type Bound, holds, isRoot, opening } from './bounds.ts';
import type { Escape, Place } from './escape.ts';

/**
 * Processes of the pod's other containers in sight.
 * Condition: spec.shareProcessNamespace, and another container that counts; hostPID shows them besides.
 * Why:       /proc/PID/root and environ of a process are open to the same user with no fewer capabilities, or to SYS_PTRACE.
 * Source:    ptrace(2), access mode checks. Scanners draw it without asking for the user.
 */
export const sharedProcesses: Escape = {
  id: 'share-process-namespace',
  title: 'shareProcessNamespace',
  find: (container, place) => {
    if (!container.pod.context.shareProcessNamespace) return [];
    const others = containersOf(container.pod).filter(
      ({ facts, state, settings }) =>
        facts.name !== container.facts.name && state !== 'finished' && !settings.neverStarts,
    );
    return others.map((other) =>
      opening(
        'the pod',
        `shareProcessNamespace: files and environment of container ${other.facts.name}`,
        looksInto(container, other, place),
      ),
    );
  },
};

function looksInto(container: Contained, other: Contained, place: Place): Bound {
  const alike = and(sameUser(container, other), hasNoLess(container, other, place));
  return alike.value === 'yes' ? alike : or(holds('SYS_PTRACE', container, place), alike);
}

function sameUser(container: Contained, other: Contained): Bound {
  const [own, their] = [container.settings.user, other.settings.user];
  const differ = no('its user is another');
  if (own.uid !== null && their.uid !== null) return own.uid === their.uid ? yes() : differ;
  const isApart = (a: typeof own, b: typeof own): boolean => a.uid === 0 && b.nonRoot;
  if (isApart(own, their) || isApart(their, own)) return differ;
  const open = and(isRoot(container), isRoot(other));
  return depends(open.unknowns, own.nonRoot || their.nonRoot ? null : 'yes', ['if its user is the same']);
}

/** Processes of root count; the others have nothing to gain. Of several possible runtimes any may be the actual one. */
function hasNoLess({ settings: own }: Contained, { settings: their }: Contained, { environments }: Place): Bound {
  if (their.user.nonRoot) return yes();
  const isCovered = environments
    .map(({ runtime }) => arithmeticOf(runtime))
    .some(({ count }) => count(their).capabilities.isSubsetOf(count(own).capabilities));
  return isCovered ? yes() : no('its capabilities are more');
}
