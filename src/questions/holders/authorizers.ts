import type { Unknown } from '../../answer/unknown.ts';
import { NODE_USER, NODES } from '../../rbac/subjects.ts';
import type { World } from '../../world/world.ts';

/**
 * What besides RBAC may allow a subject something: a no about it becomes `depends`. `subject` null: about anybody.
 * A webhook authorizer betrays itself in SelfSubjectRulesReview (kubernetes plugin/pkg/authorizer/webhook RulesFor).
 */
export function otherAuthorizers(world: World, subject: { kind: string; name: string } | null): Unknown[] {
  const { self, selfFailure, gitVersion } = world.facts;
  const unknowns: Unknown[] = [];
  if (selfFailure !== null) {
    unknowns.push({ kind: 'unreadable', what: 'whether RBAC alone decides', why: selfFailure, affects: 'every no' });
  }
  if (self?.incomplete && !(subject?.kind === 'ServiceAccount' && cloudOf(gitVersion) !== null)) {
    unknowns.push({
      kind: 'opaque',
      what: 'the decisions of another authorizer',
      why: self.incomplete,
      affects: subject
        ? 'whether it allows what RBAC does not'
        : 'users and groups that it may allow what RBAC does not',
    });
  }
  if (subject && isKubelet(subject)) {
    unknowns.push({
      kind: 'unmodelled',
      what: 'the Node authorizer',
      why: 'it decides by the pods on the node',
      affects: 'what a kubelet may do besides RBAC',
    });
  }
  return unknowns;
}

/** Whether the Node authorizer decides about a subject: a node's user, or the group of these users. */
export const isKubelet = ({ kind, name }: { kind: string; name: string }): boolean =>
  kind === 'User' ? name.startsWith(NODE_USER) : kind === 'Group' && name === NODES;

/**
 * The managed platform that a version betrays. Their webhooks authorize people of the cloud's IAM, never service
 * accounts.
 */
export function cloudOf(gitVersion: string | null): string | null {
  if (gitVersion?.includes('-eks-')) return 'AWS';
  if (gitVersion?.includes('-gke.')) return 'Google Cloud';
  return null;
}
