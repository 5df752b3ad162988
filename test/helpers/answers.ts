import type { Answer, EvidenceStep, Finding } from '../../src/answer/answer.ts';
import { reads, safeText } from '../../src/answer/command.ts';
import type { PodFacts } from '../../src/answer/facts/pod.ts';
import type { GrantRef, ObjectRef, SubjectRef } from '../../src/answer/refs.ts';
import { nameObject } from '../../src/answer/words.ts';
import type { RenderOptions } from '../../src/render/formats.ts';

/** An answer about pod shop/web-0, as the questions build them. */
export const answer = (parts: Partial<Answer> = {}): Answer => ({
  apiVersion: 'whocan-escalate/v1alpha1',
  kind: 'Answer',
  question: 'port-forward',
  target: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
  scope: { namespace: 'shop', selector: null },
  verdict: 'yes',
  leaning: null,
  summary: '1 subject can port-forward to pod shop/web-0',
  findings: [],
  nearMisses: [],
  unknowns: [],
  assumptions: [],
  source: {
    context: 'prod',
    server: 'v1.37.2',
    effectiveVersion: '1.37',
    readAt: '2026-11-23T10:00:00Z',
    objects: 5230,
  },
  ...parts,
});

export const finding = (parts: Partial<Finding> = {}): Finding => ({
  id: 'pod-port-forward',
  verdict: 'yes',
  leaning: null,
  direct: true,
  accepted: false,
  subject: user('jane'),
  object: { kind: 'Pod', namespace: 'shop', name: 'web-0', container: null },
  scope: { namespace: 'shop', names: null },
  reason: 'RoleBinding shop/debuggers to Role shop/debug allows create pods/portforward',
  evidence: [step([grant()])],
  unknowns: [],
  fix: [],
  ...parts,
});

/** A finding whose evidence is that subject's own grant. */
export function holder(subject: SubjectRef, through: GrantRef, parts: Partial<Finding> = {}): Finding {
  const { kind, namespace, name } = subject;
  const own = { ...through, subject: { kind, namespace, name } };
  return finding({
    subject,
    scope: { namespace: through.binding.namespace, names: null },
    evidence: [step([own])],
    ...parts,
  });
}

export const step = (grants: GrantRef[], parts: Partial<EvidenceStep> = {}): EvidenceStep => ({
  id: 'e1',
  technique: 'pod-port-forward',
  step: 'create pods/portforward',
  identity: null,
  gains: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
  uses: [],
  grants,
  command: check(),
  ...parts,
});

/** What a step of these answers is checked by. */
export const check = (pod = 'web-0', user = 'jane') =>
  safeText(reads('auth', 'can-i', 'create', `pods/${pod}`, '--subresource=portforward', '-n', 'shop', `--as=${user}`));

export const grant = (
  binding = roleBinding('debuggers'),
  role = object('Role', 'shop', 'debug'),
  parts: Partial<GrantRef> = {},
): GrantRef => ({
  binding,
  role,
  rule: 2,
  aggregatedFrom: null,
  subject: { kind: 'User', namespace: null, name: 'jane' },
  allows: 'create pods/portforward',
  ...parts,
});

export const object = (
  kind: string,
  namespace: string | null,
  name: string,
  parts: Partial<ObjectRef> = {},
): ObjectRef => ({
  kind,
  namespace,
  name,
  created: '2024-03-01T09:30:00Z',
  changed: '2025-11-20T08:00:00Z',
  manager: 'helm',
  ...parts,
});

export const roleBinding = (name: string, parts: Partial<ObjectRef> = {}): ObjectRef =>
  object('RoleBinding', 'shop', name, parts);
export const clusterRoleBinding = (name: string, parts: Partial<ObjectRef> = {}): ObjectRef =>
  object('ClusterRoleBinding', null, name, parts);
export const clusterRole = (name: string, parts: Partial<ObjectRef> = {}): ObjectRef =>
  object('ClusterRole', null, name, parts);

export const user = (name: string): SubjectRef => ({ kind: 'User', namespace: null, name, members: null });
export const group = (name: string, members: number | null = null): SubjectRef => ({
  kind: 'Group',
  namespace: null,
  name,
  members,
});
export const account = (namespace: string, name: string): SubjectRef => ({
  kind: 'ServiceAccount',
  namespace,
  name,
  members: null,
});

export const podFacts = (parts: Partial<PodFacts> = {}): PodFacts => ({
  phase: 'Running',
  node: 'worker-1',
  serviceAccount: 'default',
  token: { mounted: true, containers: [{ container: 'app', path: '/var/run/secrets/kubernetes.io/serviceaccount' }] },
  owner: { kind: 'StatefulSet', namespace: 'shop', name: 'web' },
  containers: ['app', 'proxy'],
  created: '2026-11-01T00:00:00Z',
  strength: 'root in a container',
  strengthMaybe: null,
  spawns: {
    strongest: 'root in a container',
    maybe: null,
    stronger: false,
    namespaces: ['dev'],
    ways: ['pod-create'],
    because: 'namespace dev enforces baseline:latest: privileged',
    unknowns: [],
  },
  escapes: [],
  sockets: [
    {
      id: 'raw-sockets',
      container: 'app',
      answer: 'yes',
      leaning: null,
      reason: 'root; NET_RAW: default of containerd 2.2',
      network: 'pod',
      unknowns: [],
    },
    {
      id: 'raw-sockets',
      container: 'proxy',
      answer: 'no',
      leaning: null,
      reason: 'ALL is dropped',
      network: 'pod',
      unknowns: [],
    },
  ],
  neighbours: 11,
  ...parts,
});

export const options = (parts: Partial<RenderOptions> = {}): RenderOptions => ({
  output: 'default',
  explain: false,
  showAttack: false,
  noHeaders: false,
  asList: false,
  showSystem: false,
  color: false,
  kubectl: [],
  verbose: false,
  ascii: false,
  subject: null,
  of: '',
  // Stories are written as text, in which the target stands once.
  summaryOf: ({ summary, target }, words) => (target ? summary.replace(nameObject(target), words) : summary),
  width: 80,
  allNamespaces: false,
  ...parts,
});
