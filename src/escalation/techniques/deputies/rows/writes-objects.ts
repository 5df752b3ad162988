import { isRaw } from '../../../../world/raw.ts';
import type { Also, Controller, Deputy, Limits } from '../deputy.ts';

/** Resources whose controllers write the objects that the writer describes, by their own rights. */

const FLUX_SOURCES: Also = {
  any: ['gitrepositories', 'ocirepositories', 'buckets', 'helmrepositories'].map((resource) => ({
    group: 'source.toolkit.fluxcd.io',
    resource,
  })),
  words: 'create a source of its own for Flux',
  isAnywhere: true,
  otherwise: {
    unknown: {
      kind: 'invisible',
      what: 'whether Flux has a source whose content can be turned into any object',
      why: 'patches and values change what a source holds, and the sources are not read',
    },
    leaning: 'yes',
  },
};

const ARGO_CD: Controller = {
  images: ['argocd', 'argocd-rhel8', 'argocd-rhel9'],
  names: ['argocd-application-controller', 'application-controller'],
  isImageShared: true,
};

const ARGO_CD_SETS: Controller = {
  ...ARGO_CD,
  names: ['argocd-applicationset-controller', 'applicationset-controller'],
};

/** A list of the specification that has an entry of which all these fields are `*`. */
const hasStars = (spec: Readonly<Record<string, unknown>>, list: string, fields: readonly string[]): boolean => {
  const all = spec[list];
  return Array.isArray(all) && all.some((each) => isRaw(each) && fields.every((field) => each[field] === '*'));
};

const PROJECTS: Limits = {
  ...{ group: 'argoproj.io', version: 'v1alpha1', resource: 'appprojects', kind: 'AppProject' },
  isOpen: ({ spec }) =>
    isRaw(spec) &&
    Array.isArray(spec.sourceRepos) &&
    spec.sourceRepos.includes('*') &&
    hasStars(spec, 'destinations', ['server', 'namespace']) &&
    hasStars(spec, 'clusterResourceWhitelist', ['group', 'kind']) &&
    spec.destinationServiceAccounts === undefined,
};

const KYVERNO_BACKGROUND: Controller = {
  images: ['kyverno/background-controller', 'background-controller'],
  names: ['kyverno-background-controller', 'background-controller'],
};

const OLM: Controller = {
  images: ['operator-framework/olm', 'olm', 'operator-lifecycle-manager'],
  names: ['olm-operator'],
  isImageShared: true,
};

const CROSSPLANE: Controller = { images: ['crossplane/crossplane', 'crossplane'], names: ['crossplane'] };

