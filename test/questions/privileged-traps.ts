import { get, list, whole } from '../../src/world/needs.ts';
import type { PersistentVolume } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import { binding, PODS, policy, webhooks } from '../admission/policies/objects.ts';
import { account, allow, type ClusterBuilder, cluster } from '../helpers/cluster.ts';
import { enforce, everywhere, inside, jane, PLAIN, podWith, put, ROOT, shop } from './privileged-worlds.ts';

/** As a manifest has it: it has no phase, and no node yet. */
const TO_COME = { node: null, phase: null };

export const CREATE = allow('create', 'pods');
export const APPS = { groups: ['apps'] };
const BATCH = { groups: ['batch'] };
const ADMISSION = { groups: ['admissionregistration.k8s.io'] };
const DEPLOYMENTS = allow('create', 'deployments', APPS);

/** What jane can do in a cluster: the verdict with its leaning, and each way with its own. */
export type Trap = [why: string, cluster: ClusterBuilder, verdict: string, ways: readonly string[]];

const rights: readonly Trap[] = [
  ['create pods in a namespace that enforces nothing', inside(shop(), CREATE), 'yes', ['pod-create yes']],
  ['create pods under baseline', inside(shop('baseline'), CREATE), 'no', ['pod-create no']],
  ['create pods under restricted', inside(shop('restricted'), CREATE), 'no', ['pod-create no']],
  ['a level that is none is restricted', inside(shop('strict'), CREATE), 'no', ['pod-create no']],
  ['no right at all', shop(), 'no', []],
  [
    'a right in another namespace',
    shop('baseline').namespace('ci').role('ci', 'r', [CREATE]).binding('ci', 'b', 'Role/r', jane),
    'yes',
    ['pod-create yes'],
  ],
  [
    'everywhere by a ClusterRoleBinding',
    everywhere(shop('baseline').namespace('ci'), CREATE),
    'yes',
    ['pod-create no', 'pod-create yes'],
  ],
  [
    'a ClusterRole in a RoleBinding',
    shop().clusterRole('c', [CREATE]).binding('shop', 'b', 'ClusterRole/c', jane),
    'yes',
    ['pod-create yes'],
  ],
  ['a role that is not there', shop().binding('shop', 'b', 'Role/gone', jane), 'no', ['near-miss-missing-role no']],
  [
    'a namespace that is not there',
    cluster().role('shop', 'r', [CREATE]).binding('shop', 'b', 'Role/r', jane),
    'no',
    [],
  ],
  [
    'create under one name is nothing by itself',
    inside(shop(), allow('create', 'pods', { names: ['web'] })),
    'no',
    ['near-miss-nameless no'],
  ],
  [
    'create and patch under one name is server-side apply',
    inside(shop(), allow('create patch', 'pods', { names: ['web'] })),
    'yes',
    ['pod-create yes'],
  ],
  [
    'create of one name and patch of another is nothing',
    inside(shop(), allow('create', 'pods', { names: ['a'] }), allow('patch', 'pods', { names: ['b'] })),
    'no',
    ['near-miss-nameless no'],
  ],
  ['podtemplates, which nothing runs', inside(shop(), allow('create', 'podtemplates')), 'no', []],
  ['pods in another group', inside(shop(), allow('create', 'pods', APPS)), 'no', ['near-miss-api-group no']],
  [
    'everything',
    everywhere(shop(), { ...allow('*', '*'), apiGroups: ['*'] }),
    'yes',
    [
      'pod-create yes',
      'workload-create yes',
      'node-proxy-kubelet no',
      'admission-webhook-mutate yes',
      'map-inject yes',
      'pod-binding yes',
    ],
  ],
];

const workloads: readonly Trap[] = [
  ['create deployments', inside(shop(), DEPLOYMENTS), 'yes', ['workload-create yes']],
  [
    'create deployments under baseline: their pods are refused',
    inside(shop('baseline'), DEPLOYMENTS),
    'no',
    ['workload-create no'],
  ],
  ['create jobs', inside(shop(), allow('create', 'jobs', BATCH)), 'yes', ['workload-create yes']],
  ['create cronjobs', inside(shop(), allow('create', 'cronjobs', BATCH)), 'yes', ['workload-create yes']],
  [
    'create replicationcontrollers',
    inside(shop(), allow('create', 'replicationcontrollers')),
    'yes',
    ['workload-create yes'],
  ],
  [
    'scale only multiplies',
    inside(shop().workload('deployments', 'shop', 'web'), allow('patch update', 'deployments/scale', APPS)),
    'no',
    [],
  ],
  [
    'patch deployments',
    inside(shop().workload('deployments', 'shop', 'web'), allow('patch', 'deployments', APPS)),
    'yes',
    ['workload-template-update yes'],
  ],
  [
    'update of one that is there',
    inside(shop().workload('deployments', 'shop', 'web'), allow('update', 'deployments', { ...APPS, names: ['web'] })),
    'yes',
    ['workload-template-update yes'],
  ],
  [
    'update of one that is not there',
    inside(shop().workload('deployments', 'shop', 'web'), allow('update', 'deployments', { ...APPS, names: ['api'] })),
    'no',
    [],
  ],
  ['patch deployments where there is none', inside(shop(), allow('patch', 'deployments', APPS)), 'no', []],
  [
    'patch deployments, which could not be listed',
    inside(shop().refuse(list('deployments')), allow('patch', 'deployments', APPS)),
    'depends',
    ['workload-template-update depends'],
  ],
  ...(['deployments', 'statefulsets', 'daemonsets', 'replicasets'] as const).map(
    (kind): Trap => [
      `patch ${kind}, which could not be listed: their pods would be refused`,
      inside(shop('baseline').refuse(list(kind)), allow('patch', kind, APPS)),
      'no',
      ['workload-template-update no'],
    ],
  ),
  [
    'patch cronjobs, which could not be listed: their pods would be refused',
    inside(shop('restricted').refuse(list('cronjobs')), allow('patch', 'cronjobs', BATCH)),
    'no',
    ['workload-template-update no'],
  ],
  [
    'patch replicationcontrollers, which could not be listed: their pods would be refused',
    inside(shop('restricted').refuse(list('replicationcontrollers')), allow('update', 'replicationcontrollers')),
    'no',
    ['workload-template-update no'],
  ],
  [
    'patch one of the deployments, which could not be listed',
    inside(shop().refuse(list('deployments')), allow('patch', 'deployments', { ...APPS, names: ['web'] })),
    'depends',
    ['workload-template-update depends'],
  ],
  [
    'patch replicasets, which act on new pods',
    inside(shop().workload('replicasets', 'shop', 'web'), allow('patch', 'replicasets', APPS)),
    'yes',
    ['workload-template-update yes'],
  ],
  [
    'patch jobs, whose template is immutable',
    inside(shop().workload('jobs', 'shop', 'web'), allow('patch update', 'jobs', BATCH)),
    'no',
    [],
  ],
];

