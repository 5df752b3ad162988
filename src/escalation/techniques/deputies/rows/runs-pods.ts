import type { Also, Controller, Deputy, Verb } from '../deputy.ts';

/** Resources whose controllers run pods that the writer describes, as an account that the writer chooses. */
const runs = (
  product: string,
  [group, ...resources]: readonly [group: string, ...resources: string[]],
  controller: Controller,
  makes: readonly string[],
  {
    references,
    verbs,
    isWhole = true,
    also,
  }: { references: readonly string[]; verbs?: readonly Verb[]; isWhole?: boolean; also?: Also },
): Deputy[] =>
  resources.map((resource) => ({
    ...{ group, resource, product, controller, references },
    ...(verbs ? { verbs } : {}),
    ...(also ? { also } : {}),
    ...(resource.startsWith('cluster') ? { clusterScoped: true } : {}),
    effect: { kind: 'pods', makes, isWhole },
  }));

const KRUISE: Controller = { images: ['kruise-manager'], names: ['kruise-controller-manager', 'kruise'] };

const TEKTON: Controller = {
  images: [
    'tektoncd/pipeline/cmd/controller',
    'tektoncd/pipeline/controller-10a3e32792f33651396d02b6855a6e36',
    'openshift-pipelines/pipelines-controller-rhel8',
    'openshift-pipelines/pipelines-controller-rhel9',
  ],
  names: ['tekton-pipelines-controller'],
};

const WORKFLOWS: Controller = {
  images: ['workflow-controller', 'argo-workflow-controller'],
  names: ['workflow-controller'],
};

/** A template does nothing until somebody else's resource, which was there before, refers to it. */
const WHEN_REFERRED_TO: Also = {
  any: [],
  words: '',
  otherwise: {
    unknown: {
      kind: 'invisible',
      what: 'whether something that refers to the template runs again',
      why: 'it lies in the future, and what refers to it is not read',
    },
    leaning: null,
  },
};