export const WRITES_OBJECTS: readonly Deputy[] = [
  {
    ...{ group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations', product: 'Flux' },
    controller: { images: ['kustomize-controller'], names: ['kustomize-controller'] },
    effect: { kind: 'manifests', unlessFlag: '--default-service-account' },
    also: FLUX_SOURCES,
    references: ['fluxcd.io/flux/installation/configuration/multitenancy'],
  },
  {
    ...{ group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases', product: 'Flux' },
    controller: { images: ['helm-controller'], names: ['helm-controller'] },
    effect: { kind: 'manifests', unlessFlag: '--default-service-account' },
    also: FLUX_SOURCES,
    references: ['fluxcd.io/flux/installation/configuration/multitenancy'],
  },
  {
    ...{ group: 'argoproj.io', resource: 'applications', product: 'Argo CD' },
    controller: ARGO_CD,
    effect: { kind: 'manifests' },
    where: { kind: 'own', opens: { since: [2, 5, 0], by: '--application-namespaces' } },
    limits: PROJECTS,
    references: ['argo-cd.readthedocs.io/en/stable/operator-manual/app-any-namespace'],
  },
  {
    // The applications that it makes are in its own namespace, where Argo CD looks for them.
    ...{ group: 'argoproj.io', resource: 'applicationsets', product: 'Argo CD' },
    controller: ARGO_CD_SETS,
    effect: { kind: 'manifests', only: ['applications'] },
    where: { kind: 'own', opens: { since: [2, 8, 0], by: '--applicationset-namespaces' } },
    references: ['argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Security'],
  },
  {
    ...{ group: 'velero.io', resource: 'restores', product: 'Velero', verbs: ['create'] },
    controller: { images: ['velero/velero', 'velero'], names: ['velero'] },
    effect: { kind: 'manifests' },
    where: { kind: 'own' },
    also: {
      any: [{ group: 'velero.io', resource: 'backupstoragelocations' }],
      words: 'create a storage location with a backup of its own for Velero',
      otherwise: {
        unknown: {
          kind: 'invisible',
          what: 'whether a backup of Velero holds an object of use, or can be written to',
          why: 'backups are in a store outside of the cluster',
        },
        leaning: null,
      },
    },
    references: ['velero.io/docs/main/api-types/restore'],
  },
  {
    ...{ group: 'operators.coreos.com', resource: 'clusterserviceversions', product: 'OLM' },
    controller: OLM,
    effect: {
      kind: 'manifests',
      only: ['deployments', 'serviceaccounts', 'roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
    },
    also: {
      any: [{ group: 'operators.coreos.com', resource: 'operatorgroups' }],
      words: 'create an OperatorGroup without an account',
      otherwise: {
        unknown: {
          kind: 'invisible',
          what: 'whether an OperatorGroup of the namespace lets OLM act by its own rights',
          why: 'OperatorGroups are not read',
        },
        leaning: 'yes',
      },
    },
    references: ['olm.operatorframework.io/docs/advanced-tasks/operator-scoping-with-operatorgroups'],
  },
  {
    ...{ group: 'operators.coreos.com', resource: 'subscriptions', product: 'OLM' },
    controller: OLM,
    effect: {
      kind: 'manifests',
      only: ['deployments', 'serviceaccounts', 'roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
    },
    also: {
      any: [{ group: 'operators.coreos.com', resource: 'catalogsources' }],
      words: 'create a catalog of its own operators',
      otherwise: {
        unknown: {
          kind: 'opaque',
          what: 'whether a catalog of OLM offers an operator that is of use',
          why: 'catalogs are images',
        },
        leaning: null,
      },
    },
    references: ['olm.operatorframework.io/docs/concepts/crds/subscription'],
  },
  {
    ...{ group: 'kubernetes.crossplane.io', resource: 'objects', product: 'the Kubernetes provider of Crossplane' },
    clusterScoped: true,
    controller: { images: ['provider-kubernetes', 'provider-kubernetes-controller'], names: ['provider-kubernetes'] },
    effect: { kind: 'manifests' },
    also: {
      any: [{ group: 'kubernetes.crossplane.io', resource: 'providerconfigs', clusterScoped: true }],
      words: 'create a ProviderConfig with the identity of the provider',
      otherwise: {
        unknown: {
          kind: 'invisible',
          what: 'whether a ProviderConfig uses the identity of the provider for this cluster',
          why: 'ProviderConfigs are not read',
        },
        leaning: 'yes',
      },
    },
    references: ['crossplane-contrib/provider-kubernetes apis/cluster/object/v1alpha2/types.go'],
  },
  {
    ...{ group: 'helm.crossplane.io', resource: 'releases', product: 'the Helm provider of Crossplane' },
    clusterScoped: true,
    controller: { images: ['provider-helm', 'provider-helm-controller'], names: ['provider-helm'] },
    effect: { kind: 'manifests' },
    also: {
      any: [{ group: 'helm.crossplane.io', resource: 'providerconfigs', clusterScoped: true }],
      words: 'create a ProviderConfig with the identity of the provider',
      otherwise: {
        unknown: {
          kind: 'invisible',
          what: 'whether a ProviderConfig uses the identity of the provider for this cluster',
          why: 'ProviderConfigs are not read',
        },
        leaning: 'yes',
      },
    },
    references: ['crossplane-contrib/provider-helm apis/cluster/release/v1beta1/types.go'],
  },
  {
    ...{ group: 'apiextensions.crossplane.io', resource: 'compositions', product: 'Crossplane', clusterScoped: true },
    controller: CROSSPLANE,
    effect: { kind: 'manifests' },
    also: {
      any: [{ group: 'apiextensions.crossplane.io', resource: 'compositeresourcedefinitions', clusterScoped: true }],
      words: 'define a composite resource of its own',
      otherwise: {
        unknown: {
          kind: 'invisible',
          what: 'whether there is a composite resource that uses the composition',
          why: 'composite resources are not read',
        },
        leaning: 'yes',
      },
    },
    references: ['docs.crossplane.io/latest/composition/compositions'],
  },
  {
    // The package is an image, and runs beside Crossplane; its runtime configuration names the account.
    ...{ group: 'pkg.crossplane.io', resource: 'providers', product: 'Crossplane', clusterScoped: true },
    controller: CROSSPLANE,
    effect: { kind: 'own pods', makes: ['deployments'] },
    also: {
      any: [{ group: 'pkg.crossplane.io', resource: 'deploymentruntimeconfigs', clusterScoped: true }],
      words: 'create a DeploymentRuntimeConfig that names an account',
      otherwise: {
        unknown: {
          kind: 'invisible',
          what: 'whether a DeploymentRuntimeConfig names an account of use',
          why: 'DeploymentRuntimeConfigs are not read',
        },
        leaning: null,
      },
    },
    references: ['docs.crossplane.io/latest/packages/providers'],
  },
  {
    ...{ group: 'kyverno.io', resource: 'clusterpolicies', product: 'Kyverno', clusterScoped: true },
    controller: KYVERNO_BACKGROUND,
    effect: { kind: 'manifests' },
    references: ['kyverno.io/docs/policy-types/cluster-policy/generate'],
  },
  {
    ...{ group: 'policies.kyverno.io', resource: 'generatingpolicies', product: 'Kyverno', clusterScoped: true },
    controller: KYVERNO_BACKGROUND,
    effect: { kind: 'manifests' },
    references: ['kyverno.io/docs/policy-types/generating-policy'],
  },
  // Policies of a namespace generate objects of that namespace alone.
  ...[
    ['kyverno.io', 'policies'],
    ['policies.kyverno.io', 'namespacedgeneratingpolicies'],
  ].map(
    ([group = '', resource = '']): Deputy => ({
      ...{ group, resource, product: 'Kyverno', controller: KYVERNO_BACKGROUND },
      effect: {
        kind: 'pods',
        makes: ['pods', 'deployments', 'statefulsets', 'daemonsets', 'replicasets', 'jobs', 'cronjobs'],
        isWhole: true,
      },
      references: ['kyverno.io/docs/policy-types/cluster-policy/generate'],
    }),
  ),
  {
    // In these releases it generates objects in any namespace.
    ...{ group: 'policies.kyverno.io', resource: 'namespacedmutatingpolicies', product: 'Kyverno' },
    controller: {
      images: ['kyverno/kyverno', 'kyverno'],
      names: ['kyverno-admission-controller', 'admission-controller'],
    },
    effect: { kind: 'manifests' },
    releases: { since: [1, 18, 0], fixed: [1, 18, 2] },
    references: ['CVE-2026-54523'],
  },
  {
    ...{ group: 'rbacmanager.reactiveops.io', resource: 'rbacdefinitions', product: 'RBAC Manager' },
    clusterScoped: true,
    controller: { images: ['rbac-manager'], names: ['rbac-manager'] },
    effect: { kind: 'manifests', only: ['rolebindings', 'clusterrolebindings', 'serviceaccounts'] },
    references: ['FairwindsOps/rbac-manager pkg/reconciler/reconciler.go'],
  },
  {
    // A job in the namespace of the chart runs an image that the chart names, as an account that is bound for it.
    ...{ group: 'helm.cattle.io', resource: 'helmcharts', product: 'the Helm controller of k3s' },
    controller: {
      images: ['rancher/helm-controller'],
      names: ['helm-controller'],
      builtInto: ['+k3s', '+rke2'],
    },
    effect: { kind: 'grants', role: 'cluster-admin' },
    references: ['k3s-io/helm-controller pkg/controllers/chart/chart.go'],
  },
];