const existing: readonly Trap[] = [
  [
    'another image in a pod that has the node',
    inside(shop().pod('shop', 'web', podWith(ROOT)), allow('patch', 'pods')),
    'yes',
    ['pod-image-swap yes'],
  ],
  [
    'another image in a pod that has nothing',
    inside(shop().pod('shop', 'web', podWith(PLAIN)), allow('patch', 'pods')),
    'no',
    ['pod-image-swap no'],
  ],
  [
    'the namespace was tightened since',
    inside(shop('baseline').pod('shop', 'web', podWith(ROOT)), allow('patch', 'pods')),
    'no',
    ['pod-image-swap no'],
  ],
  [
    'the pod is another',
    inside(shop().pod('shop', 'web', podWith(ROOT)), allow('patch', 'pods', { names: ['api'] })),
    'no',
    [],
  ],
  [
    'the pod has ended',
    inside(shop().pod('shop', 'web', podWith(ROOT, { phase: 'Succeeded' })), allow('patch', 'pods')),
    'no',
    ['near-miss-verb no'],
  ],
  [
    'a container more in a running pod',
    inside(shop().pod('shop', 'web', podWith(PLAIN)), allow('patch', 'pods/ephemeralcontainers')),
    'yes',
    ['pod-ephemeral-container yes'],
  ],
  [
    'a container more under baseline',
    inside(shop('baseline').pod('shop', 'web', podWith(PLAIN)), allow('patch', 'pods/ephemeralcontainers')),
    'no',
    ['pod-ephemeral-container no'],
  ],
  [
    'a container more in a pod that does not run',
    inside(shop().pod('shop', 'web', podWith(PLAIN, { phase: 'Pending' })), allow('patch', 'pods/ephemeralcontainers')),
    'no',
    [],
  ],
  [
    'a container more in a pod of a manifest, which will run',
    inside(shop().pod('shop', 'web', podWith(PLAIN, TO_COME)), allow('patch', 'pods/ephemeralcontainers')),
    'yes',
    ['pod-ephemeral-container yes'],
  ],
  [
    'pods that could not be listed',
    inside(shop().refuse(whole(list('pods'))), allow('patch', 'pods')),
    'depends',
    ['pod-image-swap depends'],
  ],
  [
    'pods that could not be listed, where those that have the node would be refused',
    inside(shop('baseline').refuse(whole(list('pods'))), allow('patch', 'pods')),
    'no',
    ['pod-image-swap no'],
  ],
  [
    'some of the pods',
    inside(
      shop()
        .refuse(whole(list('pods')))
        .pod('shop', 'web', podWith(PLAIN)),
      allow('patch', 'pods'),
    ),
    'depends',
    ['pod-image-swap depends'],
  ],
  [
    'some of the pods, and others would be refused',
    inside(
      shop('baseline')
        .refuse(whole(list('pods')))
        .pod('shop', 'web', podWith(PLAIN)),
      allow('patch', 'pods'),
    ),
    'no',
    ['pod-image-swap no'],
  ],
  [
    'a container more in pods that could not be listed',
    inside(shop().refuse(whole(list('pods'))), allow('patch', 'pods/ephemeralcontainers')),
    'depends',
    ['pod-ephemeral-container depends'],
  ],
  [
    'a container more in pods that could not be listed, under baseline',
    inside(shop('baseline').refuse(whole(list('pods'))), allow('patch', 'pods/ephemeralcontainers')),
    'no',
    ['pod-ephemeral-container no'],
  ],
];

