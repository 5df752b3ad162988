import type { Raw } from '../../src/world/raw.ts';
import type { Story } from './story.ts';

/** What keeps pods apart, and what keeps images out. */
export function tellPolicies(story: Story): void {
  networkPolicies(story);
  admissionPolicy(story);
}

function networkPolicies(story: Story): void {
  const policy = (namespace: string, name: string, spec: Raw): Story =>
    story.add('networking.k8s.io/v1', 'NetworkPolicy', namespace, name, { spec });
  const from = (namespace: string, app: string, port: number): Raw => ({
    from: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        podSelector: { matchLabels: { app } },
      },
    ],
    ports: [{ port }],
  });
  story.on('2023-08-22', 'kubectl-client-side-apply');
  policy('shop', 'default-deny', { podSelector: {}, policyTypes: ['Ingress'] });
  policy('shop', 'web', {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Ingress'],
    ingress: [from('ingress', 'edge-proxy', 8080)],
  });
  policy('shop', 'backends', {
    podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['cart', 'checkout'] }] },
    policyTypes: ['Ingress'],
    ingress: [from('shop', 'web', 8080)],
  });
  policy('payments', 'default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  policy('payments', 'ledger', {
    podSelector: { matchLabels: { app: 'ledger' } },
    policyTypes: ['Ingress'],
    ingress: [from('shop', 'checkout', 8443)],
  });
}

function admissionPolicy(story: Story): void {
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] }];
  story
    .on('2025-10-01', 'kubectl-client-side-apply')
    .add('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', null, 'own-images', {
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: rules },
        validations: [
          {
            expression: "object.spec.containers.all(c, c.image.startsWith('registry.example/'))",
            message: 'image of another registry',
          },
        ],
      },
    })
    .add('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', null, 'own-images', {
      spec: {
        policyName: 'own-images',
        validationActions: ['Deny'],
        matchResources: {
          namespaceSelector: {
            matchExpressions: [
              { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['dev', 'kube-system'] },
            ],
          },
        },
      },
    });
}
