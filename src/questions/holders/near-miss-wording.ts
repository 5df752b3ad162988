import { nameSubject } from '../../answer/words.ts';
import type { Miss, NearMiss } from '../../rbac/near-misses.ts';
import type { Rbac } from '../../rbac/rbac.ts';
import { formatRequest, formatResource, isUrlRequest, type Request } from '../../rbac/request.ts';
import type { Misspelt } from '../../rbac/spellings/reader.ts';
import type { Binding, Rule } from '../../world/objects.ts';
import { formatVersion, NEWEST } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import { POD_SUBRESOURCES, verbsAt } from '../access/pod-subresources.ts';
import { describeRule } from './evidence.ts';
import type { Way } from './way.ts';

/** Why a grant does not allow the way, in one sentence: what grants what to whom, and what is missing. */
export function missSentence(near: NearMiss, way: Way, rbac: Rbac, world: World): string {
  const { miss, binding, role, rule, subject, misspelt } = near;
  const { queries } = way;
  const through = `${binding.kind} ${binding.namespace === null ? '' : `${binding.namespace}/`}${binding.name}`;
  const words = role && rule !== null ? rbac.rulesOf(role)[rule] : undefined;
  const to = subject.kind === 'Group' ? ` to Group ${subject.name}` : '';
  const says = `${binding.roleRef.kind} ${binding.roleRef.name}${words ? ` (${describeRule(words)})` : ''}${to}`;
  const request = queries[0]?.request;
  const wanted = [...new Set(queries.map((query) => formatRequest(query.request)))].join(' or ');
  const where = request && !isUrlRequest(request) && request.namespace !== '' ? request.namespace : null;
  switch (miss) {
    case 'spelling':
      return `${through} grants ${says}: ${misspelt.map((word) => ofWord(word, request)).join('; ')}`;
    case 'subject':
      return `${through} grants ${says}${otherSubject(near)}`;
    case 'namespace':
      return `${through} grants ${says} in namespace ${binding.namespace}${where ? `, not in ${where}` : ', not cluster-wide'}`;
    case 'cluster-scope':
      return request && !isUrlRequest(request) && request.resource === 'namespaces'
        ? `${through} grants ${says}, but a RoleBinding grants rights over no namespace but its own, and none to list or create them`
        : `${through} grants ${says}, but a RoleBinding never grants what is cluster-scoped`;
    case 'verb':
      return `${through} grants ${says}; needed is ${wanted}${words && isOutdated(miss, words, way, world) ? outdated(world) : ''}`;
    case 'api-group':
      return `${through} grants ${says}, which is another API group than that of ${wanted}`;
    case 'subresource':
      return `${through} grants ${says}; a resource does not include its subresources, needed is ${wanted}`;
    case 'star-subresource':
      return `${through} grants ${says}; a trailing /* is no wildcard and matches nothing`;
    case 'name':
      return `${through} grants ${says}, which names other objects`;
    case 'nameless':
      return `${through} grants ${says}; ${nameless(request)}`;
    case 'missing-role':
      return `${through} refers to ${binding.roleRef.kind} ${binding.roleRef.name}, which does not exist${meantRole(binding, world)}: whoever creates it decides what the binding grants`;
  }
}

/**
 * The role that a binding to none was surely meant to refer to: one of that name of the other kind, or in lower case.
 */
function meantRole({ namespace, roleRef: { name } }: Binding, world: World): string {
  for (const each of new Set([name, name.trim().toLowerCase()])) {
    if (namespace !== null && world.find('roles', namespace, each)) return ` (there is Role ${each})`;
    if (world.find('clusterroles', null, each)) return ` (there is ClusterRole ${each})`;
  }
  return '';
}

/** Why a rule with resourceNames never allows the request, which carries no name. */
const nameless = (request: Request | undefined): string =>
  request?.verb === 'create'
    ? 'a request to create carries no name, so that resourceNames never match it, but for server-side apply, which needs patch as well'
    : 'this request carries no name, so that resourceNames never match it';

/** Names the subject to whom the entry grants the right, if the entry was meant for another. */
function otherSubject({ subject, binding, meant }: NearMiss): string {
  const to = subject.kind === 'Group' ? '' : ` to ${nameSubject(subject)}`;
  if (meant?.id === 'other-account')
    return ` to the account of that name in namespace ${subject.namespace ?? binding.namespace}`;
  return meant?.id === 'other-kind' ? `${to}, which is another subject of that name` : `${to}: ${meant?.says ?? ''}`;
}

/** `"po" is a short name of kubectl, RBAC wants "pods"`. */
function ofWord({ part, written, says, meant, implies }: Misspelt, request: Request | undefined): string {
  if (part === 'resourceNames' && meant === '') return `${JSON.stringify(written)} ${says}`;
  const on =
    implies.has('subresource') && request && !isUrlRequest(request)
      ? ` on ${JSON.stringify(formatResource(request))}`
      : '';
  return `${JSON.stringify(written)} ${says}, RBAC wants ${JSON.stringify(meant)}${on}`;
}

const outdated = ({ facts }: World): string =>
  `: get was enough until Kubernetes 1.34, this server is ${formatVersion(facts.version ?? NEWEST)}`;

/** Whether a rule grants get on a subresource for which that was enough until create was required. */
export function isOutdated(miss: Miss, { verbs }: Rule, { queries }: Way, { facts }: World): boolean {
  const request = queries[0]?.request;
  if (miss !== 'verb' || !request || isUrlRequest(request)) return false;
  const { verb, group, resource, subresource } = request;
  const access = POD_SUBRESOURCES.find(
    (each) => group === '' && resource === 'pods' && each.subresource === subresource,
  );
  if (!access || verb !== 'create' || verbsAt(access, facts.version).sure.includes('get')) return false;
  return access.verbs.some(({ any }) => any.includes('get')) && verbs.includes('get');
}