/** A home-made Pod Security. */
const TAME = [
  '!object.spec.?hostPID.orValue(false) && !object.spec.?hostNetwork.orValue(false) && !object.spec.?hostIPC.orValue(false)',
  '!object.spec.?volumes.orValue([]).exists(v, has(v.hostPath))',
  'object.spec.containers.all(c, !c.?securityContext.?privileged.orValue(false) && c.?securityContext.?capabilities.?add.orValue([]).size() == 0)',
].map((expression) => ({ expression }));
export const guard = (spec: Raw = {}, bound: Raw = {}): Raw[] => [
  policy('tame', { validations: TAME, ...spec }),
  binding('tame', 'tame', bound),
];
const only = (expression: string): Raw[] => [policy('p', { validations: [{ expression }] }), binding('p', 'p')];
export const guarded = (objects: readonly Raw[], builder = shop()): ClusterBuilder =>
  inside(put(builder, ...objects), CREATE);

const policies: readonly Trap[] = [
  [
    'one that refuses containers that are added, to pods that could not be listed',
    put(
      inside(shop().refuse(whole(list('pods'))), allow('patch', 'pods/ephemeralcontainers')),
      policy('none-added', {
        matchConstraints: {
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['pods/ephemeralcontainers'] },
          ],
        },
        validations: [{ expression: '!has(object.spec.ephemeralContainers)' }],
      }),
      binding('none-added', 'none-added'),
    ),
    'no',
    ['pod-ephemeral-container no'],
  ],
  ['one that refuses each privilege', guarded(guard()), 'no', ['pod-create no']],
  ['the same, unbound', guarded(guard().slice(0, 1)), 'yes', ['pod-create yes']],
  ['the same, audited', guarded(guard({}, { validationActions: ['Audit'] })), 'yes', ['pod-create yes']],
  [
    'one that forgot hostPath',
    guarded(guard({ validations: TAME.filter((_, index) => index !== 1) })),
    'yes',
    ['pod-create yes'],
  ],
  [
    'one on another namespace',
    guarded(guard({}, { matchResources: { namespaceSelector: { matchLabels: { env: 'prod' } } } })),
    'yes',
    ['pod-create yes'],
  ],
  [
    'one that looks away by label',
    guarded(
      guard({
        matchConstraints: {
          resourceRules: [PODS],
          objectSelector: { matchExpressions: [{ key: 'exempt', operator: 'DoesNotExist' }] },
        },
      }),
    ),
    'yes',
    ['pod-create yes'],
  ],
  [
    'one that asks for an image',
    guarded(only("object.spec.containers.all(c, c.image.startsWith('good.example/'))")),
    'yes',
    ['pod-create yes'],
  ],
  [
    'one that asks for a label',
    guarded(only("object.metadata.?labels.?team.orValue('') == 'shop'")),
    'yes',
    ['pod-create yes'],
  ],
  [
    'one that asks for a user other than root',
    guarded(only('object.spec.containers.all(c, c.?securityContext.?runAsUser.orValue(0) >= 20000)')),
    'yes',
    ['pod-create yes'],
  ],
  [
    'one that asks for what we do not guess',
    guarded(only("object.spec.?hostname.orValue('').endsWith('x')")),
    'depends yes',
    ['pod-create depends yes'],
  ],
  [
    'one that asks for a field of the security context which we do not guess',
    guarded(only("object.spec.?securityContext.?seLinuxOptions.?level.orValue('') == 's0:c1,c2'")),
    'depends yes',
    ['pod-create depends yes'],
  ],
  ['one that refuses everything', guarded(only('false')), 'no', ['pod-create no']],
  [
    'one that lets her pass',
    guarded(guard({ matchConditions: [{ name: 'c', expression: "request.userInfo.username != 'jane'" }] })),
    'yes',
    ['pod-create yes'],
  ],
  [
    'one that lets another pass',
    guarded(guard({ matchConditions: [{ name: 'c', expression: "request.userInfo.username != 'bob'" }] })),
    'no',
    ['pod-create no'],
  ],
  [
    'on pods alone refuses those of a deployment',
    inside(put(shop(), ...guard()), DEPLOYMENTS),
    'no',
    ['workload-create no'],
  ],
  [
    'that lets the controller pass',
    inside(
      put(
        shop(),
        ...guard({
          matchConditions: [
            { name: 'c', expression: "!request.userInfo.username.startsWith('system:serviceaccount:kube-system:')" },
          ],
        }),
      ),
      CREATE,
      DEPLOYMENTS,
    ),
    'yes',
    ['pod-create no', 'workload-create yes'],
  ],
  [
    'that could not be read',
    inside(shop().refuse(list('ValidatingAdmissionPolicy.admissionregistration.k8s.io')), CREATE),
    'depends yes',
    ['pod-create depends yes'],
  ],
  [
    'whose bindings could not be read',
    inside(
      put(shop(), policy('tame', { validations: TAME })).refuse(
        list('ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io'),
      ),
      CREATE,
    ),
    'depends',
    ['pod-create depends'],
  ],
  ['that does not parse', guarded(only('object.spec.(')), 'depends', ['pod-create depends']],
];

/** A MutatingAdmissionPolicy of one JSON Patch, bound everywhere. */
const mutating = (expression: string, more: Raw = {}): Raw[] => [
  policy(
    'm',
    { mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression } }], ...more },
    'MutatingAdmissionPolicy',
  ),
  binding('m', 'm', {}, 'MutatingAdmissionPolicyBinding'),
];
/** Another pod in the place of the one that was sent. */
const TAMING = `[JSONPatch{op: "replace", path: "/spec", value: {"containers": [{"name": "app", "image": "app"}]}}]`;

export const hook = (more: Raw = {}): Raw => webhooks('guards', [more]);
const MUTATING = 'MutatingWebhookConfiguration';

