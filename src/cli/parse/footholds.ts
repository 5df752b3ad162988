import { usageError } from '../../answer/user-error.ts';
import { accountPosition, type Gain, identityPosition } from '../../escalation/position.ts';
import type { BecomeTarget, Start } from '../../questions/become/target.ts';
import { isSubject, parseSubject } from './subject.ts';
import { checkName } from './targets.ts';

/** What a foothold is before its namespace is known. */
export interface Foothold {
  kind: 'subject' | 'pod' | 'node' | 'me' | 'token';
  /** What was typed: `sa/builder`, `web-0`, `n1`. */
  text: string;
}

/** What a token that was read says. */
type TokenStart = Pick<Extract<Start, { kind: 'subject' }>, 'subject' | 'token'>;

/** What footholds can be called, as the first part of a word. */
const KINDS: ReadonlyMap<string, Foothold['kind']> = new Map([
  ...['pod', 'pods', 'po'].map((word) => [word, 'pod'] as const),
  ...['node', 'nodes', 'no'].map((word) => [word, 'node'] as const),
]);

/** Whether a word is a foothold that says what it is: `sa/builder`, `pod/web-0`, `node/n1`. */
export const isFoothold = (word: string): boolean =>
  word.includes('/') && (isSubject(word) || KINDS.has(word.slice(0, word.indexOf('/')).toLowerCase()));

/** The first foothold of another kind among the words of a question about pods: `sa/a`, `node/n`, `token`. */
export const otherThanPod = (words: readonly string[]): string | undefined =>
  words.find((word, index) =>
    isFoothold(word) ? questionOf(word) !== 'pod' : word === 'token' && words[index + 1] === '-',
  );

/** The question that such a word asks: `sa` for `sa/builder`. */
export function questionOf(word: string): string {
  const kind = KINDS.get(word.slice(0, word.indexOf('/')).toLowerCase());
  if (kind) return kind;
  const { kind: subject } = parseSubject(word, 'default');
  return subject === 'ServiceAccount' ? 'sa' : subject.toLowerCase();
}

/**
 * Reads `builder`, which is of the kind of the question, `sa/a pod/b node/n`, and `token -`. Throws a usage error where
 * there is none, or a word means nothing.
 */
export function parseFootholds(words: readonly string[], own: 'sa' | 'user' | 'group' | 'node' | 'pod'): Foothold[] {
  if (words.length === 0) throw usageError(`error: NAME is required for ${own}`);
  const footholds: Foothold[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === 'token' && words[index + 1] === '-') {
      footholds.push({ kind: 'token', text: '-' });
      index += 1;
    } else footholds.push(footholdOf(word, own));
  }
  return footholds;
}

function footholdOf(word: string, own: 'sa' | 'user' | 'group' | 'node' | 'pod'): Foothold {
  const kind = KINDS.get(word.slice(0, word.indexOf('/')).toLowerCase());
  if (word.includes('/') && kind) {
    const name = word.slice(word.indexOf('/') + 1);
    if (kind === 'node') return { kind, text: checkName(name) };
    return { kind, text: name.split('/').map(checkName).join('/') };
  }
  if (isSubject(word)) {
    parseSubject(word, 'default');
    return { kind: 'subject', text: word };
  }
  if (word.includes('/') && (own === 'node' || own === 'pod'))
    throw usageError(`error: invalid foothold "${word}": say sa/NAME, user/NAME, group/NAME, pod/NAME or node/NAME`);
  if (own === 'node' || own === 'pod') return { kind: own, text: checkName(word) };
  const text = `${own}/${word}`;
  parseSubject(text, 'default');
  return { kind: 'subject', text };
}

/** The foothold, once it is known in which namespace it is. */
function placeFoothold({ kind, text }: Foothold, home: string, token: TokenStart | null): Start {
  if (kind === 'token' && token) return { kind: 'subject', ...token };
  if (kind === 'subject' || kind === 'token') return { kind: 'subject', subject: parseSubject(text, home) };
  if (kind === 'me') return { kind };
  if (kind === 'node') return { kind, name: text };
  const [name = '', namespace = home] = text.split('/').reverse();
  return { kind, namespace, name };
}

/** `cluster-admin`, `node/N`, `pod/P`, `sa/S`, `sa/NS/S`, `user/U`, `group/G`, `secret/S`, `namespace/N`. */
export function checkGoal(text: string): string {
  parseGoal(text, 'default');
  return text;
}

export function parseGoal(text: string, home: string): Gain {
  if (text === 'cluster-admin') return { kind: 'cluster' };
  const slash = text.indexOf('/');
  const kind = text.slice(0, Math.max(slash, 0)).toLowerCase();
  const rest = text.slice(slash + 1);
  if (slash > 0 && rest !== '') {
    if (isSubject(text)) {
      const subject = parseSubject(text, home);
      return subject.kind === 'ServiceAccount'
        ? accountPosition(subject.namespace ?? home, subject.name)
        : identityPosition(subject);
    }
    if (kind === 'node' || kind === 'nodes') return { kind: 'node', name: checkName(rest) };
    if (kind === 'namespace' || kind === 'ns') return { kind: 'namespace', name: checkName(rest) };
    const [name = '', namespace = home, ...others] = rest.split('/').reverse();
    if (others.length === 0 && name !== '' && namespace !== '') {
      if (kind === 'pod' || kind === 'pods')
        return { kind: 'pod', namespace: checkName(namespace), name: checkName(name) };
      if (kind === 'secret' || kind === 'secrets')
        return { kind: 'secret', namespace: checkName(namespace), name: checkName(name) };
    }
  }
  throw usageError(
    `error: invalid goal "${text}": say cluster-admin, node/NAME, namespace/NAME, pod/NAME, sa/NAME, secret/NAME (or KIND/NAMESPACE/NAME), user/NAME or group/NAME`,
  );
}

/** The target of a question about footholds. */
export const placeFootholds = (
  { footholds, goals }: { footholds: readonly Foothold[]; goals: readonly string[] },
  home: string,
  token: TokenStart | null,
): BecomeTarget => ({
  starts: footholds.map((each) => placeFoothold(each, home, token)),
  goals: goals.map((goal) => parseGoal(goal, home)),
});
