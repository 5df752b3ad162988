import type { Credential } from './credentials.ts';
import type { RbacRule } from './world.ts';

/** A request that everybody who is authenticated may make: whether they may do anything, in the cluster or in a namespace. */
const anythingReview = (namespace?: string) => ({
  path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  body: {
    ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' },
    spec: { resourceAttributes: { verb: '*', group: '*', resource: '*', ...(namespace && { namespace }) } },
  },
});
export const ANYTHING_REVIEW = anythingReview();

export async function mayDoAnything({ send }: Credential, namespace?: string): Promise<boolean> {
  const { path, body } = anythingReview(namespace);
  const { status, body: answer } = await send('POST', path, body);
  return status === 201 && (answer as { status: { allowed: boolean } }).status.allowed;
}

/** The rules that apply to somebody in a namespace, without those that everybody has, each once and in a fixed order. */
export async function rulesIn({ send }: Credential, namespace: string): Promise<RbacRule[]> {
  const { body } = await send('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
    ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
  });
  const { resourceRules = [] } = (body as { status?: { resourceRules?: RbacRule[] } }).status ?? {};
  const own = resourceRules.filter(({ resources = [] }) => !resources.every((name) => name.startsWith('selfsubject')));
  return [...new Set(own.map((rule) => JSON.stringify(rule)))].sort().map((rule) => JSON.parse(rule) as RbacRule);
}