const webhookTraps: readonly Trap[] = [
  ['one may refuse', guarded([hook()]), 'depends yes', ['pod-create depends yes']],
  ['under baseline it does not matter', guarded([hook()], shop('baseline')), 'no', ['pod-create no']],
  ['one for services', guarded([hook({ rules: [{ ...PODS, resources: ['services'] }] })]), 'yes', ['pod-create yes']],
  [
    'one that is evaded by a label',
    guarded([hook({ objectSelector: { matchExpressions: [{ key: 'skip', operator: 'NotIn', values: ['yes'] }] } })]),
    'yes',
    ['pod-create yes'],
  ],
  [
    'one for objects of a label that is left out',
    guarded([hook({ objectSelector: { matchLabels: { app: 'whocan-escalate' } } })]),
    'yes',
    ['pod-create yes'],
  ],
  [
    'one that injects',
    guarded([webhooks('istio', [{ name: 'namespace.sidecar-injector.istio.io' }], MUTATING)]),
    'yes',
    ['pod-create yes'],
  ],
  ['one that changes pods', guarded([webhooks('w', [{}], MUTATING)]), 'depends yes', ['pod-create depends yes']],
  [
    'webhooks that could not be read',
    inside(shop().refuse(list('ValidatingWebhookConfiguration.admissionregistration.k8s.io')), CREATE),
    'depends yes',
    ['pod-create depends yes'],
  ],
  [
    'a MutatingAdmissionPolicy',
    guarded(mutating('[JSONPatch{op: "add", path: "/spec/hostname", value: "x"}]')),
    'yes',
    ['pod-create yes'],
  ],
  ['one that is not known here', guarded(mutating('unheard_of(object)')), 'depends yes', ['pod-create depends yes']],
  ['one that takes every privilege away', guarded(mutating(TAMING)), 'no', ['pod-create no']],
  [
    'one that does so where a label does not keep it away',
    guarded(
      mutating(TAMING, {
        matchConstraints: {
          resourceRules: [PODS],
          objectSelector: { matchExpressions: [{ key: 'skip', operator: 'DoesNotExist' }] },
        },
      }),
    ),
    'yes',
    ['pod-create yes'],
  ],
  [
    'one that takes away what is refused',
    guarded(
      mutating(
        'object.spec.?hostPID.orValue(false) ? [JSONPatch{op: "remove", path: "/spec/hostPID"}] : [JSONPatch{op: "test", path: "", value: 1}]',
      ),
      shop('baseline'),
    ),
    'no',
    ['pod-create no'],
  ],
  [
    'a right to make webhooks',
    everywhere(shop(), allow('create', 'mutatingwebhookconfigurations', ADMISSION)),
    'yes',
    ['admission-webhook-mutate yes'],
  ],
  [
    'the same in a RoleBinding is dead',
    inside(shop(), allow('create', 'mutatingwebhookconfigurations', ADMISSION)),
    'no',
    [],
  ],
  [
    'the same where admission lets nothing through',
    everywhere(shop('baseline'), allow('create', 'mutatingwebhookconfigurations', ADMISSION)),
    'no',
    ['admission-webhook-mutate no'],
  ],
  [
    'update of webhooks where there is none',
    everywhere(shop(), allow('update', 'mutatingwebhookconfigurations', ADMISSION)),
    'no',
    [],
  ],
  [
    'a right to half of a MutatingAdmissionPolicy',
    everywhere(shop(), allow('create', 'mutatingadmissionpolicies', ADMISSION)),
    'no',
    [],
  ],
  [
    'a right to both halves',
    everywhere(shop(), allow('create', 'mutatingadmissionpolicies mutatingadmissionpolicybindings', ADMISSION)),
    'yes',
    ['map-inject yes'],
  ],
];

const RESTRICTED = (builder: ClusterBuilder, ...rules: Parameters<typeof inside>[1][]): ClusterBuilder =>
  inside(builder, CREATE, ...rules);
const quota = (hard: Raw): Raw => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'q', namespace: 'shop' },
  spec: { hard },
});
const TIERED = guard({}, { matchResources: { namespaceSelector: { matchLabels: { tier: 'prod' } } } });
const tiered = (): ClusterBuilder => put(cluster().namespace('shop', { tier: 'prod' }), ...TIERED);

const DEPLOYER = account('shop', 'deployer');
const MUTATING_POLICIES = list('MutatingAdmissionPolicy.admissionregistration.k8s.io');
const TOKENS = allow('create', 'serviceaccounts/token');
/** Refuses what is root on the node, and lets a pod into its namespaces. */
const ROOTLESS: Raw[] = [policy('rootless', { validations: TAME.slice(1) }), binding('rootless', 'rootless')];

/** Namespace shop is there, and what it enforces is not known. */
const unlabelled = (): ClusterBuilder =>
  cluster()
    .refuse(list('namespaces'))
    .refuse(get('namespaces', null, 'shop'));

