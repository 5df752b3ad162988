import type { Claimed } from '../../../src/runtime/escapes/claims.ts';
import type { Place } from '../../../src/runtime/escapes/escape.ts';
import type { Found } from '../../../src/runtime/escapes/escapes-of.ts';
import { handlerKind } from '../../../src/runtime/runtimes/handler.ts';
import { parseRuntime } from '../../../src/runtime/runtimes/parse.ts';
import type { Pod } from '../../../src/world/objects.ts';
import type { Raw } from '../../../src/world/raw.ts';
import { reducePod } from '../../../src/world/reduce/pod.ts';

/**
 * A running pod of one container, root by its spec and without capabilities, unless `own` says otherwise. `more`:
 * fields of the pod's spec.
 */
export const pod = (own: Raw = {}, more: Raw = {}, status: Raw = {}): Pod =>
  reducePod({
    metadata: { namespace: 'shop', name: 'web-0' },
    spec: {
      containers: [{ name: 'app', ...own, securityContext: { ...BARE, ...(own.securityContext as Raw) } }],
      ...more,
    },
    status: { phase: 'Running', ...status },
  });

const BARE = { runAsUser: 0, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } };

/** The container with this security context. */
export const as = (securityContext: Raw, more: Raw = {}, status: Raw = {}): Pod =>
  pod({ securityContext }, more, status);

/** The container with these capabilities added to none. */
export const adding = (names: string, context: Raw = {}, more: Raw = {}): Pod =>
  as({ capabilities: { drop: ['ALL'], add: names.split(' ') }, ...context }, more);

/** The container with a path of the node mounted. */
export const mounting = (path: string, mount: Raw = {}, context: Raw = {}, more: Raw = {}): Pod =>
  withVolume({ hostPath: { path } }, mount, context, more);

export const withVolume = (volume: Raw, mount: Raw = {}, context: Raw = {}, more: Raw = {}): Pod =>
  pod(
    { securityContext: context, volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }] },
    { volumes: [{ name: 'v', ...volume }], ...more },
  );

export interface Somewhere {
  runtime?: string;
  handler?: string;
  os?: 'linux' | 'windows';
  version?: number | null;
  osImage?: string;
  /** What is behind claims, by name; behind others is nothing of the node's. */
  isControlPlane?: boolean;
  claims?: Readonly<Record<string, Claimed>>;
}

/** A node of containerd without a RuntimeClass, of a server 1.37, unless it is said otherwise. */
export function place({
  runtime = 'containerd://2.2.1',
  handler = '',
  os = 'linux',
  version = 37,
  osImage = '',
  claims = {},
  isControlPlane = false,
}: Somewhere = {}): Place {
  const words = handler === '' ? 'the default handler' : `handler ${handler}`;
  const [first, ...others] = parseRuntime(runtime).map((each) => ({
    os,
    runtime: each,
    handler: { kind: handler === '' ? ('native' as const) : handlerKind(handler), words },
  }));
  if (!first) throw new Error('no runtime');
  return {
    environments: [first, ...others],
    unknowns: [],
    words: runtime,
    version: version === null ? null : { major: 1, minor: version },
    ...{ osImage, isControlPlane },
    behind: (claim) => claims[claim] ?? { kind: 'elsewhere' },
  };
}

/** `node root yes`, `node data depends:no`: what an escape comes to, its distinct openings. */
export const told = (found: readonly Found[], id: string): string => {
  const words = found
    .filter((each) => each.id === id)
    .map(
      ({ container, gain, verdict, leaning }) =>
        [container, `${gain} ${leaning === null ? verdict : `${verdict}:${leaning}`}`] as const,
    );
  return [...new Map(words.map((each) => [each.join(), each[1]])).values()].join(', ');
};
