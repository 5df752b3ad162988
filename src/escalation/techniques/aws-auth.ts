import type { Unknown } from '../../answer/unknown.ts';
import type { Attacker } from '../attacker.ts';
import type { Derivation, Requirement, Step } from '../derivation.ts';
import type { Technique } from '../technique.ts';
import { right } from '../wanted.ts';

const CHANGE = right(['update', 'patch'], 'configmaps');
const CREATE = right('create', 'configmaps');

const step: Step = {
  words: 'map an identity of AWS to system:masters in ConfigMap kube-system/aws-auth',
  any: [
    [{ wanted: CHANGE, namespace: 'kube-system', name: 'aws-auth' }],
    [{ wanted: CREATE, namespace: 'kube-system', name: 'aws-auth', creates: true }],
  ],
};

/** The ConfigMap by which EKS gives groups to identities of AWS. */
export const awsAuth: Technique = {
  id: 'eks-aws-auth',
  title: 'map an identity of AWS to a superuser',
  takes: 'update or patch of ConfigMap aws-auth in kube-system, on EKS.',
  gives: 'system:masters, to an identity of AWS that the attacker holds.',
  blockers: ['EKS with the authentication mode API ignores the ConfigMap.'],
  mitre: ['T1098'],
  microsoft: [],
  references: ['kubernetes-sigs/aws-iam-authenticator'],
  *ofIdentity(actor, attacker): Generator<Derivation> {
    if (!isEks(attacker)) return;
    if (attacker.rights(actor, CHANGE).length === 0 && attacker.rights(actor, CREATE, true).length === 0) return;
    const condition = { unknowns: [MODE], leaning: 'yes' } as const;
    const found = attacker.derive(awsAuth.id, { kind: 'cluster' }, { steps: [step] }, condition);
    if (found) yield found;
  },
  *toward(goal, attacker): Generator<Requirement> {
    if (goal.kind === 'cluster' && isEks(attacker)) yield { technique: awsAuth.id, steps: [step] };
  },
};

/** EKS says so in its version: `v1.31.4-eks-aeac579`. */
const isEks = ({ world }: Attacker): boolean => world.facts.gitVersion?.includes('-eks-') === true;

const MODE: Unknown = {
  kind: 'invisible',
  what: 'whether EKS reads ConfigMap aws-auth (authentication mode CONFIG_MAP or API_AND_CONFIG_MAP)',
  why: 'the mode is a setting of AWS',
  affects: 'whether a mapping in it counts',
};