const likelier: readonly Trap[] = [
  [
    'relabelling, where what changes pods could not be read',
    RESTRICTED(shop('restricted').refuse(MUTATING_POLICIES), allow('patch', 'namespaces')),
    'depends yes',
    ['pod-create depends no', 'psa-relax-namespace depends yes'],
  ],
  [
    'nothing else, where what changes pods could not be read',
    RESTRICTED(shop('restricted').refuse(MUTATING_POLICIES)),
    'depends no',
    ['pod-create depends no'],
  ],
  [
    'relabelling adds nothing to what leans to yes',
    RESTRICTED(shop('privileged').refuse(MUTATING_POLICIES), allow('patch', 'namespaces')),
    'depends yes',
    ['pod-create depends yes'],
  ],
  [
    'relabelling by the subresource that no broken policy looks at',
    put(
      RESTRICTED(shop('restricted').refuse(MUTATING_POLICIES), allow('patch', 'namespaces namespaces/status')),
      policy('broken', {
        matchConstraints: { resourceRules: [{ ...PODS, operations: ['UPDATE'], resources: ['namespaces'] }] },
        validations: [{ expression: 'object.(' }],
      }),
      binding('broken', 'broken'),
    ),
    'depends yes',
    ['pod-create depends no', 'psa-relax-namespace depends yes'],
  ],
  [
    'relabelling a namespace whose labels could not be read',
    RESTRICTED(unlabelled(), allow('patch', 'namespaces')),
    'depends yes',
    ['pod-create depends', 'psa-relax-namespace depends yes'],
  ],
  [
    'relabelling a namespace that nobody understands',
    RESTRICTED(cluster().odd('namespaces', 'shop'), allow('update', 'namespaces/finalize')),
    'depends yes',
    ['pod-create depends', 'psa-relax-namespace depends yes'],
  ],
  ['creating pods alone where labels could not be read', RESTRICTED(unlabelled()), 'depends', ['pod-create depends']],
  [
    'the namespaces of the node, where root on it is refused',
    guarded(ROOTLESS, shop().refuse(MUTATING_POLICIES)),
    'depends yes',
    ['pod-create depends yes'],
  ],
  [
    'an account that can in one namespace, and hardly in another',
    inside(shop('restricted').namespace('ci').refuse(MUTATING_POLICIES), TOKENS)
      .clusterRole('pods', [CREATE])
      .binding('shop', 'd', 'ClusterRole/pods', DEPLOYER)
      .binding('ci', 'd', 'ClusterRole/pods', DEPLOYER),
    'depends yes',
    ['sa-token-request depends yes'],
  ],
  [
    'the account that is likely to, not the first',
    inside(shop('restricted').namespace('ci').refuse(MUTATING_POLICIES), TOKENS)
      .clusterRole('pods', [CREATE])
      .binding('shop', 'd', 'ClusterRole/pods', account('shop', 'weak'))
      .binding('ci', 'd', 'ClusterRole/pods', DEPLOYER),
    'depends yes',
    ['sa-token-request depends yes'],
  ],
];

