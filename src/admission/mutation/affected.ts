import { depends } from '../../answer/verdict.ts';
import { type GroupKind, parseGroupKind } from '../../world/kinds.ts';
import { oncePerState } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import type { Admission, Refusal } from '../layer.ts';
import { isChosen } from '../request/chosen-fields.ts';
import type { Changer } from './mutated.ts';
import { touches } from './paths.ts';

/**
 * The verdict of a layer, as far as it holds whatever the changers do to the object. A refusal that rests on a field
 * which a changer may change becomes a depends that leans to no; a refusal that no changer can affect stays. Of several
 * refusals those that stay decide.
 */
export function affected(admission: Admission, changers: readonly Changer[], world: World): Admission {
  if (changers.length === 0 || admission.value !== 'no') return admission;
  const { evidence } = admission;
  const stays = (refusal: Refusal): boolean => !changers.some((changer) => mayEnd(changer, refusal, world));
  // One fitting SecurityContextConstraints is enough, so that a change which ends the refusal by one of them may end
  // all.
  const firm = evidence.some(({ layer }) => layer === 'scc') && !evidence.every(stays) ? [] : evidence.filter(stays);
  if (firm.length > 0 || evidence.length === 0)
    return {
      ...admission,
      evidence: evidence.length === 0 ? evidence : [...firm, ...evidence.filter((each) => !firm.includes(each))],
    };
  const open = changers.filter((changer) => evidence.some((refusal) => mayEnd(changer, refusal, world)));
  return depends(
    open.map(({ unknown }) => unknown),
    'no',
    evidence,
  );
}

/** Whether the changes that a changer may make can end a refusal. */
function mayEnd({ changes }: Changer, { layer, rests, by }: Refusal, world: World): boolean {
  if (UNMOVED.has(layer)) return false;
  if (changes === null) return true;
  if (changes.some((path) => rests.some((each) => touches(path, each)))) return true;
  return (
    !TOLD.has(layer) &&
    by !== null &&
    changes.some((path) => mentions(textOf(by.kind, by.namespace, by.name, world), path))
  );
}

/**
 * Whether a changer can make a difference to a request that is admitted without it: it may remove a privilege, add one
 * that is refused, or change a field that a policy looks at.
 */
export function matters({ changes, mayRefuse }: Changer, world: World): boolean {
  return (
    mayRefuse ||
    changes === null ||
    changes.some((path) => !isChosen(path) || decidersOf(world).some((text) => mentions(text, path)))
  );
}

/** The texts of the objects that decide by fields which anybody may choose. */
const decidersOf = oncePerState((world): readonly string[] =>
  world
    .kinds()
    .filter(
      (kind): kind is GroupKind =>
        DECIDERS.some((each) => kind.startsWith(each)) || kind.endsWith('.constraints.gatekeeper.sh'),
    )
    .flatMap((kind) => world.list(kind).map(({ raw }) => JSON.stringify(raw.spec ?? raw))),
);

const DECIDERS = [
  ...['ValidatingAdmissionPolicy.', 'ClusterPolicy.kyverno.io', 'Policy.kyverno.io', 'ResourceQuota.'],
  ...['ValidatingPolicy.', 'NamespacedValidatingPolicy.', 'ImageValidatingPolicy.', 'NamespacedImageValidatingPolicy.'],
];

/** Layers that look at nothing which a mutation can change, only at the name of the namespace and at the user. */
const UNMOVED: ReadonlySet<string> = new Set(['namespace-lifecycle']);

/** Layers whose refusals list all the fields that they rest on. */
const TOLD: ReadonlySet<string> = new Set([
  'pod-security',
  'policies',
  'allow-privileged',
  'node-restriction',
  'webhooks',
  'mutating-policies',
]);

/**
 * Whether the text of an engine's object contains the name of the last field of a path, or refers to objects as a
 * whole.
 */
function mentions(text: string | null, path: string): boolean {
  if (text === null) return true;
  const names = path.replace(/\[\*\]/g, '').split('.');
  const last = names.at(-1) ?? '';
  return text.includes(last) || (names[0] === 'metadata' && /[sS]elector|matchLabels/.test(text));
}

/** The object that decides, as a text; null where it does not exist. */
function textOf(kind: string, namespace: string | null, name: string, world: World): string | null {
  const found = world
    .kinds()
    .filter((each): each is GroupKind => each.includes('.') && parseGroupKind(each).kind === kind)
    .flatMap((each) => world.list(each))
    .find((each) => each.name === name && each.namespace === namespace);
  return found ? JSON.stringify(found.raw.spec ?? found.raw) : null;
}
