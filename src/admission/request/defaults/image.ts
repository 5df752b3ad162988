/**
 * The default imagePullPolicy of an image: `Always` for the tag latest, written or implied, else `IfNotPresent`, also
 * for text that is no image name. Mirrors kubernetes pkg/util/parsers/parsers.go.
 */
export const pullPolicyOf = (image: string): 'Always' | 'IfNotPresent' =>
  tagOf(image) === 'latest' ? 'Always' : 'IfNotPresent';

/** The tag of an image; null for an image that only has a digest, and for text that is no image name. */
function tagOf(image: string): string | null {
  if (image.length > LONGEST || IDENTIFIER.test(image)) return null;
  const { tag, digest } = REFERENCE.exec(withDomain(image))?.groups ?? NO_MATCH;
  return tag ?? (digest === undefined ? 'latest' : null);
}

/**
 * The first part names a registry only where it looks like one. Otherwise the registry is `docker.io`, and the whole
 * text is the path.
 */
function withDomain(image: string): string {
  const slash = image.indexOf('/');
  const first = image.slice(0, Math.max(slash, 0));
  const isDomain = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  return isDomain ? image : `docker.io/${image}`;
}

const NO_MATCH: Record<string, string | undefined> = { digest: '' };
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const DOMAIN = `(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const TAG = '[\\w][\\w.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const REFERENCE = new RegExp(
  `^${DOMAIN}/${COMPONENT}(?:/${COMPONENT})*(?::(?<tag>${TAG}))?(?:@(?<digest>${DIGEST}))?$`,
);
const IDENTIFIER = /^[a-f0-9]{64}$/;
/** A length that no name, tag and digest together exceed. */
const LONGEST = 1000;
