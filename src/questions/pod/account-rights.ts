import type { Finding, SubjectRef } from '../../answer/answer.ts';
import type { Grant, Query } from '../../rbac/rbac.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { identityOf } from '../../rbac/subjects.ts';
import type { Binding, Subject } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { isUpstreamGrant } from '../acceptance.ts';
import { describeRule, grantRef, grantStep, openGrantRef } from '../evidence.ts';
import { unreadRole } from '../holders.ts';
import type { Options } from '../question.ts';
import { namespacedPart } from './namespaced-part.ts';
import { EVERYTHING, type Right, rightsAt } from './rights.ts';

/**
 * What a service account may do directly: the rights that matter in plain words, one finding a right and scope, then its other
 * rules as they stand, and roles that could not be read. What every account may do by upstream's own grants is marked as accepted.
 */
export function accountRights(account: { namespace: string; name: string }, world: World, options: Options): Finding[] {
  const rbac = rbacOf(world);
  const identity = identityOf({ kind: 'ServiceAccount', ...account });
  const subject: SubjectRef = { kind: 'ServiceAccount', ...account, members: null };
  const findings: Finding[] = [];
  const told = new Set<string>();
  const everywhere = new Set<string | null>();
  for (const right of rightsAt(world.facts.version)) {
    const grants = queriesOf(right).flatMap((query) => rbac.grantsOf(identity, query).grants);
    for (const { binding, rule } of grants) told.add(ruleKey(binding, rule));
    const scopes = byScope(grants);
    for (const [namespace, own] of scopes) {
      const isCovered = namespace !== null && scopes.get(null)?.some(({ names }) => names === null);
      if (isCovered || everywhere.has(null) || everywhere.has(namespace)) continue;
      if (right === EVERYTHING && own.some(({ names }) => names === null)) everywhere.add(namespace);
      findings.push(rightFinding('account-right', right.words, namespace, own, subject, world, options));
    }
  }
  // Once a binding, however many of its entries mean the account.
  for (const [binding, entry] of new Map(rbac.entriesOf(identity).map((each) => [each.binding, each.subject]))) {
    const role = rbac.roleOf(binding);
    if (role === 'unreadable') findings.push(unreadFinding(binding, entry, subject, world, options));
    if (typeof role === 'string') continue;
    for (const [rule, whole] of rbac.rulesOf(role).entries()) {
      const words = binding.namespace === null ? whole : namespacedPart(whole);
      if (!words) continue;
      if (told.has(ruleKey(binding, rule)) || everywhere.has(null) || everywhere.has(binding.namespace)) continue;
      const grant: Grant = { binding, role, rule, subject: entry, names: words.resourceNames.length > 0 ? words.resourceNames : null };
      findings.push(rightFinding('account-rule', describeRule(words), binding.namespace, [grant], subject, world, options));
    }
  }
  return findings;
}

const queriesOf = ({ any, clusterScoped }: Right): Query[] =>
  any.map((part) => ({ request: { ...part, namespace: '', name: '' }, names: 'any', reach: clusterScoped ? 'request' : 'anywhere' }));

function byScope(grants: readonly Grant[]): Map<string | null, Grant[]> {
  const scopes = new Map<string | null, Grant[]>();
  for (const grant of grants) {
    const { namespace } = grant.binding;
    const known = scopes.get(namespace) ?? [];
    if (!known.some(({ binding, rule }) => binding === grant.binding && rule === grant.rule)) scopes.set(namespace, [...known, grant]);
  }
  return scopes;
}

function rightFinding(
  id: string,
  words: string,
  namespace: string | null,
  grants: readonly Grant[],
  subject: SubjectRef,
  world: World,
  options: Options,
): Finding {
  const rbac = rbacOf(world);
  const names = grants.every((grant) => grant.names !== null) ? grants.flatMap((grant) => grant.names ?? []) : null;
  const limit = names && id === 'account-right' ? ` named ${[...new Set(names)].join(', ')}` : '';
  return {
    id,
    verdict: 'yes',
    leaning: null,
    direct: true,
    accepted: grants.every(isUpstreamGrant),
    subject,
    object: { kind: 'ServiceAccount', namespace: subject.namespace, name: subject.name, container: null },
    scope: { namespace, names },
    reason: `${words}${limit} ${placeOf(namespace)}`,
    evidence: [
      grantStep(
        { technique: id, text: words, identity: subject, gains: null },
        grants.map((grant) => grantRef(grant, rbac, world)),
        options,
      ),
    ],
    unknowns: [],
    fix: [],
  };
}

/** Whatever a role allows that could not be read. */
function unreadFinding(binding: Binding, entry: Subject, subject: SubjectRef, world: World, options: Options): Finding {
  const unknown = unreadRole(binding, world);
  const text = `whatever ${unknown.what} allows`;
  return {
    id: 'account-rule',
    verdict: 'depends',
    leaning: null,
    direct: true,
    accepted: false,
    subject,
    object: { kind: 'ServiceAccount', namespace: subject.namespace, name: subject.name, container: null },
    scope: { namespace: binding.namespace, names: null },
    reason: `${text} ${placeOf(binding.namespace)}`,
    evidence: [grantStep({ technique: 'account-rule', text, identity: subject, gains: null }, [openGrantRef(binding, entry)], options)],
    unknowns: [unknown],
    fix: [],
  };
}

const placeOf = (namespace: string | null): string => (namespace === null ? 'in the whole cluster' : `in namespace ${namespace}`);

const ruleKey = (binding: Grant['binding'], rule: number): string => JSON.stringify([binding.kind, binding.namespace, binding.name, rule]);