const around: readonly Trap[] = [
  [
    'relabel the namespace',
    RESTRICTED(shop('restricted'), allow('patch', 'namespaces')),
    'yes',
    ['pod-create no', 'psa-relax-namespace yes'],
  ],
  [
    'relabel by a subresource',
    RESTRICTED(shop('restricted'), allow('update', 'namespaces/finalize')),
    'yes',
    ['pod-create no', 'psa-relax-namespace yes'],
  ],
  [
    'finalize is updated, never patched',
    RESTRICTED(shop('restricted'), allow('patch', 'namespaces/finalize')),
    'no',
    ['pod-create no'],
  ],
  [
    'relabel another',
    RESTRICTED(shop('restricted'), allow('patch', 'namespaces', { names: ['ci'] })),
    'no',
    ['pod-create no'],
  ],
  ['relabel without pods', inside(shop('restricted'), allow('patch', 'namespaces')), 'no', []],
  [
    'relabel where a webhook may refuse that',
    put(
      RESTRICTED(shop('restricted'), allow('patch', 'namespaces')),
      hook({ rules: [{ ...PODS, operations: ['UPDATE'], resources: ['namespaces'] }] }),
    ),
    'depends yes',
    ['pod-create no', 'psa-relax-namespace depends yes'],
  ],
  [
    'relabel by the subresource that no webhook looks at',
    put(
      RESTRICTED(shop('restricted'), allow('patch', 'namespaces namespaces/status')),
      hook({ rules: [{ ...PODS, operations: ['UPDATE'], resources: ['namespaces'] }] }),
    ),
    'yes',
    ['pod-create no', 'psa-relax-namespace yes'],
  ],
  [
    'relabel where a policy keeps the level',
    put(
      RESTRICTED(shop('restricted'), allow('patch', 'namespaces')),
      policy('keep', {
        matchConstraints: { resourceRules: [{ ...PODS, operations: ['UPDATE'], resources: ['namespaces'] }] },
        validations: [{ expression: "object.metadata.labels['pod-security.kubernetes.io/enforce'] == 'restricted'" }],
      }),
      binding('keep', 'keep'),
    ),
    'no',
    ['pod-create no'],
  ],
  [
    'out of the namespaces that a policy selects',
    RESTRICTED(tiered(), allow('patch', 'namespaces')),
    'yes',
    ['pod-create no', 'psa-relax-namespace yes'],
  ],
  [
    'relabel, then change a deployment',
    inside(
      shop('baseline').workload('deployments', 'shop', 'web'),
      allow('patch', 'deployments', APPS),
      allow('patch', 'namespaces'),
    ),
    'yes',
    ['workload-template-update no', 'psa-relax-namespace yes'],
  ],
  [
    'relabel, then another image in a pod that was let in before',
    inside(shop('baseline').pod('shop', 'web', podWith(ROOT)), allow('patch', 'pods namespaces')),
    'yes',
    ['pod-image-swap no', 'psa-relax-namespace yes'],
  ],
  [
    'relabel, then a container in a pod',
    inside(shop('baseline').pod('shop', 'web', podWith(PLAIN)), allow('patch', 'pods/ephemeralcontainers namespaces')),
    'yes',
    ['pod-ephemeral-container no', 'psa-relax-namespace yes'],
  ],
  [
    'delete the policy',
    everywhere(guarded(guard()), allow('delete', 'validatingadmissionpolicies', ADMISSION)),
    'yes',
    ['pod-create no', 'admission-weaken yes'],
  ],
  [
    'delete another policy',
    everywhere(guarded(guard()), allow('delete', 'validatingadmissionpolicies', { ...ADMISSION, names: ['x'] })),
    'no',
    ['pod-create no'],
  ],
  [
    'delete its binding',
    everywhere(
      guarded(guard()),
      allow('delete', 'validatingadmissionpolicybindings', { ...ADMISSION, names: ['tame'] }),
    ),
    'yes',
    ['pod-create no', 'admission-weaken yes'],
  ],
  [
    'policies in a RoleBinding are dead',
    inside(put(shop(), ...guard()), CREATE, allow('delete', 'validatingadmissionpolicies', ADMISSION)),
    'no',
    ['pod-create no'],
  ],
  [
    'one of two guards is not enough',
    everywhere(guarded(guard(), shop('baseline')), allow('delete', 'validatingadmissionpolicies', ADMISSION)),
    'no',
    ['pod-create no'],
  ],
  [
    'both guards are',
    everywhere(
      RESTRICTED(put(shop('baseline'), ...guard()), allow('patch', 'namespaces')),
      allow('delete', 'validatingadmissionpolicies', ADMISSION),
    ),
    'yes',
    ['pod-create no', 'psa-relax-namespace yes'],
  ],
  [
    'a hostPath volume behind a claim',
    everywhere(
      RESTRICTED(shop('restricted'), allow('create', 'persistentvolumeclaims')),
      allow('create', 'persistentvolumes'),
    ),
    'yes',
    ['pod-create no', 'pv-hostpath yes'],
  ],
  [
    'volumes in a RoleBinding are dead',
    RESTRICTED(shop('restricted'), allow('create', 'persistentvolumeclaims persistentvolumes')),
    'no',
    ['pod-create no'],
  ],
  [
    'volumes without claims',
    everywhere(RESTRICTED(shop('restricted')), allow('create', 'persistentvolumes')),
    'no',
    ['pod-create no'],
  ],
  ['a quota of no pods', guarded([quota({ pods: '0' })]), 'no', ['pod-create no']],
  [
    'that somebody may delete',
    inside(put(shop(), quota({ pods: '0' })), CREATE, allow('delete', 'resourcequotas')),
    'yes',
    ['pod-create no', 'admission-weaken yes'],
  ],
  ['a quota that wants requests', guarded([quota({ 'requests.cpu': '1' })]), 'yes', ['pod-create yes']],
  [
    'a namespace that is being deleted',
    inside(cluster().with('namespaces', { namespace: null, name: 'shop', labels: {}, deleting: true }), CREATE),
    'no',
    ['pod-create no'],
  ],
  [
    'a namespace of its own',
    everywhere(shop('restricted'), CREATE, allow('create', 'namespaces')),
    'yes',
    ['pod-create no', 'namespace-create yes'],
  ],
  [
    'a namespace of its own, but no pods in it',
    everywhere(RESTRICTED(shop('restricted')), allow('create', 'namespaces')),
    'no',
    ['pod-create no'],
  ],
  [
    'a namespace of its own, if a webhook lets it',
    put(
      everywhere(shop('restricted'), CREATE, allow('create', 'namespaces')),
      hook({ rules: [{ ...PODS, resources: ['namespaces'] }] }),
    ),
    'depends yes',
    ['pod-create no', 'namespace-create depends yes'],
  ],
  [
    'binding its pods',
    inside(shop(), CREATE, allow('create', 'pods/binding')),
    'yes',
    ['pod-create yes', 'pod-binding yes'],
  ],
  ['binding without pods', inside(shop(), allow('create', 'pods/binding')), 'no', []],
];

