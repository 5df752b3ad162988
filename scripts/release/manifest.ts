import { nameOf, type Platform } from '../build/platforms.ts';

/** The name of the plugin, and of its archives. */
const PLUGIN = 'whocan-escalate';

export const archiveName = ({ os, arch }: Platform, version: string): string =>
  `${PLUGIN}_v${version}_${os}_${arch}.tar.gz`;

/**
 * The manifest that krew-index gets: plugin.yaml with the version, the addresses and the sums of the archives. Throws
 * where plugin.yaml has an address for which there is no sum, or the other way round.
 */
export function krewManifest(plugin: string, version: string, sums: ReadonlyMap<string, string>): string {
  const used = new Set<string>();
  const text = body(plugin)
    .replaceAll('v0.0.0', `v${version}`)
    .replace(PLACE, (_, indent: string, uri: string) => {
      const name = uri.slice(uri.lastIndexOf('/') + 1);
      const sum = sums.get(name);
      if (sum === undefined) throw new Error(`plugin.yaml has ${name}, and no such archive was made`);
      used.add(name);
      return `${indent}uri: ${uri}\n${indent}sha256: "${sum}"`;
    });
  const missing = [...sums.keys()].filter((name) => !used.has(name));
  if (missing.length > 0) throw new Error(`plugin.yaml does not have ${missing.join(', ')}`);
  return text;
}

/** The sums that a rendered manifest has, by the name of the archive. */
export function sumsIn(manifest: string): Map<string, string> {
  return new Map(
    [...manifest.matchAll(PLACE)].map(([, , uri = '', sum = '']) => [uri.slice(uri.lastIndexOf('/') + 1), sum]),
  );
}

/** The version that a rendered manifest has. Throws where it has none. */
export function versionIn(manifest: string): string {
  const [, version] = /^ {2}version: v(\S+)$/m.exec(manifest) ?? [];
  if (version === undefined) throw new Error('the manifest has no version');
  return version;
}

/**
 * The same as a template of krew-release-bot, which asks for each archive and computes its sum. It indents `sha256` by
 * four columns, so that lists begin at the second.
 */
export function releaseBotTemplate(plugin: string): string {
  return body(plugin)
    .replace(/(?<=\n {2}platforms:\n)[\s\S]*$/, (platforms) => platforms.replace(/^ {2}/gm, ''))
    .replace(PLACE, (_, indent: string, uri: string) => `${indent}{{addURIAndSha "${uri}" .TagName}}`)
    .replaceAll('v0.0.0', '{{ .TagName }}');
}

/** Without the comment that is about plugin.yaml itself. */
const body = (plugin: string): string => plugin.slice(plugin.indexOf('apiVersion:'));

/** Address and sum of an archive. */
const PLACE = /^( *)uri: (\S+)\n *sha256: "?([0-9a-f]{64})"?$/gm;

/** The lines of `sha256sum`, by name. */
export const sumLines = (sums: ReadonlyMap<string, string>): string =>
  [...sums]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sum]) => `${sum}  ${name}\n`)
    .join('');

/** A line about an archive and what it is made of, in MB. */
export function sizeLine(platform: Platform, parts: Readonly<Record<string, number>>): string {
  const shown = Object.entries(parts).map(([name, bytes]) => `${name} ${(bytes / 1e6).toFixed(1)}`);
  return `${nameOf(platform).padEnd(13)} ${shown.join(', ')} MB`;
}
