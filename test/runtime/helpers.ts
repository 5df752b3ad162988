import { type Contained, containersOf, type Settings } from '../../src/runtime/container.ts';
import type { Environment, Surroundings } from '../../src/runtime/environment.ts';
import { handlerKind } from '../../src/runtime/runtimes/handler.ts';
import { parseRuntime } from '../../src/runtime/runtimes/parse.ts';
import type { Raw } from '../../src/world/raw.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';

/**
 * The one container of a pod with these fields. `uid`: what its status says. `walk`: by which its containers are found.
 */
export function contained(securityContext: Raw = {}, spec: Raw = {}, uid?: number, walk = containersOf): Contained {
  const user = uid === undefined ? {} : { user: { linux: { uid, gid: uid, supplementalGroups: [] } } };
  const status = { phase: 'Running', containerStatuses: [{ name: 'app', state: { running: {} }, ...user }] };
  const pod = reducePod({
    metadata: { namespace: 'shop', name: 'web-0' },
    spec: { containers: [{ name: 'app', securityContext }], ...spec },
    status,
  });
  const [only] = walk(pod);
  if (!only) throw new Error('a pod without a container');
  return only;
}

export const settings = (securityContext: Raw = {}, spec: Raw = {}, uid?: number): Settings =>
  contained(securityContext, spec, uid).settings;

/** `containerd://1.7.27`, or several where it is not known; what the handler is called. */
export function surroundings(
  runtimes: string | readonly string[],
  handler?: string,
  os: Environment['os'] = 'linux',
): Surroundings {
  const texts = typeof runtimes === 'string' ? [runtimes] : runtimes;
  const found = texts.flatMap((text) =>
    parseRuntime(text).map((runtime): Environment => {
      const kind = handler === undefined ? 'native' : handlerKind(handler);
      return {
        os,
        runtime,
        handler: {
          kind,
          words: handler === undefined ? 'the default handler' : `handler ${handler} of RuntimeClass x`,
        },
      };
    }),
  );
  const [first, ...others] = found;
  if (!first) throw new Error('no runtime');
  return { environments: [first, ...others], unknowns: [], words: texts.join(' or ') };
}