const toCome = (): ClusterBuilder => shop('baseline').pod('shop', 'web', podWith(ROOT, TO_COME));
const running = (): ClusterBuilder => shop('baseline').node('n1').pod('shop', 'web', podWith(ROOT));
const kubelet: readonly Trap[] = [
  ['create nodes/proxy', everywhere(running(), allow('create', 'nodes/proxy')), 'yes', ['node-proxy-kubelet yes']],
  [
    'get nodes/proxy needs the port of the kubelet',
    everywhere(running(), allow('get', 'nodes/proxy')),
    'depends yes',
    ['node-proxy-kubelet depends yes'],
  ],
  ['both are told once', everywhere(running(), allow('get create', 'nodes/proxy')), 'yes', ['node-proxy-kubelet yes']],
  ['in a RoleBinding it is dead', inside(running(), allow('create', 'nodes/proxy')), 'no', []],
  [
    'on another node',
    everywhere(running(), allow('create', 'nodes/proxy', { names: ['n2'] })),
    'no',
    ['node-proxy-kubelet no'],
  ],
  [
    'of pods that have nothing',
    everywhere(shop().pod('shop', 'web', podWith(PLAIN)), allow('create', 'nodes/proxy')),
    'no',
    ['node-proxy-kubelet no'],
  ],
  [
    'of a pod of a manifest, wherever it will run',
    everywhere(toCome(), allow('create', 'nodes/proxy')),
    'yes',
    ['node-proxy-kubelet yes'],
  ],
  [
    'of which some nodes may be the one',
    everywhere(toCome(), allow('create', 'nodes/proxy', { names: ['n2'] })),
    'depends',
    ['node-proxy-kubelet depends'],
  ],
  [
    'of which the kubelet has to be reached for get',
    everywhere(toCome(), allow('get', 'nodes/proxy')),
    'depends yes',
    ['node-proxy-kubelet depends yes'],
  ],
  [
    'of which one that is there is sure',
    everywhere(toCome().pod('shop', 'api', podWith(ROOT)), allow('create', 'nodes/proxy', { names: ['n1'] })),
    'yes',
    ['node-proxy-kubelet yes'],
  ],
  [
    'of pods that could not be listed',
    everywhere(shop().refuse(whole(list('pods'))), allow('create', 'nodes/proxy')),
    'depends yes',
    ['node-proxy-kubelet depends yes'],
  ],
  [
    'a policy on CONNECT refuses',
    put(
      everywhere(running(), allow('create', 'nodes/proxy')),
      policy('c', {
        matchConstraints: { resourceRules: [{ ...PODS, operations: ['CONNECT'], resources: ['nodes/proxy'] }] },
        validations: [{ expression: 'false' }],
      }),
      binding('c', 'c'),
    ),
    'no',
    [],
  ],
  [
    'a webhook on CONNECT may refuse',
    put(
      everywhere(running(), allow('create', 'nodes/proxy')),
      hook({ rules: [{ ...PODS, operations: ['CONNECT'], resources: ['nodes/proxy'] }] }),
    ),
    'depends yes',
    ['node-proxy-kubelet depends yes'],
  ],
];

export const NAMESPACES = list('namespaces');
/** The context is in a namespace that may be read, if not listed. */
export const known = (): ClusterBuilder => cluster({ namespace: 'shop' }).namespace('shop', enforce('restricted'));
const PATCH_PODS = allow('patch', 'pods');
const KUBELETS = allow('create', 'nodes/proxy');
const ALL_PODS = whole(list('pods'));
const WEBHOOKS = 'MutatingWebhookConfiguration.admissionregistration.k8s.io';
const volume = (path: string | null): PersistentVolume => ({
  ...{
    namespace: null,
    name: 'pv',
    source: path === null ? 'csi' : 'hostPath',
    path,
    type: '',
    block: false,
    claim: null,
  },
});
const OPEN_KUBELET: [verdict: string, ways: readonly string[]] = ['depends yes', ['node-proxy-kubelet depends yes']];

const unseen: readonly Trap[] = [
  [
    'roles, and one that she is bound to',
    inside(shop().refuse(list('roles')), CREATE).refuse(list('roles')),
    'yes',
    ['pod-create yes'],
  ],
  [
    'the role that she is bound to',
    shop().refuse(list('roles')).binding('shop', 'b', 'Role/r', jane),
    'depends',
    ['pod-create depends'],
  ],
  ['rolebindings', shop().refuse(list('rolebindings')), 'depends', []],
  ['clusterrolebindings', shop().refuse(list('clusterrolebindings')), 'depends', []],
  [
    'namespaces, and she may create pods in all of them',
    everywhere(known().refuse(NAMESPACES), CREATE),
    'depends',
    ['pod-create no'],
  ],
  [
    'namespaces, and she may create pods in one that is known',
    inside(known().refuse(NAMESPACES), CREATE),
    'no',
    ['pod-create no'],
  ],
  ['the labels of the namespace', inside(cluster().refuse(NAMESPACES), CREATE), 'depends', ['pod-create depends']],
  [
    'a namespace that nobody understands',
    everywhere(cluster().odd('namespaces', 'shop'), CREATE),
    'depends',
    ['pod-create depends'],
  ],
  [
    'a pod that nobody understands',
    inside(shop().odd('pods', 'shop/web'), PATCH_PODS),
    'depends',
    ['pod-image-swap depends'],
  ],
  [
    'a pod of another namespace that nobody understands',
    inside(shop().pod('shop', 'web', podWith(PLAIN)).odd('pods', 'ci/web'), PATCH_PODS),
    'no',
    ['pod-image-swap no'],
  ],
  [
    'a pod whose spec has another shape',
    inside(shop().pod('shop', 'web', podWith({ containers: 5 })), PATCH_PODS),
    'depends',
    ['pod-image-swap depends'],
  ],
  [
    'pods, of which one may have a claim of a volume of the node',
    inside(shop('baseline').with('persistentvolumes', volume('/')).refuse(list('pods')).refuse(ALL_PODS), PATCH_PODS),
    'depends',
    ['pod-image-swap depends'],
  ],
  [
    'pods, of which none has a claim of a volume of the node',
    inside(shop('baseline').with('persistentvolumes', volume(null)).refuse(list('pods')).refuse(ALL_PODS), PATCH_PODS),
    'no',
    ['pod-image-swap no'],
  ],
  [
    'pods, and what volumes there are',
    inside(shop('baseline').refuse(list('persistentvolumes')).refuse(list('pods')).refuse(ALL_PODS), PATCH_PODS),
    'depends',
    ['pod-image-swap depends'],
  ],
  [
    'pods of the kubelets',
    everywhere(shop().pod('shop', 'web', podWith(PLAIN)).refuse(ALL_PODS).refuse(list('pods')), KUBELETS),
    ...OPEN_KUBELET,
  ],
  [
    'a pod of the kubelets that nobody understands',
    everywhere(shop().odd('pods', 'shop/web'), KUBELETS),
    ...OPEN_KUBELET,
  ],
  [
    'a pod of the kubelets of another shape',
    everywhere(shop().pod('shop', 'web', podWith({ containers: 5 })), KUBELETS),
    ...OPEN_KUBELET,
  ],
  [
    'pods of the kubelets, of which one has the node for sure',
    everywhere(shop().pod('shop', 'web', podWith(ROOT)).odd('pods', 'shop/api'), KUBELETS),
    'yes',
    ['node-proxy-kubelet yes'],
  ],
  [
    'pods of the kubelets, and what admission says to the connection',
    everywhere(
      shop()
        .pod('shop', 'web', podWith(PLAIN))
        .odd('pods', 'shop/api')
        .refuse(list('ValidatingWebhookConfiguration.admissionregistration.k8s.io')),
      KUBELETS,
    ),
    ...OPEN_KUBELET,
  ],
  [
    'whether there are webhooks to be changed',
    everywhere(shop().refuse(list(WEBHOOKS)), allow('update', 'mutatingwebhookconfigurations', ADMISSION)),
    'depends',
    ['admission-webhook-mutate depends'],
  ],
  [
    'that there are no webhooks to be changed',
    everywhere(shop(), allow('update', 'mutatingwebhookconfigurations', ADMISSION)),
    'no',
    [],
  ],
  [
    'the role of an account that she may become',
    inside(shop().refuse(list('clusterroles')), allow('create', 'serviceaccounts/token')).binding(
      'shop',
      'd',
      'ClusterRole/d',
      DEPLOYER,
    ),
    'depends',
    ['sa-token-request depends'],
  ],
  [
    'what admission says to an account that she may become',
    inside(shop('restricted').refuse(list('ResourceQuota.', 'ci')).refuse(list('ResourceQuota.')), CREATE)
      .namespace('ci')
      .role('ci', 'd', [CREATE])
      .binding('ci', 'd', 'Role/d', account('ci', 'deployer'))
      .role('ci', 't', [allow('impersonate', 'serviceaccounts')])
      .binding('ci', 't', 'Role/t', jane),
    'depends yes',
    ['pod-create no', 'impersonate-sa depends yes'],
  ],
];

