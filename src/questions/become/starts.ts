import type { Answer } from '../../answer/answer.ts';
import type { SubjectRef, TargetRef } from '../../answer/refs.ts';
import { joinAnd, nameSubject } from '../../answer/words.ts';
import { identityPosition, type Position } from '../../escalation/position.ts';
import type { Subject } from '../../world/objects.ts';
import type { QuestionContext } from '../context.ts';
import { askedIdentity, askedSubject, nameAsked } from '../holders/asked-identity.ts';
import { refOf } from '../holders/unread-rights.ts';
import type { BecomeTarget, Start } from './target.ts';

/** The position that a foothold is; null where it is not known who the caller is. */
export function positionOf(start: Start, { world, options }: QuestionContext): Position | null {
  if (start.kind === 'pod') return { kind: 'pod', namespace: start.namespace, name: start.name };
  if (start.kind === 'node') return { kind: 'node', name: start.name };
  const subject = start.kind === 'me' ? selfIn(world) : start.subject;
  return subject && { ...identityPosition(subject), identity: askedIdentity(subject, world, options) };
}

const selfIn = ({ facts }: QuestionContext['world']): Subject | null =>
  facts.self?.user ? { kind: 'User', namespace: null, name: facts.self.user.name } : null;

/** The identity of a foothold. A pod or a node has none of its own. */
export const subjectOf = (start: Start, { world }: QuestionContext): Subject | null =>
  start.kind === 'subject' ? start.subject : start.kind === 'me' ? selfIn(world) : null;

/** The question that a foothold asks. */
export const questionOf = (start: Start): string => {
  if (start.kind !== 'subject') return start.kind;
  if (start.token) return 'token';
  return { ServiceAccount: 'sa', User: 'user', Group: 'group' }[start.subject.kind] ?? 'sa';
};

export function targetOf(start: Start, context: QuestionContext): TargetRef {
  if (start.kind === 'pod') return { kind: 'Pod', namespace: start.namespace, name: start.name };
  if (start.kind === 'node') return { kind: 'Node', namespace: null, name: start.name };
  const { kind, namespace, name } = subjectOf(start, context) ?? { kind: 'User', namespace: null, name: '' };
  return { kind, namespace, name };
}

export function refOfStart(start: Start, context: QuestionContext): SubjectRef {
  const subject = subjectOf(start, context);
  return subject ? refOf(subject) : { ...targetOf(start, context), members: null };
}

export const subjectRefOf = (start: Start, context: QuestionContext): Answer['subject'] =>
  askedSubject(subjectOf(start, context), context.world, context.options);

/** `ServiceAccount ci/deployer and root on node n1`. */
export function whoOf({ starts }: BecomeTarget, context: QuestionContext): string {
  const names = starts.map((start) => {
    const subject = subjectOf(start, context);
    if (subject) return starts.length === 1 ? nameAsked(subject, context.options) : nameSubject(subject);
    const { kind, namespace, name } = targetOf(start, context);
    return start.kind === 'node' ? `root on node ${name}` : `code in ${kind.toLowerCase()} ${namespace}/${name}`;
  });
  return joinAnd(names);
}
