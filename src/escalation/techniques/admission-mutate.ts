import type { Unknown } from '../../answer/unknown.ts';
import { compareVersions, NEWEST, type Version } from '../../world/version.ts';
import type { Attacker } from '../attacker.ts';
import type { Derivation, Step } from '../derivation.ts';
import type { Technique } from '../technique.ts';
import { right } from '../wanted.ts';

const GROUP = 'admissionregistration.k8s.io';
const WEBHOOK = right('create', 'mutatingwebhookconfigurations', GROUP, true);
const WEBHOOK_CHANGE = right(['update', 'patch'], 'mutatingwebhookconfigurations', GROUP, true);
const POLICY = right('create', 'mutatingadmissionpolicies', GROUP, true);
const POLICY_BINDING = right('create', 'mutatingadmissionpolicybindings', GROUP, true);

const named = { namespace: null, name: null, ofAny: true } as const;

const webhook: Step = {
  words: 'have a mutating webhook of its own rewrite what others write, bindings among it',
  any: [[{ wanted: WEBHOOK, ...named, creates: true }], [{ wanted: WEBHOOK_CHANGE, ...named }]],
};

const policy: Step[] = [
  { words: 'create a MutatingAdmissionPolicy', any: [[{ wanted: POLICY, ...named, creates: true }]] },
  {
    words: 'bind it, so that it rewrites what others write, bindings among it',
    any: [[{ wanted: POLICY_BINDING, ...named, creates: true }]],
  },
];

/**
 * Rewrites the objects that others write: another subject in the binding that an administrator creates, another account
 * in the pod of a controller. What the attacker writes itself is no use, since the API server checks roles and bindings
 * after they are mutated.
 */
export const admissionMutate: Technique = {
  id: 'admission-webhook-mutate',
  title: 'rewrite what others write',
  takes:
    'create, update or patch mutatingwebhookconfigurations, and an endpoint that the API server reaches; since 1.36 create mutatingadmissionpolicies and mutatingadmissionpolicybindings, which need none.',
  gives: 'The rights of whoever writes bindings, roles or pods while it is there: sooner or later the cluster.',
  blockers: [
    'Objects of admissionregistration.k8s.io are never mutated.',
    'An API server that does not reach the endpoint.',
  ],
  mitre: ['T1556'],
  microsoft: ['MS-TA9015'],
  references: ['apiserver pkg/endpoints/handlers/create.go', 'apiserver pkg/admission/plugin/policy/mutating'],
  *ofIdentity(actor, attacker): Generator<Derivation> {
    const isConcerned = [WEBHOOK_CHANGE, POLICY, POLICY_BINDING].some(
      (wanted) => attacker.rights(actor, wanted).length > 0,
    );
    if (!isConcerned && attacker.rights(actor, WEBHOOK, true).length === 0) return;
    const byPolicy = isServed(attacker)
      ? attacker.derive('map-inject', { kind: 'cluster' }, { steps: policy }, { unknowns: [OTHERS], leaning: 'yes' })
      : null;
    if (byPolicy) yield byPolicy;
    const unknowns = [ENDPOINT, OTHERS];
    const byWebhook = attacker.derive(
      admissionMutate.id,
      { kind: 'cluster' },
      { steps: [webhook] },
      { unknowns, leaning: 'yes' },
    );
    if (byWebhook) yield byWebhook;
  },
};

const isServed = ({ world }: Attacker): boolean => compareVersions(world.facts.version ?? NEWEST, GENERAL) >= 0;

/** MutatingAdmissionPolicies are on by default. Source: kubernetes pkg/features/kube_features.go. */
const GENERAL: Version = { major: 1, minor: 36 };

const ENDPOINT: Unknown = {
  kind: 'invisible',
  what: 'whether the API server reaches an endpoint of the attacker',
  why: 'its network is not in the API',
  affects: 'whether a webhook of the attacker is called',
};

/** What somebody who rewrites the objects of others waits for. */
export const OTHERS: Unknown = {
  kind: 'invisible',
  what: 'who writes bindings, roles or pods while the attacker rewrites them',
  why: 'it lies in the future',
  affects: 'what the attacker gains by rewriting',
};
