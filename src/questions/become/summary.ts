import type { Finding } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import type { TargetRef } from '../../answer/refs.ts';
import type { Verdict } from '../../answer/verdict.ts';
import { joinAnd, nameObject } from '../../answer/words.ts';
import type { Closure } from '../../escalation/closure.ts';
import type { Reached } from '../../escalation/derivation.ts';
import type { Gain } from '../../escalation/position.ts';
import { refOfPosition } from './evidence.ts';

/** Who holds the footholds, as the subject of a sentence. */
export interface Who {
  words: string;
  isMany: boolean;
}

const isAlready = ({ words, isMany }: Who, what: string): string => `${words} ${isMany ? 'are' : 'is'} ${what} already`;

/** What the footholds lead to, in one sentence: the worst by name, and how much else. */
export function summaryOfReached(
  who: Who,
  { value, leaning }: Verdict,
  findings: readonly Finding[],
  { reached }: Closure,
): string {
  const cluster = reached.get('cluster');
  if (cluster && isHeldAlready(cluster)) return isAlready(who, 'cluster-admin');
  const sure = findings.filter(({ verdict }) => verdict === 'yes');
  const open = findings.filter(({ verdict }) => verdict === 'depends');
  if (value === 'yes') return `${who.words} can come to control ${gainsIn(sure)}`;
  if (value === 'depends' && open.length > 0)
    return `${who.words} can ${likely(leaning)} come to control ${gainsIn(open)}`;
  if (value === 'depends') return `no way was seen by which ${who.words} could come to control anything else`;
  return `${who.words} cannot come to control anything else`;
}

/** Whether the footholds lead to a goal, in one sentence. */
export function summaryOfGoal(
  who: Who,
  goal: Gain,
  { value, leaning }: Verdict,
  { isHeld, steps }: { isHeld: boolean /** Undefined where no way was found. */; steps: number | undefined },
): string {
  const name = wordsOf(refOfPosition(goal));
  if (isHeld) return isAlready(who, name);
  if (value === 'no') return `${who.words} cannot get to ${name}`;
  if (steps === undefined) return `no way was seen by which ${who.words} could get to ${name}`;
  return `${who.words} can${value === 'yes' ? '' : ` ${likely(leaning)}`} get to ${name}, in ${count(steps, 'step')}`;
}

/** How likely it is that somebody can, where that depends on something. */
export const likely = (leaning: Verdict['leaning']): string =>
  leaning === 'yes' ? 'probably' : leaning === 'no' ? 'hardly' : 'perhaps';

/** Whether a position is held from the beginning: it is a foothold, or all that an identity needs is its own rights. */
export const isHeldAlready = ({ by, cost }: Reached): boolean =>
  by === null || (cost.steps === 1 && HELD.has(by.technique));

const HELD: ReadonlySet<string> = new Set(['cluster-admin-held', 'namespace-admin-held']);

/** `cluster-admin`, or `3 nodes, 2 namespaces, 12 identities and the Secrets of 2 namespaces`. */
export function gainsIn(findings: readonly Finding[]): string {
  const of = (...kinds: string[]): Finding[] => findings.filter(({ object }) => kinds.includes(object.kind));
  const [cluster] = of('Cluster');
  if (cluster) return `the whole cluster (cluster-admin), in ${count(cluster.steps ?? 1, 'step')}`;
  const parts = [
    some(of('Node'), 'node'),
    some(of('Namespace'), 'namespace'),
    some(of('ServiceAccount'), 'service account'),
    some(of('User', 'Group'), 'user or group'),
    some(of('Pod'), 'pod'),
    some(of('Secret'), 'Secret'),
  ];
  return joinAnd(parts.filter((part) => part !== ''));
}

function some(findings: readonly Finding[], what: string): string {
  const [only, ...others] = findings;
  if (!only) return '';
  if (others.length === 0) return wordsOf(only.object);
  if (what === 'Secret')
    return `Secrets in ${count(new Set(findings.map(({ object }) => object.namespace)).size, 'place')}`;
  return what === 'user or group' ? `${findings.length} users or groups` : `${findings.length} ${what}s`;
}

/** `node n1`, `service account ci/deployer`, `the Secrets of namespace shop`. */
export function wordsOf({ kind, namespace, name }: TargetRef): string {
  if (kind === 'Cluster') return 'cluster-admin';
  if (kind === 'ServiceAccount') return `service account ${namespace}/${name}`;
  if (kind === 'Secret' && name === '')
    return namespace === null ? 'every Secret of the cluster' : `the Secrets of namespace ${namespace}`;
  if (kind === 'Secret') return `Secret ${namespace === null ? '' : `${namespace}/`}${name}`;
  if (kind === 'Node' && name === '') return 'a node that the attacker cannot choose';
  return nameObject({ kind, namespace, name });
}
