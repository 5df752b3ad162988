import type { Answer, WhatIf } from '../../answer/answer.ts';
import type { PodFacts } from '../../answer/facts/pod.ts';

/** What differs of the facts of a pod's card, which are no findings. Pure. */
export function factsThatDiffer(before: Pick<Answer, 'pod'> | null, after: Pick<Answer, 'pod'>): WhatIf['facts'] {
  const [former, now] = [factsOf(before?.pod), factsOf(after.pod)];
  return [...new Set([...former.keys(), ...now.keys()])].flatMap((what) => {
    const [first, second] = [former.get(what) ?? null, now.get(what) ?? null];
    return first === second ? [] : [{ what, before: first, after: second }];
  });
}

/** Each fact by its name, in words. */
function factsOf(pod: PodFacts | undefined): Map<string, string> {
  if (!pod) return new Map();
  const { serviceAccount, token, strength, strengthMaybe, spawns, becomes, escapes, sockets } = pod;
  return new Map([
    ['its account', serviceAccount ?? 'none'],
    ['its token', token.mounted ? 'mounted' : 'not mounted'],
    ['its own privileges', either(strength, strengthMaybe)],
    ['what pod its account can get onto the cluster', either(spawns?.strongest ?? null, spawns?.maybe ?? null)],
    ['what code in it can become', either(becomes?.sure?.words ?? null, becomes?.maybe?.words ?? null)],
    ...escapes.map(({ id, container, gain, verdict }): [string, string] => [
      `${id} in container ${container}`,
      `${gain}: ${verdict}`,
    ]),
    ...sockets.map(({ id, container, answer }): [string, string] => [`${id} in container ${container}`, answer]),
  ]);
}

const either = (sure: string | null, maybe: string | null): string =>
  [sure ?? 'nothing', ...(maybe === null ? [] : [`perhaps ${maybe}`])].join(', ');
