import { defaultsOf } from '../../admission/pod-security/cluster-default.ts';
import { evaluatePod } from '../../admission/pod-security/evaluate.ts';
import { enforcedIn } from '../../admission/pod-security/layer.ts';
import { type FixText, fixes, fixTexts } from '../../answer/command.ts';
import { joinAnd } from '../../answer/words.ts';
import type { Pod } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import { understoodOr } from '../../world/understood.ts';
import { NEWEST } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import type { Options } from '../question.ts';

export interface NamespaceFixes {
  commands: FixText[];
  /** Which pods that run would not come back. */
  notes: string[];
}

/**
 * A level for each namespace that enforces none: never a lower one, nor where the system's own pods need what it
 * forbids.
 */
export function namespaceFixes(
  namespaces: readonly string[],
  world: World,
  { kubectl }: Pick<Options, 'kubectl'>,
): NamespaceFixes {
  // Where Pod Security is off, labels do nothing.
  const open = defaultsOf(world).isOff ? [] : openOf(namespaces, world);
  return {
    commands: open.flatMap((name) =>
      fixTexts(fixes('label', '--overwrite', `namespace/${name}`, `${ENFORCE}=${LEVEL}`), kubectl),
    ),
    notes: open.flatMap((name) => brokenIn(name, world)),
  };
}

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const LEVEL = 'baseline';

function openOf(namespaces: readonly string[], world: World): readonly string[] {
  const known = opensOf(world);
  const open =
    known.get(namespaces) ??
    namespaces.filter((name) => name !== 'kube-system' && /^privileged:/.test(enforcedIn(name, world)));
  known.set(namespaces, open);
  return open;
}

const opensOf = oncePerState(() => new WeakMap<readonly string[], readonly string[]>());

/** Pods that run are left alone until they are created anew. */
function brokenIn(namespace: string, world: World): string[] {
  const names = world.list('pods', namespace).flatMap((pod) => (isRefused(pod, world) ? [pod.name] : []));
  if (names.length === 0) return [];
  const shown =
    names.length > MOST ? `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more` : joinAnd(names);
  return [`in namespace ${namespace} ${LEVEL} would refuse ${shown} once created anew`];
}

const MOST = 3;

/** No: not, as far as its spec was read. */
function isRefused({ whole }: Pod, { facts }: World): boolean {
  return understoodOr(
    () => whole !== null && evaluatePod(whole, LEVEL, 'latest', facts.version ?? NEWEST).violations.length > 0,
    () => false,
  );
}
