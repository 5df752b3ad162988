import { defaultsOf } from '../../admission/pod-security/cluster-default.ts';
import { evaluatePod } from '../../admission/pod-security/evaluate.ts';
import { enforcedIn } from '../../admission/pod-security/layer.ts';
import { type FixText, fixes, fixTexts } from '../../answer/command.ts';
import { joinAnd } from '../../answer/words.ts';
import type { Labels, Pod } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import { understoodOr } from '../../world/understood.ts';
import { NEWEST } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import type { Options } from '../question.ts';

/** Commands that make namespaces enforce a level of Pod Security, and their consequences. */
export interface NamespaceFixes {
  commands: FixText[];
  /** The running pods that would not be admitted again. */
  notes: string[];
}

/**
 * The commands that make each namespace enforce baseline that enforces no level now. kube-system is left out, whose own
 * pods need what baseline forbids; and where Pod Security is off there are none.
 */
export function namespaceFixes(
  namespaces: readonly string[],
  world: World,
  { kubectl }: Pick<Options, 'kubectl'>,
): NamespaceFixes {
  // Labels have no effect if Pod Security is off.
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

/** Those of the namespaces that enforce no level, and may: kube-system is none of them. */
export const openNamespaces = (namespaces: readonly string[], world: World): readonly string[] =>
  namespaces.filter((name) => name !== 'kube-system' && /^privileged:/.test(enforcedIn(name, world)));

/** The label by which a namespace enforces the level. */
export const levelLabel = (): Labels => ({ [ENFORCE]: LEVEL });

function openOf(namespaces: readonly string[], world: World): readonly string[] {
  const known = opensOf(world);
  const open = known.get(namespaces) ?? openNamespaces(namespaces, world);
  known.set(namespaces, open);
  return open;
}

const opensOf = oncePerState(() => new WeakMap<readonly string[], readonly string[]>());

/** A note about the pods of a namespace that the level refuses: it does so only when they are created again. */
function brokenIn(namespace: string, world: World): string[] {
  const names = world.list('pods', namespace).flatMap((pod) => (isRefused(pod, world) ? [pod.name] : []));
  if (names.length === 0) return [];
  const shown =
    names.length > MOST ? `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more` : joinAnd(names);
  return [`in namespace ${namespace} ${LEVEL} would refuse ${shown} once created anew`];
}

const MOST = 3;

/** Whether the level refuses a pod; false if its spec was not read as a whole, or has another shape. */
function isRefused({ whole }: Pod, { facts }: World): boolean {
  return understoodOr(
    () => whole !== null && evaluatePod(whole, LEVEL, 'latest', facts.version ?? NEWEST).violations.length > 0,
    () => false,
  );
}
