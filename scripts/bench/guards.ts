/**
 * What stands before pods: the levels of Pod Security by environment, policies each bound to some of the namespaces,
 * and a webhook for those with one label.
 */
export function guards(): object[] {
  return [
    ...guard('own-images', [`${CONTAINERS}.all(c, c.image.startsWith('registry.example.com/'))`], {
      matchLabels: { environment: 'staging' },
    }),
    ...guard(
      'no-privileged',
      [`${CONTAINERS}.all(c, !c.?securityContext.privileged.orValue(false))`, '!object.spec.?hostPID.orValue(false)'],
      {
        matchExpressions: [
          {
            key: 'kubernetes.io/metadata.name',
            operator: 'NotIn',
            values: ['kube-system', 'observability-api-sandbox'],
          },
        ],
      },
    ),
    ...guard('no-host-path', ['object.spec.?volumes.orValue([]).all(v, !has(v.hostPath))'], {
      matchExpressions: [{ key: 'environment', operator: 'In', values: ['performance', 'integration'] }],
    }),
    ...guard('limits', [`${CONTAINERS}.all(c, has(c.resources) && has(c.resources.limits))`], {}, ['Audit']),
    {
      ...{ apiVersion, kind: 'ValidatingWebhookConfiguration', metadata: { name: 'signatures' } },
      webhooks: [
        {
          name: 'signatures.example.com',
          clientConfig: { url: 'https://signatures.example.com/validate' },
          rules: [PODS],
          namespaceSelector: { matchLabels: { signatures: 'required' } },
          ...{ admissionReviewVersions: ['v1'], sideEffects: 'None', failurePolicy: 'Ignore' },
        },
      ],
    },
  ];
}

/** The labels by which admission tells the namespaces apart. */
export function labelsOf({ environment, team }: { environment: string; team: string }): Record<string, string> {
  const level = LEVELS[environment];
  return {
    ...{ team, environment },
    ...(level && { 'pod-security.kubernetes.io/enforce': level }),
    ...(team === 'payments' && { signatures: 'required' }),
  };
}

function guard(
  name: string,
  expressions: readonly string[],
  namespaceSelector: object,
  validationActions = ['Deny'],
): object[] {
  const validations = expressions.map((expression) => ({ expression }));
  return [
    {
      ...{ apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name } },
      spec: { failurePolicy: 'Fail', matchConstraints: { resourceRules: [PODS] }, validations },
    },
    {
      ...{ apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name } },
      spec: { policyName: name, validationActions, matchResources: { namespaceSelector } },
    },
  ];
}

const apiVersion = 'admissionregistration.k8s.io/v1';
const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] };
const CONTAINERS = '(object.spec.containers + object.spec.?initContainers.orValue([]))';
/** Of the others nothing is enforced. */
const LEVELS: Readonly<Record<string, string>> = {
  production: 'restricted',
  staging: 'baseline',
  integration: 'baseline',
};