const TWO_REASONS = [
  ...TAME,
  { expression: "object.spec.?securityContext.?seLinuxOptions.?level.orValue('') == 's0:c1,c2'" },
];
const byName = { matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } } };
const both = (...objects: readonly Raw[]): ClusterBuilder =>
  everywhere(put(shop().namespace('ci'), ...objects), CREATE);
const SPLIT = ['pod-create no', 'pod-create yes'];

const onUpdate = (expression: string): Raw[] => [
  policy('p', {
    matchConstraints: {
      resourceRules: [{ ...PODS, apiGroups: ['apps'], operations: ['UPDATE'], resources: ['deployments'] }],
    },
    validations: [{ expression }],
  }),
  binding('p', 'p'),
];
const changing = (expression: string): ClusterBuilder =>
  inside(
    put(shop().workload('deployments', 'shop', 'web'), ...onUpdate(expression)),
    allow('patch', 'deployments', APPS),
  );

const told: readonly Trap[] = [
  [
    'a policy that keeps the template',
    changing('object.spec.template == oldObject.spec.template'),
    'depends',
    ['workload-template-update depends'],
  ],
  [
    'a policy that keeps the name',
    changing('object.metadata.name == oldObject.metadata.name'),
    'yes',
    ['workload-template-update yes'],
  ],

  [
    'a policy that forgot the namespaces of the host',
    guarded(guard({ validations: TAME.slice(1) })),
    'yes',
    ['pod-create yes'],
  ],
  ['a policy with another reason besides', guarded(guard({ validations: TWO_REASONS })), 'no', ['pod-create no']],
  [
    'a policy that lets pass what the author writes elsewhere',
    guarded(
      only(
        `object.spec.?hostname.orValue('').endsWith('x') || (${TAME.map(({ expression }) => expression).join(' && ')})`,
      ),
    ),
    'depends',
    ['pod-create depends'],
  ],
  [
    'of two namespaces one is being deleted',
    everywhere(
      cluster().with('namespaces', { namespace: null, name: 'shop', labels: {}, deleting: true }).namespace('ci'),
      CREATE,
    ),
    'yes',
    SPLIT,
  ],
  ['of two namespaces one has a quota of no pods', both(quota({ pods: '0' })), 'yes', SPLIT],
  ['of two namespaces one is guarded by its name', both(...guard({}, byName)), 'yes', SPLIT],
  ['of two namespaces a policy names one', both(...only("request.namespace != 'shop'")), 'yes', SPLIT],
];

export const TRAPS: Readonly<Record<string, readonly Trap[]>> = {
  rights,
  workloads,
  'what is there already': existing,
  policies,
  'webhooks and mutation': webhookTraps,
  'ways around': around,
  'the likelier way': likelier,
  'the kubelet': kubelet,
  'what is told apart': told,
  'what could not be seen is never a no': unseen,
};
