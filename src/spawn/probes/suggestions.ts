import type { TargetRef } from '../../answer/refs.ts';
import type { GroupKind } from '../../world/kinds.ts';
import type { Labels, Manifest } from '../../world/objects.ts';
import { oncePerObject } from '../../world/once.ts';
import { isRaw } from '../../world/raw.ts';
import type { World } from '../../world/world.ts';

/**
 * What an author may change in a pod without giving up a privilege: where its image comes from, its labels, and the
 * user that it runs as, other than root.
 */
export interface Suggestion {
  image?: string;
  user?: number;
  labels?: Labels;
}

/**
 * Suggestions from the text of a policy, which says what it wants to see: registries that it lets through, labels that
 * it asks for, users. They are guesses, each of which is tried like any other pod; whether an image of that name exists
 * in the registry is not known. They are few, the likeliest first. There are none where the policy was not read.
 */
export function suggestionsFor(by: TargetRef, world: World): readonly Suggestion[] {
  const manifest = manifestOf(by, world);
  return manifest ? suggestedBy(manifest) : [];
}

function manifestOf({ kind, namespace, name }: TargetRef, world: World): Manifest | undefined {
  const kinds = world.kinds().filter((each): each is GroupKind => each.startsWith(`${kind}.`));
  return kinds.map((each) => world.find(each, namespace, name)).find((found) => found !== undefined);
}

const suggestedBy = oncePerObject(({ raw }: Manifest): readonly Suggestion[] => {
  // The objects that a policy matches are no hint of what it wants to see.
  const { matchConstraints: _, ...wishes } = isRaw(raw.spec) ? raw.spec : {};
  const texts = [...textsIn(wishes)].slice(0, MOST_TEXTS);
  const literals = [...new Set(texts.flatMap((text) => [text, ...quotedIn(text)]))];
  const images = [...new Set(literals.flatMap(imagesLike))].map((image): Suggestion => ({ image }));
  const keys = [...new Set([...texts.flatMap(labelsIn), ...keysOfLabels(wishes)])];
  const values = [PLAIN, ...literals.filter((each) => VALUE.test(each) && !keys.includes(each))].slice(0, MOST_VALUES);
  const labels =
    keys.length === 0
      ? []
      : values.map((value): Suggestion => ({ labels: Object.fromEntries(keys.map((key) => [key, value])) }));
  return [...images.slice(0, MOST_VALUES), ...labels, ...usersIn(JSON.stringify(wishes))];
});

/** Users from a policy about users: each number that it names, and the number after it. */
function usersIn(spec: string): Suggestion[] {
  if (!spec.includes('runAsUser')) return [];
  const named = [...spec.matchAll(/(?<![\w.])\d{1,9}(?![\w.])/g)].map(([digits]) => Number(digits));
  const users = named.flatMap((each) => [each, each + 1]).filter((each) => each > 0);
  return [...new Set(users)].slice(0, MOST_VALUES).map((each) => ({ user: each }));
}

/** Images of a registry, of a repository, or of a pattern of either. */
function imagesLike(text: string): string[] {
  if (!IMAGE.test(text)) return [];
  const plain = text.replaceAll('*', PLAIN).replace(/^@/, '');
  if (isTagged(plain)) return [plain];
  if (plain.endsWith('/')) return [`${plain}${PLAIN}:1`];
  return plain.includes('/') ? [plain, `${plain}/${PLAIN}:1`, `${plain}:1`] : [`${plain}/${PLAIN}:1`];
}

const quotedIn = (text: string): string[] =>
  [...text.matchAll(/'([^'\\]*)'|"([^"\\]*)"/g)]
    .map(([, a, b]) => a ?? b ?? '')
    .filter((each) => each !== '' && each.length <= 100);

/** `object.metadata.labels.team`, `labels['team']`, `'team' in object.metadata.labels`. */
const labelsIn = (text: string): string[] =>
  [...text.matchAll(/labels\.\??(\w+)|labels\[\??['"]([^'"]+)['"]\]|['"]([^'"]+)['"] in [\w.]*labels/g)].map(
    ([, a, b, c]) => a ?? b ?? c ?? '',
  );

/** The keys of all patterns of labels in a policy, except in its selectors. */
function keysOfLabels(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOfLabels);
  if (!isRaw(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    if (key !== 'labels' && key !== '=(labels)') return SELECTORS.has(key) ? [] : keysOfLabels(each);
    return isRaw(each)
      ? Object.keys(each).map((name) => name.replace(/^[=+^X]?\((.*)\)$/, '$1'))
      : Array.isArray(each)
        ? each.map(String)
        : [];
  });
}

function* textsIn(value: unknown, depth = 0): Generator<string> {
  if (depth > DEEPEST) return;
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const each of value) yield* textsIn(each, depth + 1);
  else if (isRaw(value)) for (const each of Object.values(value)) yield* textsIn(each, depth + 1);
}

/** Whether an image has a tag or a digest: `:` or `@` after its last slash, with something behind it. */
const isTagged = (image: string): boolean =>
  image.includes('/') && /[:@]./s.test(image.slice(image.lastIndexOf('/') + 1));

const PLAIN = 'whocan-escalate';
const IMAGE = /^[a-z0-9*][\w.*-]*(?::\d+)?(?:\/[\w.*/-]*)(?::[\w.-]+|@sha256:[0-9a-f]{64})?$|^[a-z0-9-]+\.[a-z0-9.-]+$/;
const VALUE = /^[A-Za-z0-9][\w.-]{0,62}$/;
const SELECTORS: ReadonlySet<string> = new Set(['namespaceSelector', 'objectSelector', 'selector', 'match', 'exclude']);
const MOST_TEXTS = 200;
const MOST_VALUES = 12;
const DEEPEST = 20;
