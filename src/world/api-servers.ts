import type { Need } from './needs.ts';
import { list } from './needs.ts';
import type { World } from './world.ts';

/**
 * The kube-apiservers that run as static pods, whose mirror pods show the command line. Managed control planes show
 * none.
 */
export const API_SERVER_PODS: Need = list('pods', 'kube-system', 'component=kube-apiserver');

/**
 * The command lines of the kube-apiservers that the API shows, in their pods or through /flagz of the one that
 * answered.
 */
export const apiServers = (world: World): readonly (readonly string[])[] =>
  [...world.list('pods', 'kube-system'), world.facts].flatMap(({ flags }) => (flags === null ? [] : [flags]));

/**
 * Whether a plug-in that is off by default is on in all servers, since nobody chooses which one answers. Null where no
 * server shows it.
 */
export function isPluginOn(world: World, plugin: string): boolean | null {
  const servers = apiServers(world);
  return servers.length === 0
    ? null
    : servers.every((flags) => listFlag(flags, 'enable-admission-plugins').includes(plugin));
}

/**
 * The value of a flag, the last one where it is repeated; `true` where it has no value, and null where it is missing.
 */
export function flagOf(commandLine: readonly string[], name: string): string | null {
  const index = commandLine.findLastIndex((each) => each === `--${name}` || each.startsWith(`--${name}=`));
  const said = commandLine[index];
  if (said === undefined) return null;
  if (said.includes('=')) return said.slice(said.indexOf('=') + 1);
  const next = commandLine[index + 1];
  return next === undefined || next.startsWith('-') ? 'true' : next;
}

/** The items of a flag that is a list and may be repeated: `--disable-admission-plugins=A,B`. */
export function listFlag(commandLine: readonly string[], name: string): string[] {
  return commandLine
    .flatMap((each, index) =>
      each.startsWith(`--${name}=`)
        ? [each.slice(name.length + 3)]
        : each === `--${name}`
          ? [commandLine[index + 1] ?? '']
          : [],
    )
    .flatMap((each) => each.split(','))
    .map((each) => each.trim());
}
