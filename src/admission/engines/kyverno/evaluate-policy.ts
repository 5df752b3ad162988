import type { Unknown } from '../../../answer/unknown.ts';
import { allOf, depends, no, yes } from '../../../answer/verdict.ts';
import { WHY_LEFT_OUT } from '../../../world/kept/left-out.ts';
import { get } from '../../../world/needs.ts';
import { child, children, isRaw, Malformed } from '../../../world/raw.ts';
import { understood, understoodOr } from '../../../world/understood.ts';
import { unreadable, type World } from '../../../world/world.ts';
import type { LabelChange } from '../../exempt-labels.ts';
import type { Admission, Refusal } from '../../layer.ts';
import { namespaceOf } from '../../request/reading/ask.ts';
import { changed } from '../../request/reading/reader.ts';
import type { AdmissionRequest } from '../../request/request.ts';
import { isEnforced } from './action.ts';
import { isOnPods, templateOf } from './autogen.ts';
import { exceptionsFor } from './exceptions.ts';
import { exemptLabelsFor } from './exempt-labels.ts';
import { isLeftOutOf, isMatched, type MatchSubject, unknownField } from './match.ts';
import { NotUnderstood, type Outcome } from './outcome.ts';
import type { Policy, Rule } from './policy.ts';
import { evaluateRule, type RuleTools, requestMeets } from './rule.ts';

/**
 * Whether one policy lets a request through. A rule that is enforced, applies to the request and fails refuses it; so
 * does one that ends in an error, where the policy fails closed. A rule that could apply and is not understood gives an
 * `opaque` unknown with its name. Mirrors kyverno pkg/engine/validation.go and pkg/utils/engine/response.go
 * BlockRequest.
 */
export function policyAdmits(policy: Policy, request: AdmissionRequest, world: World, tools: RuleTools): Admission {
  if (!policy.isActive || (policy.namespace !== null && policy.namespace !== request.namespace)) return yes();
  const extended = understood(() => extendedAttempts(policy, request));
  const verdicts: Admission[] = [];
  for (const appliedRule of [...ownAttempts(policy, request), ...(extended instanceof Malformed ? [] : extended)]) {
    const { admission, applied } = ruleAdmits(policy, appliedRule, request, world, tools);
    verdicts.push(admission);
    if (policy.appliesOne && applied) break;
  }
  if (extended instanceof Malformed)
    verdicts.push(depends([opaque(policy, 'what it makes of workloads', extended.message)]));
  const verdict = allOf(verdicts);
  return verdict.value === 'yes' ? verdict : whereCalled(policy, verdict, request, world, tools);
}

/** A policy with matchConditions has a webhook of its own, which is called only where they hold. */
function whereCalled(
  { spec, ...policy }: Policy,
  verdict: Admission,
  request: AdmissionRequest,
  world: World,
  tools: RuleTools,
): Admission {
  const called = understood(() => {
    const webhook = child(spec, 'webhookConfiguration');
    return (
      children(webhook, 'matchConditions').length === 0 || (tools.isCalled?.(webhook, request, world) ?? 'unknown')
    );
  });
  if (typeof called === 'boolean') return called ? verdict : yes();
  const why = called === 'unknown' ? 'matchConditions in CEL' : called.message;
  return depends([opaque({ spec, ...policy }, 'its webhook', why), ...verdict.unknowns], null, verdict.evidence);
}

/** A rule with the object that it is applied to: the object of the request, or the pod of a workload. */
interface AppliedRule {
  rule: Rule;
  name: string;
  request: AdmissionRequest;
  /** The kind that `match` sees. */
  kind: AdmissionRequest['kind'];
}

const ownAttempts = (policy: Policy, request: AdmissionRequest): AppliedRule[] =>
  refusing(policy).map((rule) => ({ rule, name: rule.name, request, kind: kindOf(request) }));

const refusing = ({ rules }: Policy): Rule[] =>
  rules.filter(({ validate, raw }) => validate !== null || Array.isArray(raw.verifyImages));

/** The rules on workloads that Kyverno generates from a policy on pods. Throws Malformed. */
function extendedAttempts(policy: Policy, request: AdmissionRequest): AppliedRule[] {
  const template = templateOf(policy, request);
  if (!template) return [];
  const old = request.oldObject === null ? null : templateOf(policy, { kind: request.kind, object: request.oldObject });
  const inner = changed(request, { object: template.pod, oldObject: old?.pod ?? null });
  return refusing(policy)
    .filter(({ raw }) => isOnPods(raw))
    .map((rule) => ({ rule, name: `${template.prefix}${rule.name}`.slice(0, 63), request: inner, kind: POD }));
}

/** Kyverno uses the kind of a subresource's resource as the kind of the subresource. */
const kindOf = ({ kind, resource, subresource }: AdmissionRequest): AdmissionRequest['kind'] =>
  (subresource !== '' && resource.group === '' ? KINDS.get(resource.resource) : undefined) ?? kind;

