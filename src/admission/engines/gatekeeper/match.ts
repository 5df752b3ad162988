import type { Namespace } from '../../../world/objects.ts';
import { child, children, isRaw, Malformed, type Raw, text, textMap, texts } from '../../../world/raw.ts';
import { labelSelector } from '../../../world/reduce/metadata.ts';
import { matchesSelector } from '../../../world/selectors.ts';
import type { World } from '../../../world/world.ts';
import { askNamespace, isNamespaced } from '../../request/reading/ask.ts';
import type { AdmissionRequest } from '../../request/request.ts';
import { matchesGenerateName, matchesGlob } from './wildcard.ts';

/**
 * Whether a constraint's `spec.match` selects a request; undefined where it selects by labels of a namespace that was
 * not read. Every field that is set has to match. Throws Malformed for shapes that Gatekeeper could not read either.
 * Mirrors gatekeeper pkg/mutation/match/match.go Matches.
 */
export function isMatch(
  match: Raw,
  request: AdmissionRequest,
  namespace: Namespace | undefined,
  world: World,
): boolean | undefined {
  const object = request.object ?? request.oldObject ?? {};
  if (!MATCHERS.every((matches) => matches(match, request, object, world))) return false;
  return matchesNamespaceLabels(match, request, object, namespace);
}

type Matcher = (match: Raw, request: AdmissionRequest, object: Raw, world: World) => boolean;

const MATCHERS: readonly Matcher[] = [
  matchesKinds,
  matchesScope,
  (match, request, _, world) => matchesNamespaces(texts(match, 'namespaces'), request, world) ?? true,
  (match, request, _, world) => !(matchesNamespaces(texts(match, 'excludedNamespaces'), request, world) ?? false),
  (match, _, object) =>
    !isRaw(match.labelSelector) || matchesSelector(labelSelector(match.labelSelector), labelsOf(object)),
  (match, request, object) => matchesName(text(match, 'name') ?? '', request, object),
  (match) => isOriginal(text(match, 'source') ?? ''),
];

function matchesKinds(match: Raw, { kind }: AdmissionRequest): boolean {
  const kinds = children(match, 'kinds');
  const has = (values: readonly string[], value: string): boolean =>
    values.length === 0 || values.includes('*') || values.includes(value);
  return (
    kinds.length === 0 ||
    kinds.some((each) => has(texts(each, 'kinds'), kind.kind) && has(texts(each, 'apiGroups'), kind.group))
  );
}

function matchesScope(match: Raw, request: AdmissionRequest): boolean {
  const isInNamespace = !isNamespace(request) && isNamespaced(request);
  switch (text(match, 'scope')) {
    case 'Cluster':
      return !isInNamespace;
    case 'Namespaced':
      return isInNamespace;
    default:
      return true;
  }
}

/** Undefined where there is nothing to match: there are no globs, or the object is in no namespace. */
function matchesNamespaces(globs: readonly string[], request: AdmissionRequest, world: World): boolean | undefined {
  if (globs.length === 0 || (isNamespace(request) ? request.name === '' : !isNamespaced(request))) return undefined;
  const isOne = (name: string): boolean => globs.some((glob) => matchesGlob(glob, name));
  return isNamespace(request)
    ? isOne(request.name)
    : askNamespace(request, world, `matches glob ${JSON.stringify(globs)}`, isOne);
}

function matchesName(glob: string, { name }: AdmissionRequest, object: Raw): boolean {
  const metadata = child(object, 'metadata');
  const own = name || (text(metadata, 'name') ?? '');
  return glob === '' || matchesGlob(glob, own) || matchesGenerateName(glob, text(metadata, 'generateName') ?? '');
}

/**
 * An object that is sent to the API server is an original; one that Gatekeeper itself expands from a template is
 * generated.
 */
function isOriginal(source: string): boolean {
  if (!['', 'All', 'Original', 'Generated'].includes(source)) throw new Malformed(`source ${source} is not known`);
  return source !== 'Generated';
}

function matchesNamespaceLabels(
  match: Raw,
  request: AdmissionRequest,
  object: Raw,
  namespace: Namespace | undefined,
): boolean | undefined {
  if (!isRaw(match.namespaceSelector)) return true;
  const selector = labelSelector(match.namespaceSelector);
  if (isNamespace(request)) return matchesSelector(selector, labelsOf(object));
  if (!isNamespaced(request)) return true;
  return namespace && matchesSelector(selector, namespace.labels);
}

const isNamespace = ({ kind }: AdmissionRequest): boolean => kind.group === '' && kind.kind === 'Namespace';

const labelsOf = (object: Raw): Readonly<Record<string, string>> => textMap(child(object, 'metadata'), 'labels');
