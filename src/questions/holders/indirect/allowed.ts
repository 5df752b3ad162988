import type { Finding } from '../../../answer/answer.ts';
import type { Unknown } from '../../../answer/unknown.ts';
import type { Actor } from '../../../escalation/actor.ts';
import { handedBy } from '../../../escalation/handed.ts';
import type { Allowed } from '../../../escalation/request-goal.ts';
import { canI } from '../../../rbac/can-i.ts';
import { placeOf } from '../../../rbac/grants.ts';
import type { Grant, Query } from '../../../rbac/rbac.ts';
import { isUrlRequest, type Request } from '../../../rbac/request.ts';
import { MASTERS } from '../../../rbac/subjects.ts';
import { type Right, rightBy } from '../../../spawn/rights/holder.ts';
import { QuestionContext } from '../../context.ts';
import { admissionOf } from '../connects.ts';
import type { Way } from '../way.ts';

/** How somebody who is held may make the request of a way, by the rights of its own and those that were handed to it. */
export function allowedBy(
  ways: readonly Way[],
  { world, options }: QuestionContext,
): (actor: Actor) => Generator<Allowed> {
  // Admission is asked about whoever makes the request, and not about the subject that the question is about.
  const context = new QuestionContext(world, { ...options, subject: null });
  const remarks: Unknown[] = [];
  const judge = admissionOf(ways, context, remarks);
  return function* (actor) {
    for (const { holding, queries, adapt } of ways) {
      const used = rightOf(actor, queries, adapt);
      if (!used) continue;
      const { condition } = holding;
      const before = holderOf(actor, holding, condition);
      const { verdict, leaning, unknowns } = judge ? judge(before) : before;
      if (verdict === 'no') continue;
      const { right, request } = used;
      yield {
        technique: holding.id,
        ...{ unknowns, leaning },
        step: {
          words: holding.action,
          rights: [right],
          namespace: right.namespace,
          check: canI(actor.holder.identity, request),
          attack: () => holding.attack,
        },
      };
    }
  };
}

/** The first right by which an identity makes one of the requests: one of its own rather than one that was handed to it. */
function rightOf(
  { holder }: Actor,
  queries: readonly Query[],
  adapt: Way['adapt'],
): { right: Right; request: Request } | null {
  for (const query of queries) {
    const { request } = query;
    if (holder.identity.groups.includes(MASTERS))
      return {
        right: { namespace: null, names: null, grants: [], verb: request.verb, of: resourceOf(request) },
        request,
      };
    const found = holder.grants(query);
    const grants = adapt ? adapt({ grants: [...found], open: [] }, holder.identity).grants : found;
    const grant = grants.find((each) => handedBy(each) === undefined) ?? grants[0];
    if (grant) return { right: rightBy(grant, request.verb, resourceOf(request)), request: placed(request, grant) };
  }
  return null;
}

/** The request where the grant counts, for a name that it allows. */
function placed(request: Request, grant: Grant): Request {
  if (isUrlRequest(request)) return request;
  const name = grant.names === null || grant.names.includes(request.name) ? request.name : (grant.names[0] ?? '');
  return { ...request, name, namespace: request.namespace === '' ? (placeOf(grant) ?? '') : request.namespace };
}

const resourceOf = (request: Request): Right['of'] =>
  isUrlRequest(request)
    ? { group: '', resource: '', subresource: '' }
    : { group: request.group, resource: request.resource, subresource: request.subresource };

/** A holder as admission is asked about it. */
const holderOf = ({ position }: Actor, { id, object }: Way['holding'], condition: Unknown | null): Finding => ({
  ...{ id, object, direct: true, accepted: false, evidence: [], fix: [], reason: '' },
  verdict: condition ? 'depends' : 'yes',
  leaning: condition ? 'yes' : null,
  subject: { ...position.subject, members: null },
  scope: { namespace: null, names: null },
  unknowns: condition ? [condition] : [],
});
