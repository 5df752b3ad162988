/** `pod shop/web-0`, `node n1`: an object as sentences name it. */
export const nameObject = ({
  kind,
  namespace,
  name,
}: {
  kind: string;
  namespace: string | null;
  name: string;
}): string => `${kind.toLowerCase()} ${namespace === null ? '' : `${namespace}/`}${name}`;

/** `ServiceAccount ci/deployer`, `User jane`. */
export const nameSubject = ({
  kind,
  namespace,
  name,
}: {
  kind: string;
  namespace: string | null;
  name: string;
}): string => `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;

/** `sa/ci/deployer`, `user/jane`: the same in few letters. */
export const briefSubject = ({
  kind,
  namespace,
  name,
}: {
  kind: string;
  namespace: string | null;
  name: string;
}): string =>
  [kind === 'ServiceAccount' ? 'sa' : kind.toLowerCase(), ...(namespace === null ? [] : [namespace]), name].join('/');

export { count } from './count.ts';

/** `a`, `a and b`, `a, b and c`. */
export const joinAnd = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
