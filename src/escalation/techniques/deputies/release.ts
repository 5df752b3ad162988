/** A release of a product: major, minor and patch. */
export type Release = readonly [major: number, minor: number, patch: number];

/** The release that an image is of, by its tag: `v2.14.3`, `1.18.2-alpine`; null where the tag shows none. */
export function releaseOf(image: string): Release | null {
  const { tag } = partsOf(image);
  const found = /^v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:[-+].*)?$/.exec(tag);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : null;
}

/** The repository of an image without its tag and digest. */
export const repositoryOf = (image: string): string => partsOf(image).repository;

export function isBefore(a: Release, b: Release): boolean {
  const at = a.findIndex((each, index) => each !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** `2.5.0` */
export const releaseWords = (release: Release): string => release.join('.');

function partsOf(image: string): { repository: string; tag: string } {
  const [named = ''] = image.split('@');
  const colon = named.lastIndexOf(':');
  // The port of a registry is no tag.
  return colon > named.lastIndexOf('/')
    ? { repository: named.slice(0, colon), tag: named.slice(colon + 1) }
    : { repository: named, tag: '' };
}
