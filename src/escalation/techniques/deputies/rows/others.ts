import type { Controller, Deputy } from '../deputy.ts';

const EXTERNAL_SECRETS: Controller = {
  images: ['external-secrets/external-secrets', 'external-secrets'],
  names: ['external-secrets'],
};

const CERT_MANAGER: Controller = {
  images: ['cert-manager-controller', 'jetstack-cert-manager-rhel9'],
  names: ['cert-manager', 'cert-manager-controller'],
};

const GATEKEEPER: Controller = {
  images: ['openpolicyagent/gatekeeper', 'gatekeeper'],
  names: ['gatekeeper-controller-manager', 'gatekeeper'],
};

const KYVERNO: Controller = {
  images: ['kyverno/kyverno', 'kyverno'],
  names: ['kyverno-admission-controller', 'admission-controller'],
};

const KARPENTER: Controller = { images: ['karpenter/controller', 'karpenter'], names: ['karpenter'] };

/** Resources whose controllers hand out tokens, Secrets and certificates, rewrite objects, or make nodes. */
export const OTHERS: readonly Deputy[] = [
  {
    ...{ group: 'external-secrets.io', resource: 'secretstores', product: 'External Secrets' },
    controller: EXTERNAL_SECRETS,
    effect: { kind: 'tokens' },
    references: ['external-secrets pkg/provider/kubernetes/auth.go'],
  },
  {
    ...{ group: 'external-secrets.io', resource: 'clustersecretstores', product: 'External Secrets' },
    clusterScoped: true,
    controller: EXTERNAL_SECRETS,
    effect: { kind: 'tokens' },
    references: ['external-secrets pkg/provider/kubernetes/auth.go'],
  },
  ...['externalsecrets', 'clusterexternalsecrets'].map(
    (resource): Deputy => ({
      ...{ group: 'external-secrets.io', resource, product: 'External Secrets', controller: EXTERNAL_SECRETS },
      ...(resource === 'clusterexternalsecrets' ? { clusterScoped: true } : {}),
      effect: { kind: 'secrets' },
      references: ['external-secrets.io/latest/guides/multi-tenancy'],
    }),
  ),
  ...['certificates', 'certificaterequests'].map(
    (resource): Deputy => ({
      ...{ group: 'cert-manager.io', resource, product: 'cert-manager', controller: CERT_MANAGER },
      ...(resource === 'certificaterequests' ? { verbs: ['create'] } : {}),
      effect: { kind: 'certificates' },
      references: ['cert-manager.io/docs/usage/certificate'],
    }),
  ),
  {
    ...{ group: 'velero.io', resource: 'backups', product: 'Velero', verbs: ['create'] },
    controller: { images: ['velero/velero', 'velero'], names: ['velero'] },
    effect: { kind: 'exec' },
    where: { kind: 'own' },
    references: ['velero.io/docs/main/backup-hooks'],
  },
  {
    ...{ group: 'velero.io', resource: 'schedules', product: 'Velero' },
    controller: { images: ['velero/velero', 'velero'], names: ['velero'] },
    effect: { kind: 'exec' },
    where: { kind: 'own' },
    references: ['velero.io/docs/main/backup-hooks'],
  },
  ...['assign', 'modifyset', 'assignimage'].map(
    (resource): Deputy => ({
      ...{ group: 'mutations.gatekeeper.sh', resource, product: 'Gatekeeper', clusterScoped: true },
      controller: GATEKEEPER,
      effect: { kind: 'mutates' },
      references: ['open-policy-agent.github.io/gatekeeper/website/docs/mutation'],
    }),
  ),
  {
    ...{ group: 'policies.kyverno.io', resource: 'mutatingpolicies', product: 'Kyverno', clusterScoped: true },
    controller: KYVERNO,
    effect: { kind: 'mutates' },
    references: ['kyverno.io/docs/policy-types/mutating-policy'],
  },
  {
    // It also generates objects, which is a row of its own.
    ...{ group: 'kyverno.io', resource: 'clusterpolicies', product: 'Kyverno', clusterScoped: true },
    controller: KYVERNO,
    effect: { kind: 'mutates' },
    references: ['kyverno.io/docs/policy-types/cluster-policy/mutate'],
  },
  ...['ec2nodeclasses', 'aksnodeclasses'].map(
    (resource): Deputy => ({
      group: resource === 'ec2nodeclasses' ? 'karpenter.k8s.aws' : 'karpenter.azure.com',
      ...{ resource, product: 'Karpenter', clusterScoped: true, controller: KARPENTER },
      effect: { kind: 'nodes' },
      references: ['karpenter.sh/docs/concepts/nodeclasses'],
    }),
  ),
  ...['nodepools', 'nodeclaims'].map(
    (resource): Deputy => ({
      ...{ group: 'karpenter.sh', resource, product: 'Karpenter', clusterScoped: true, controller: KARPENTER },
      effect: { kind: 'nodes' },
      also: {
        any: [
          { group: 'karpenter.k8s.aws', resource: 'ec2nodeclasses', clusterScoped: true },
          { group: 'karpenter.azure.com', resource: 'aksnodeclasses', clusterScoped: true },
        ],
        words: 'create a class of nodes that start with its own code',
        otherwise: {
          unknown: {
            kind: 'invisible',
            what: 'whether a class of nodes starts code that the attacker can change',
            why: 'user data refers to what is outside of the cluster',
          },
          leaning: 'no',
        },
      },
      references: ['karpenter.sh/docs/concepts/nodepools'],
    }),
  ),
  {
    ...{ group: 'cluster.x-k8s.io', resource: 'machines', product: 'Cluster API' },
    controller: {
      images: ['cluster-api/cluster-api-controller', 'cluster-api-controller'],
      names: ['capi-controller-manager', 'cluster-api'],
    },
    effect: { kind: 'nodes' },
    also: {
      any: [{ group: '', resource: 'secrets' }],
      words: 'create a Secret with the bootstrap data of the machine',
      otherwise: {
        unknown: {
          kind: 'invisible',
          what: 'whether the bootstrap data of a machine can be chosen',
          why: 'Secrets are not read',
        },
        leaning: 'no',
      },
    },
    references: ['cluster-api.sigs.k8s.io/developer/core/controllers/machine'],
  },
];

const nothing = (product: string, group: string, resource: string, because: string, isCluster = false): Deputy => ({
  ...{ group, resource, product, controller: { images: [], names: [] }, references: [] },
  ...(isCluster ? { clusterScoped: true } : {}),
  effect: { kind: 'nothing', because },
});

/** Resources that look like one of these and lead nowhere by themselves; the detector of PodSpecs passes them over. */
export const LEADS_NOWHERE: readonly Deputy[] = [
  nothing('Knative Serving', 'serving.knative.dev', 'revisions', 'the template of a revision is immutable'),
  nothing('KubeVirt', 'kubevirt.io', 'virtualmachineinstancemigrations', 'it moves a machine as it is'),
  nothing('OpenKruise', 'apps.kruise.io', 'containerrecreaterequests', 'the container starts again as it was'),
  nothing('OpenKruise', 'apps.kruise.io', 'imagepulljobs', 'an image is pulled, and nothing of it is run'),
  nothing('OpenKruise', 'apps.kruise.io', 'nodeimages', 'an image is pulled, and nothing of it is run', true),
  nothing('KEDA', 'keda.sh', 'scaledobjects', 'it changes the number of pods and not what they run'),
  nothing(
    'the Secrets Store CSI driver',
    'secrets-store.csi.x-k8s.io',
    'secretproviderclasses',
    'a pod has to mount it, by the account of that pod',
  ),
];
