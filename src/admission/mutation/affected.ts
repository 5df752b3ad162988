import { depends } from '../../answer/verdict.ts';
import { type GroupKind, parseGroupKind } from '../../world/kinds.ts';
import { oncePerState } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import type { Admission, Refusal } from '../layer.ts';
import { isChosen } from '../request/chosen-fields.ts';
import type { Changer } from './mutated.ts';
import { touches } from './paths.ts';

/**
 * What a layer says, as far as it holds whatever the changers make of the object: a refusal by what one may change
 * depends on it, and leans to no; one by what none of them may change stays. Of several refusals those that stay
 * decide.
 */
export function affected(admission: Admission, changers: readonly Changer[], world: World): Admission {
  if (changers.length === 0 || admission.value !== 'no') return admission;
  const { evidence } = admission;
  const stays = (refusal: Refusal): boolean => !changers.some((changer) => mayEnd(changer, refusal, world));
  // Of several SecurityContextConstraints one is enough, so that what ends the refusal by one of them may be enough.
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

/** Whether what a changer does to the object may end a refusal. */
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
 * Whether what a changer may do makes a difference to a request that is admitted as it is: it may take a privilege
 * away, or give one that is refused, or change what a policy looks at.
 */
export function matters({ changes, mayRefuse }: Changer, world: World): boolean {
  return (
    mayRefuse ||
    changes === null ||
    changes.some((path) => !isChosen(path) || decidersOf(world).some((text) => mentions(text, path)))
  );
}

/** What decides by fields that anybody may choose, as texts. */
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

/** These look at nothing that could be changed: the name of the namespace, who writes. */
const UNMOVED: ReadonlySet<string> = new Set(['namespace-lifecycle']);

/** Of these a refusal tells all the fields that it rests on. */
const TOLD: ReadonlySet<string> = new Set([
  'pod-security',
  'policies',
  'allow-privileged',
  'node-restriction',
  'webhooks',
  'mutating-policies',
]);

/**
 * Whether the text of an object of an engine has the name of the field at the end of a path, or speaks of objects as a
 * whole.
 */
function mentions(text: string | null, path: string): boolean {
  if (text === null) return true;
  const names = path.replace(/\[\*\]/g, '').split('.');
  const last = names.at(-1) ?? '';
  return text.includes(last) || (names[0] === 'metadata' && /[sS]elector|matchLabels/.test(text));
}

/** The object that decides, as a text; null where it is not there. */
function textOf(kind: string, namespace: string | null, name: string, world: World): string | null {
  const found = world
    .kinds()
    .filter((each): each is GroupKind => each.includes('.') && parseGroupKind(each).kind === kind)
    .flatMap((each) => world.list(each))
    .find((each) => each.name === name && each.namespace === namespace);
  return found ? JSON.stringify(found.raw.spec ?? found.raw) : null;
}