function ruleAdmits(
  policy: Policy,
  appliedRule: AppliedRule,
  request: AdmissionRequest,
  world: World,
  tools: RuleTools,
): { admission: Admission; applied: boolean } {
  const namespace = namespaceOf(request, world);
  const object = request.object ?? request.oldObject ?? {};
  const subject: MatchSubject = { request, object, kind: appliedRule.kind, namespace, user: request.user, world };
  return understoodOr(
    () => {
      const enforced = isEnforced(policy, appliedRule.rule, request, world);
      const matched = isMatched(appliedRule.rule.raw, subject);
      if (enforced === false || matched === false) return { admission: yes(), applied: false };
      const { admission, applied } = applyRule(policy, appliedRule, subject, tools);
      if (admission.value === 'yes' || (enforced && matched)) return { admission, applied };
      return {
        admission: depends(
          [unreadMatch(policy, appliedRule, subject), ...admission.unknowns],
          null,
          admission.evidence,
        ),
        applied: false,
      };
    },
    (error) => ({ admission: depends([opaque(policy, `rule ${appliedRule.name}`, error.message)]), applied: false }),
  );
}

function applyRule(
  policy: Policy,
  appliedRule: AppliedRule,
  subject: MatchSubject,
  tools: RuleTools,
): { admission: Admission; applied: boolean } {
  let outcome: Outcome;
  try {
    outcome = evaluateRule(appliedRule.rule, appliedRule.request, tools);
    if (outcome.status === 'fail' && failedBefore(appliedRule, subject, tools))
      return { admission: yes(), applied: false };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    return { admission: depends([opaque(policy, `rule ${appliedRule.name}`, error.message)]), applied: false };
  }
  const applied = outcome.status !== 'skip';
  const isRefused = outcome.status === 'fail' || (outcome.status === 'error' && policy.failsClosed);
  if (!isRefused) return { admission: yes(), applied };
  const found = refusal(policy, appliedRule, outcome, exemptLabelsFor(appliedRule.rule.raw, subject));
  const excepted = isExcepted(policy, appliedRule, subject, tools);
  return { admission: excepted.length > 0 ? depends(excepted, 'yes', [found]) : no(found), applied };
}

/**
 * What makes a refusal uncertain: exceptions that lift the rule, or that exclude all the Pod Security checks that the
 * pod fails.
 */
function isExcepted(
  policy: Policy,
  { rule, name, request }: AppliedRule,
  subject: MatchSubject,
  tools: RuleTools,
): readonly Unknown[] {
  const { unknowns, isWhole, exclude } = exceptionsFor(policy, name, subject, (conditions) =>
    requestMeets(conditions, request),
  );
  if (isWhole || unknowns.length === 0 || !isRaw(rule.validate?.podSecurity)) return unknowns;
  try {
    return evaluateRule(rule, request, tools, exclude).status === 'fail' ? [] : unknowns;
  } catch (error) {
    if (error instanceof Malformed || error instanceof NotUnderstood) return unknowns;
    throw error;
  }
}

/**
 * Whether the old object already failed the rule, in which case an update passes unless the rule says otherwise. No
 * user is matched for the old object.
 */
function failedBefore({ rule, request, kind }: AppliedRule, subject: MatchSubject, tools: RuleTools): boolean {
  if (request.operation !== 'UPDATE' || request.oldObject === null || rule.validate?.allowExistingViolations === false)
    return false;
  const before = changed(request, { operation: 'CREATE', object: request.oldObject, oldObject: null });
  const matchedAs = changed(subject.request, { operation: 'CREATE' });
  const wasMatched = isMatched(rule.raw, {
    ...subject,
    request: matchedAs,
    object: subject.request.oldObject ?? {},
    kind,
    user: null,
  });
  return wasMatched === true && evaluateRule(rule, before, tools).status === 'fail';
}

function unreadMatch(
  policy: Policy,
  { name, request, rule }: AppliedRule,
  { object, namespace, world }: MatchSubject,
): Unknown {
  const affects = `whether rule ${name} of policy ${policy.name} is about the request`;
  if (request.operation === 'CONNECT') return opaque(policy, `rule ${name}`, `kind ${request.kind.kind} in match`);
  const field = unknownField(rule.raw);
  if (field !== undefined) return opaque(policy, `rule ${name}`, `field ${field}`);
  if (isLeftOutOf(rule.raw, object)) return opaque(policy, `rule ${name}`, `annotations in match: ${WHY_LEFT_OUT}`);
  if (!namespace) return unreadable(world, get('namespaces', null, request.namespace), affects);
  return { kind: 'unreadable', what: 'rolebindings and clusterrolebindings', why: 'not read', affects };
}

function refusal(
  policy: Policy,
  { name, rule }: AppliedRule,
  { message, rests, status }: Outcome,
  change: LabelChange | undefined,
): Refusal {
  const said = rule.validate?.message;
  const detail = typeof said === 'string' && said.trim() !== '' ? `${said.trim()} (${message})` : message;
  const reason = status === 'error' ? `policy ${policy.name} cannot be evaluated` : `policy ${policy.name}`;
  return {
    layer: 'kyverno',
    by: { kind: policy.kind, namespace: policy.namespace, name: policy.name },
    check: name,
    reason,
    detail,
    rests,
    ...(change && { exemptLabels: change }),
  };
}

const opaque = ({ kind, namespace, name }: Policy, what: string, why: string): Unknown => ({
  kind: 'opaque',
  what: `Kyverno ${kind} ${namespace === null ? '' : `${namespace}/`}${name}, ${what}`,
  why,
  affects: 'whether the object is admitted',
});

const POD = { group: '', version: 'v1', kind: 'Pod' };
const KINDS: ReadonlyMap<string, AdmissionRequest['kind']> = new Map([
  ['pods', POD],
  ...(['services', 'nodes'] as const).map(
    (each) => [each, { ...POD, kind: each === 'nodes' ? 'Node' : 'Service' }] as const,
  ),
]);
