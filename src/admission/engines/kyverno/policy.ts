import type { Manifest } from '../../../world/objects.ts';
import { child, children, isRaw, type Raw, requiredText, text } from '../../../world/raw.ts';

/** A ClusterPolicy or a Policy of Kyverno. */
export interface Policy {
  name: string;
  /** The namespace of a Policy, which only applies to that namespace; null for a ClusterPolicy. */
  namespace: string | null;
  kind: string;
  spec: Raw;
  rules: readonly Rule[];
  /** Whether errors of its rules refuse the request. */
  failsClosed: boolean;
  /** Whether only the first rule that applies counts. */
  appliesOne: boolean;
  /** The workload kinds to which rules on pods are extended; null for all of them, where its rules allow that. */
  autogen: readonly string[] | null;
  /** Whether admission evaluates it at all. */
  isActive: boolean;
}

export interface Rule {
  name: string;
  raw: Raw;
  /** The `validate` of the rule; null for a rule of another sort. */
  validate: Raw | null;
}

/**
 * Reads a policy. Throws Malformed for shapes that the API does not give it. Mirrors kyverno
 * api/kyverno/v1/spec_types.go.
 */
export function readPolicy({ name, namespace, kind, raw }: Manifest): Policy {
  const spec = child(raw, 'spec');
  const annotation = child(child(raw, 'metadata'), 'annotations')['pod-policies.kyverno.io/autogen-controllers'];
  const webhook = child(spec, 'webhookConfiguration');
  return {
    name,
    namespace: kind === 'Policy' ? (namespace ?? 'default') : null,
    kind,
    spec,
    rules: children(spec, 'rules').map(readRule),
    failsClosed: (text(webhook, 'failurePolicy') ?? text(spec, 'failurePolicy') ?? 'Fail') === 'Fail',
    appliesOne: text(spec, 'applyRules') === 'One',
    autogen: typeof annotation === 'string' ? annotation.split(',') : null,
    isActive: spec.admission !== false,
  };
}

const readRule = (raw: Raw): Rule => ({
  name: requiredText(raw, 'name'),
  raw,
  validate: isRaw(raw.validate) ? raw.validate : null,
});
