import type { Finding } from '../../../answer/answer.ts';
import { closureOf } from '../../../escalation/closure.ts';
import { identityPosition, keyOfPosition, type RequestPosition } from '../../../escalation/position.ts';
import { TECHNIQUES } from '../../../escalation/techniques/index.ts';
import { reachesNodeByPod } from '../../../escalation/techniques/pod-privileged.ts';
import { spawnScope } from '../../become/closure.ts';
import { evidenceOf } from '../../become/evidence.ts';
import { reasonOf } from '../../become/findings.ts';
import { contextOf } from '../../context.ts';
import type { IndirectWays } from '../../question.ts';
import { refOf } from '../unread-rights.ts';
import { areGrantsRead, unseenChains } from './unseen.ts';

/**
 * The shortest way of a subject to somebody whose pod reaches the node. What it does itself, in however many steps, is no
 * such way, and nobody is followed who gets there for sure.
 */
export const findSpawning: IndirectWays['spawning'] = ({ subject, findings }, world, options) => {
  if (!areGrantsRead(world)) return { findings: [], unseen: [], isFollowed: false };
  if (findings.some(({ verdict }) => verdict === 'yes')) return { findings: [], unseen: [], isFollowed: true };
  const context = contextOf(world, { ...options, subject });
  const start = identityPosition(subject, { groups: options.subjectGroups });
  const closure = closureOf([start], [reachesNodeByPod(GOAL), ...TECHNIQUES], spawnScope(world), { goals: [GOAL] });
  const key = keyOfPosition(GOAL);
  const by = closure.reached.get(key)?.by;
  const own = keyOfPosition(start);
  if (!by?.from.some((each) => each !== own)) return { findings: [], ...unseenChains([], context) };
  const { steps, unknowns, leaning } = evidenceOf(key, closure, options);
  const ref = refOf(subject);
  const finding: Finding = {
    id: steps.at(-1)?.technique ?? by.technique,
    ...{ verdict: unknowns.length > 0 ? 'depends' : 'yes', leaning, direct: false, accepted: options.accepts(ref) },
    subject: ref,
    object: { kind: 'Pod', namespace: null, name: '', container: null },
    scope: { namespace: null, names: null },
    reason: reasonOf(steps.map(({ step }) => step)),
    ...{ evidence: steps, unknowns: [...unknowns], fix: [], steps: steps.length },
  };
  return { findings: [finding], ...unseenChains([], context) };
};

const GOAL: RequestPosition = {
  kind: 'request',
  id: 'pod on a node',
  object: { kind: 'Pod', namespace: null, name: '' },
};
