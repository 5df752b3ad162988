import type { Unknown } from '../../answer/unknown.ts';
import { depends, no, or, type Verdict, yes } from '../../answer/verdict.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { accountUser, type Identity, identityOf } from '../../rbac/subjects.ts';
import { list } from '../../world/needs.ts';
import { unseen, type World } from '../../world/world.ts';
import { askBoth, askNamespace } from '../request/reading/ask.ts';
import type { AdmissionRequest } from '../request/request.ts';
import type { UserInfo } from '../request/user.ts';
import type { Scc } from './scc.ts';

/**
 * Whether an SCC may be used for this pod by its creator or by the pod's account: it names them in its `users` or
 * `groups`, or they have the verb `use` in the pod's namespace. Mirrors openshift/apiserver-library-go
 * pkg/securitycontextconstraints/sccmatching/matcher.go ConstraintAppliesTo.
 */
export function isUsable(scc: Scc, request: AdmissionRequest, serviceAccount: string, world: World): Verdict<never> {
  const accountIn = (namespace: string): Identity =>
    identityOf({ kind: 'User', namespace: null, name: accountUser(namespace, serviceAccount) });
  const byCreator = askBoth(
    request,
    world,
    `may use SCC ${scc.name}`,
    (user, namespace, there) => mayUse(scc, creatorOf(user), namespace, there).value,
  );
  const byAccount = askNamespace(
    request,
    world,
    `account ${serviceAccount} may use SCC ${scc.name}`,
    (namespace, there) => mayUse(scc, accountIn(namespace), namespace, there).value,
  );
  // The unknowns name the user and the namespace.
  const creator =
    byCreator === 'depends' ? mayUse(scc, creatorOf(request.user), request.namespace, world) : VERDICTS[byCreator];
  const account =
    byAccount === 'depends' ? mayUse(scc, accountIn(request.namespace), request.namespace, world) : VERDICTS[byAccount];
  return or(creator, account);
}

const creatorOf = ({ name, groups }: UserInfo): Identity => ({ user: name, groups });

const VERDICTS = { yes: yes<never>(), no: no<never>() };

function mayUse(scc: Scc, identity: Identity, namespace: string, world: World): Verdict<never> {
  if (identity.user !== null && scc.users.includes(identity.user)) return yes();
  if (identity.groups.some((each) => scc.groups.includes(each))) return yes();
  const request = {
    verb: 'use',
    group: 'security.openshift.io',
    resource: RESOURCE,
    subresource: '',
    namespace,
    name: scc.name,
  };
  const allowed = rbacOf(world).allows(identity, request);
  if (allowed === true) return yes();
  const unknowns = unreadBindings(scc, namespace, world);
  if (allowed === undefined) return depends([...unknowns, openRole(scc, identity)]);
  return unknowns.length > 0 ? depends(unknowns, 'no') : no();
}

function unreadBindings({ name }: Scc, namespace: string, world: World): Unknown[] {
  const affects = `who may use the SecurityContextConstraints ${name}`;
  const needs = [list('clusterrolebindings'), list('rolebindings', namespace)];
  return needs.flatMap((need) => unseen(world, need, affects));
}

const openRole = ({ name }: Scc, { user }: Identity): Unknown => ({
  kind: 'unreadable',
  what: `a role that ${user ?? 'the group'} is bound to`,
  why: 'it could not be read',
  affects: `who may use the SecurityContextConstraints ${name}`,
});

const RESOURCE = 'securitycontextconstraints';