export const RUNS_PODS: readonly Deputy[] = [
  // The specification of a workflow is copied when it starts, and of no use after that.
  ...runs('Argo Workflows', ['argoproj.io', 'workflows'], WORKFLOWS, ['pods'], {
    verbs: ['create'],
    references: ['argo-workflows workflow/controller/workflowpod.go'],
  }),
  ...runs('Argo Workflows', ['argoproj.io', 'cronworkflows'], WORKFLOWS, ['pods'], {
    references: ['argo-workflows workflow/cron/operator.go'],
  }),
  ...runs('Argo Workflows', ['argoproj.io', 'workflowtemplates', 'clusterworkflowtemplates'], WORKFLOWS, ['pods'], {
    verbs: ['update', 'patch'],
    also: WHEN_REFERRED_TO,
    references: ['argo-workflows workflow/templateresolution/context.go'],
  }),
  ...runs(
    'Argo Rollouts',
    ['argoproj.io', 'rollouts'],
    { images: ['argo-rollouts'], names: ['argo-rollouts'] },
    ['replicasets'],
    { references: ['argo-rollouts rollout/sync.go'] },
  ),
  // The specification of a run is immutable.
  ...runs('Tekton', ['tekton.dev', 'taskruns', 'pipelineruns'], TEKTON, ['pods'], {
    verbs: ['create'],
    references: ['tektoncd/pipeline pkg/pod/pod.go', 'tekton.dev/docs/pipelines/taskruns'],
  }),
  ...runs('Tekton', ['tekton.dev', 'tasks', 'pipelines'], TEKTON, ['pods'], {
    verbs: ['update', 'patch'],
    also: WHEN_REFERRED_TO,
    references: ['tektoncd/pipeline pkg/reconciler/taskrun/resources/taskref.go'],
  }),
  ...runs('OpenKruise', ['apps.kruise.io', 'clonesets', 'statefulsets', 'daemonsets'], KRUISE, ['pods'], {
    references: ['openkruise.io/docs/user-manuals/cloneset'],
  }),
  ...runs('OpenKruise', ['apps.kruise.io', 'advancedcronjobs', 'broadcastjobs'], KRUISE, ['pods', 'jobs'], {
    references: ['openkruise.io/docs/user-manuals/advancedcronjob'],
  }),
  // The server refuses the fields that reach the node, unless a feature flag allows them.
  ...runs(
    'Knative Serving',
    ['serving.knative.dev', 'services', 'configurations'],
    {
      images: [
        'knative.dev/serving/cmd/controller',
        'knative-releases/knative.dev/serving/cmd/controller',
        'openshift-serverless-1/kn-serving-controller-rhel8',
      ],
      names: ['controller'],
    },
    ['deployments'],
    { isWhole: false, references: ['knative/serving pkg/apis/serving/fieldmask.go'] },
  ),
  ...runs(
    'KEDA',
    ['keda.sh', 'scaledjobs'],
    { images: ['kedacore/keda', 'keda-operator'], names: ['keda-operator'] },
    ['jobs'],
    { references: ['kedacore/keda pkg/scaling/executor/scale_jobs.go'] },
  ),
  ...runs(
    'Volcano',
    ['batch.volcano.sh', 'jobs'],
    { images: ['vc-controller-manager'], names: ['volcano-controller', 'volcano-controllers'] },
    ['pods'],
    { references: ['volcano-sh/volcano pkg/controllers/job'] },
  ),
  ...runs(
    'Kubeflow Trainer',
    ['kubeflow.org', 'tfjobs', 'pytorchjobs', 'mpijobs', 'xgboostjobs', 'paddlejobs', 'jaxjobs'],
    { images: ['training-operator', 'mpi-operator'], names: ['training-operator', 'mpi-operator'] },
    ['pods', 'jobs', 'statefulsets'],
    { references: ['kubeflow/trainer pkg/controller.v1'] },
  ),
  ...runs(
    'KubeRay',
    ['ray.io', 'rayclusters', 'rayjobs', 'rayservices'],
    { images: ['kuberay/operator', 'kuberay-operator'], names: ['kuberay-operator'] },
    ['pods'],
    { references: ['ray-project/kuberay ray-operator/controllers/ray/raycluster_controller.go'] },
  ),
  ...runs(
    'the Spark operator',
    ['sparkoperator.k8s.io', 'sparkapplications', 'scheduledsparkapplications'],
    { images: ['spark-operator', 'spark-operator/controller'], names: ['spark-operator'] },
    ['pods'],
    { references: ['kubeflow/spark-operator api/v1beta2/sparkapplication_types.go'] },
  ),
  ...runs(
    'JobSet',
    ['jobset.x-k8s.io', 'jobsets'],
    { images: ['jobset/jobset', 'jobset'], names: ['jobset', 'jobset-controller-manager'] },
    ['jobs'],
    { references: ['kubernetes-sigs/jobset pkg/controllers/jobset_controller.go'] },
  ),
  ...runs(
    'LeaderWorkerSet',
    ['leaderworkerset.x-k8s.io', 'leaderworkersets'],
    { images: ['lws/lws', 'lws'], names: ['lws', 'lws-controller-manager'] },
    ['statefulsets'],
    { references: ['kubernetes-sigs/lws pkg/controllers/leaderworkerset_controller.go'] },
  ),
  // A disk of the machine may be the token of an account; the pod itself is the controller's.
  ...runs(
    'KubeVirt',
    ['kubevirt.io', 'virtualmachines', 'virtualmachineinstances', 'virtualmachineinstancereplicasets'],
    { images: ['virt-controller', 'virt-controller-rhel9'], names: ['virt-controller'] },
    ['pods'],
    { isWhole: false, references: ['kubevirt/kubevirt pkg/virt-controller/services/template.go'] },
  ),
];
