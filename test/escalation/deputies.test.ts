import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closureOf } from '../../src/escalation/closure.ts';
import type { Reached } from '../../src/escalation/derivation.ts';
import { accountPosition, identityPosition, keyOfPosition, type Position } from '../../src/escalation/position.ts';
import { type Deputy, nameOf } from '../../src/escalation/techniques/deputies/deputy.ts';
import { DEPUTIES } from '../../src/escalation/techniques/deputies/table.ts';
import { TECHNIQUES } from '../../src/escalation/techniques/index.ts';
import { rbacOf } from '../../src/rbac/rbac-of.ts';
import { scopeOf } from '../../src/spawn/scope.ts';
import { groupKind } from '../../src/world/kinds.ts';
import { list, listOf, whole } from '../../src/world/needs.ts';
import type { Manifest, Rule } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import { reduceCustomResource } from '../../src/world/reduce/others.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';
import type { World } from '../../src/world/world.ts';
import { account, allow, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';

/** Where everything is restricted, so that no pod reaches a node, and jane has nothing but what a row gives her. */
const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };

const base = (facts = {}): ClusterBuilder =>
  cluster(facts)
    .namespace('shop', RESTRICTED)
    .namespace('system', RESTRICTED)
    .account('shop', 'web')
    .account('system', 'controller')
    .node('n1')
    .clusterRole('everything', [allow('*', '*', { groups: ['*'] })]);

/** A definition as the API has it; `spec` is the schema of its specification. */
const definition = (
  { group: apiGroup, resource }: Pick<Deputy, 'group' | 'resource'>,
  { clusterScoped = false, spec = {} }: { clusterScoped?: boolean | undefined; spec?: Raw } = {},
) =>
  reduceCustomResource({
    metadata: { name: `${resource}.${apiGroup}` },
    spec: {
      group: apiGroup,
      scope: clusterScoped ? 'Cluster' : 'Namespaced',
      names: { plural: resource, singular: resource, kind: `Kind-${resource}` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { properties: { spec } } } }],
    },
  });

const objectOf = (each: Pick<Deputy, 'group' | 'resource'>, namespace: string | null, name: string, raw: Raw = {}) => {
  const kind = `Kind-${each.resource}`;
  const object: Manifest = { group: each.group, version: 'v1', kind, namespace, name, raw };
  return [groupKind({ group: each.group, kind }), object] as const;
};

interface PodOf {
  namespace?: string;
  serviceAccount?: string;
  image: string;
  name?: string;
  args?: string[];
}

/** A pod that runs a controller. */
const controllerPod = ({
  namespace = 'system',
  serviceAccount = 'controller',
  image,
  name = 'controller',
  args,
}: PodOf) =>
  reducePod(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name: `${name}-0`, labels: { 'app.kubernetes.io/name': name } },
      spec: {
        ...{ nodeName: 'n1', serviceAccountName: serviceAccount, automountServiceAccountToken: false },
        containers: [{ name, image, ...(args ? { args } : {}) }],
      },
      status: { phase: 'Running' },
    },
    true,
  );

const everything = (builder: ClusterBuilder): ClusterBuilder =>
  builder.clusterBinding('controller', 'ClusterRole/everything', account('system', 'controller'));

const mayDo = (builder: ClusterBuilder, name: string, ...rules: Rule[]): ClusterBuilder =>
  builder.clusterRole(name, rules).clusterBinding(name, `ClusterRole/${name}`, account('system', 'controller'));

const jane = (builder: ClusterBuilder, ...rules: Rule[]): ClusterBuilder =>
  builder.clusterRole('jane', rules).clusterBinding('jane', 'ClusterRole/jane', user('jane'));

const janeIn = (builder: ClusterBuilder, namespace: string, ...rules: Rule[]): ClusterBuilder =>
  builder.role(namespace, 'jane', rules).binding(namespace, 'jane', 'Role/jane', user('jane'));

const writes = ({ group: apiGroup, resource }: Pick<Deputy, 'group' | 'resource'>, verbs = 'create'): Rule =>
  allow(verbs, resource, { groups: [apiGroup] });

function reachedFrom(world: World, start: Position = identityPosition(user('jane'))): ReadonlyMap<string, Reached> {
  const scope = scopeOf(
    world,
    rbacOf(world),
    world.list('namespaces').map(({ name }) => name),
  );
  return closureOf([start], TECHNIQUES, scope, { goals: [accountPosition('none', 'none')] }).reached;
}

type Truth = 'yes' | 'depends' | 'no';
const truthOf = (reached: ReadonlyMap<string, Reached>, key: string): Truth => {
  const found = reached.get(key);
  return found ? (found.cost.isOpen ? 'depends' : 'yes') : 'no';
};

const CLUSTER = keyOfPosition({ kind: 'cluster' });
const WEB = keyOfPosition(accountPosition('shop', 'web'));
const CONTROLLER = keyOfPosition(accountPosition('system', 'controller'));
const SHOP = keyOfPosition({ kind: 'spawn', namespace: 'shop' });
const SYSTEM = keyOfPosition({ kind: 'spawn', namespace: 'system' });
const NODE = keyOfPosition({ kind: 'node', name: null });
const N1 = keyOfPosition({ kind: 'node', name: 'n1' });
const SECRETS = keyOfPosition({ kind: 'secret', namespace: null, name: null });
const POD = keyOfPosition({ kind: 'pod', namespace: 'system', name: 'controller-0' });

/** What each effect gives at least where the controller may do everything. */
const GIVES: { readonly [kind in Deputy['effect']['kind']]: readonly [key: string, truth: Truth] } = {
  pods: [SHOP, 'yes'],
  'own pods': [SYSTEM, 'yes'],
  manifests: [CONTROLLER, 'yes'],
  grants: [CLUSTER, 'yes'],
  tokens: [WEB, 'yes'],
  exec: [POD, 'yes'],
  secrets: [SECRETS, 'depends'],
  mutates: [CLUSTER, 'depends'],
  certificates: [CLUSTER, 'depends'],
  nodes: [NODE, 'depends'],
  nothing: [CLUSTER, 'no'],
};

const tagOf = ({ releases }: Deputy): string => (releases ? `:v${releases.since.join('.')}` : '');

/** A cluster in which a row has all that it takes; `without` leaves a part of it out. */
function worldOf(row: Deputy, without?: 'right' | 'definition' | 'pod' | 'image' | 'watch' | 'also'): World {
  const { controller, also, limits, verbs = ['create'], clusterScoped, effect } = row;
  let builder = base();
  if (without !== 'definition') builder = builder.with('customresourcedefinitions', definition(row, { clusterScoped }));
  const image =
    without === 'image' ? 'example.org/another:v1' : `example.org/${controller.images[0] ?? 'none'}${tagOf(row)}`;
  const name = controller.names[0] ?? 'controller';
  if (without !== 'pod') builder = builder.with('pods', { ...controllerPod({ image, name }), name: 'controller-0' });
  builder = without === 'watch' ? builder : everything(builder);
  const extra = [...(also && without !== 'also' ? also.any.slice(0, 1) : []), ...(limits ? [limits] : [])];
  const rules = [...(without === 'right' ? [] : [writes(row, verbs[0])]), ...extra.map((each) => writes(each))];
  // To manifests of a limited kind the closure adds what follows from those.
  const follow = effect.kind === 'manifests' && effect.only?.includes('applications');
  if (follow) return builder.world();
  const world = jane(builder, ...rules).world();
  const [kind, object] = objectOf(row, clusterScoped ? null : 'shop', 'there');
  world.add({ ...list(kind), kind }, { read: true }, [object]);
  return world;
}

const isChained = ({ effect }: Deputy): boolean =>
  effect.kind === 'manifests' && effect.only?.includes('applications') === true;
const isDecided = ({ also }: Deputy): boolean => !also || also.any.length > 0;

for (const row of DEPUTIES.filter((each) => !isChained(each))) {
  const [key, truth] = GIVES[row.effect.kind];
  const wanted = isDecided(row) ? truth : 'depends';
  const name = `${nameOf(row)} (${row.effect.kind})`;
  test(`${name}: ${wanted}`, () => {
    assert.equal(truthOf(reachedFrom(worldOf(row)), key), wanted);
  });
  test(`${name}: not without the right`, () => {
    assert.equal(truthOf(reachedFrom(worldOf(row, 'right')), key), 'no');
  });
  if (row.effect.kind === 'nothing') continue;
  test(`${name}: not where the server does not have it`, () => {
    assert.equal(truthOf(reachedFrom(worldOf(row, 'definition')), key), 'no');
  });
  test(`${name}: what no controller is seen for depends on it`, () => {
    const expected = row.effect.kind === 'pods' ? SHOP : row.effect.kind === 'exec' ? POD : null;
    for (const without of ['watch', 'pod'] as const) {
      const reached = reachedFrom(worldOf(row, without));
      const found = [...reached.values()].filter(({ by }) => by?.technique.includes('deput'));
      if (expected === POD && without === 'pod') continue;
      assert.ok(found.length > 0);
      assert.ok(found.every(({ cost }) => cost.isOpen));
      if (expected !== null && without === 'watch') assert.equal(truthOf(reached, expected), 'depends');
      assert.match(
        JSON.stringify(found.flatMap(({ by }) => by?.unknowns ?? [])),
        /which account runs the controller of /,
      );
    }
  });
  test(`${name}: a pod that is only called so is not certain`, () => {
    const reached = reachedFrom(worldOf(row, 'image'));
    const found = [...reached.values()].filter(({ by }) => by?.technique.includes('deput'));
    assert.ok(found.length > 0);
    assert.ok(found.every(({ cost }) => cost.isOpen));
    const unknowns = JSON.stringify(found.flatMap(({ by }) => by?.unknowns ?? []));
    // Of two controllers of one resource the pod is called like one.
    const isOne = DEPUTIES.filter((each) => nameOf(each) === nameOf(row)).length === 1;
    assert.match(unknowns, isOne ? /whether pod system.controller-0 runs/ : /which account runs the controller/);
  });
  if (row.also && row.also.any.length > 0)
    test(`${name}: what else it takes is an unknown without a right to it`, () => {
      const reached = reachedFrom(worldOf(row, 'also'));
      assert.equal(truthOf(reached, key), 'depends');
    });
}

const KUSTOMIZATIONS = { group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations' };
const SOURCES = { group: 'source.toolkit.fluxcd.io', resource: 'gitrepositories' };
const APPLICATIONS = { group: 'argoproj.io', resource: 'applications' };
const SETS = { group: 'argoproj.io', resource: 'applicationsets' };
const PROJECTS = { group: 'argoproj.io', resource: 'appprojects' };
const TASKRUNS = { group: 'tekton.dev', resource: 'taskruns' };
const TEKTON = 'gcr.io/tekton-releases/github.com/tektoncd/pipeline/cmd/controller:v1.0.0@sha256:0123';
const POLICIES = { group: 'policies.kyverno.io', resource: 'namespacedmutatingpolicies' };
const CHARTS = { group: 'helm.cattle.io', resource: 'helmcharts' };
const STORES = { group: 'external-secrets.io', resource: 'secretstores' };
const BACKUPS = { group: 'velero.io', resource: 'backups' };
const FLUX_IMAGE = 'ghcr.io/fluxcd/kustomize-controller:v1.5.1';

const served = (builder: ClusterBuilder, ...all: Pick<Deputy, 'group' | 'resource'>[]): ClusterBuilder =>
  builder.with('customresourcedefinitions', ...all.map((each) => definition(each)));

const tekton = (...rules: Rule[]): ClusterBuilder =>
  mayDo(
    served(base(), TASKRUNS).with('pods', controllerPod({ image: TEKTON, name: 'tekton-pipelines-controller' })),
    'tekton',
    allow('get list watch', 'taskruns', { groups: ['tekton.dev'] }),
    ...rules,
  );

const flux = (args: string[]): ClusterBuilder =>
  everything(
    served(base(), KUSTOMIZATIONS, SOURCES).with(
      'pods',
      controllerPod({ image: FLUX_IMAGE, name: 'kustomize-controller', args }),
    ),
  );

const argo = (image = 'quay.io/argoproj/argocd:v2.14.3', name = 'argocd-application-controller'): ClusterBuilder =>
  everything(served(base(), APPLICATIONS, PROJECTS).with('pods', controllerPod({ image, name })));

const PERMISSIVE = {
  spec: {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  },
};

/** The projects of a cluster, which were read. */
function withProjects(builder: ClusterBuilder, ...specs: Raw[]): World {
  const world = builder.world();
  const need = listOf({ ...PROJECTS, version: 'v1alpha1', kind: 'AppProject', namespaced: true, pageSize: 500 });
  const objects = specs.map(
    (raw, index): Manifest => ({
      ...{ group: 'argoproj.io', version: 'v1alpha1', kind: 'AppProject' },
      ...{ namespace: 'system', name: `p${index}`, raw },
    }),
  );
  world.add({ ...need, kind: need.kind }, { read: true }, objects);
  return world;
}

const kyverno = (tag: string): World =>
  janeIn(
    everything(
      served(base(), POLICIES).with(
        'pods',
        controllerPod({ image: `ghcr.io/kyverno/kyverno${tag}`, name: 'kyverno-admission-controller' }),
      ),
    ),
    'shop',
    writes(POLICIES),
  ).world();

const store = (...rules: Rule[]): World =>
  janeIn(
    mayDo(
      served(base(), STORES).with(
        'pods',
        controllerPod({ image: 'ghcr.io/external-secrets/external-secrets:v0.14.0', name: 'external-secrets' }),
      ),
      'store',
      allow('get list watch', 'secretstores', { groups: ['external-secrets.io'] }),
      ...rules,
    ),
    'shop',
    writes(STORES),
  ).world();

type Row = [why: string, world: () => World, wanted: Record<string, Truth>];

const rows: Row[] = [
  // The rights of the controller count, and where they count.
  [
    'a controller that may create pods everywhere runs those of the writer',
    () => janeIn(tekton(allow('create', 'pods')), 'shop', writes(TASKRUNS)).world(),
    { [SHOP]: 'yes', [WEB]: 'yes', [SYSTEM]: 'no' },
  ],
  [
    'one that may create no pods does not',
    () => janeIn(tekton(), 'shop', writes(TASKRUNS)).world(),
    { [SHOP]: 'no', [WEB]: 'no' },
  ],
  [
    'one that may create them elsewhere does not',
    () =>
      janeIn(tekton(), 'shop', writes(TASKRUNS))
        .role('system', 'own', [allow('create', 'pods')])
        .binding('system', 'own', 'Role/own', account('system', 'controller'))
        .world(),
    { [SHOP]: 'no' },
  ],
  [
    'the pods are in the namespace of the resource',
    () => janeIn(tekton(allow('create', 'pods')).namespace('dev', RESTRICTED), 'dev', writes(TASKRUNS)).world(),
    { [SHOP]: 'no', [WEB]: 'no', [keyOfPosition({ kind: 'spawn', namespace: 'dev' })]: 'yes' },
  ],
  [
    'the privileges of the pod are bounded by Pod Security',
    () => janeIn(tekton(allow('create', 'pods')), 'shop', writes(TASKRUNS)).world(),
    { [N1]: 'no' },
  ],
  [
    'and reach the node where nothing bounds them',
    () => janeIn(tekton(allow('create', 'pods')).namespace('dev'), 'dev', writes(TASKRUNS)).world(),
    { [N1]: 'yes' },
  ],
  [
    'a run that is there cannot be changed',
    () => janeIn(tekton(allow('create', 'pods')), 'shop', writes(TASKRUNS, 'update patch')).world(),
    { [SHOP]: 'no' },
  ],
  [
    'reading is no writing, and neither is its status',
    () =>
      janeIn(
        tekton(allow('create', 'pods')),
        'shop',
        writes(TASKRUNS, 'get list watch delete'),
        allow('*', 'taskruns/status', { groups: ['tekton.dev'] }),
      ).world(),
    { [SHOP]: 'no' },
  ],
  [
    'under given names it is created by server-side apply',
    () =>
      janeIn(
        tekton(allow('create', 'pods')),
        'shop',
        allow('create patch', 'taskruns', { groups: ['tekton.dev'], names: ['mine'] }),
      ).world(),
    { [SHOP]: 'yes' },
  ],
  [
    'under given names without patch it is not',
    () =>
      janeIn(
        tekton(allow('create', 'pods')),
        'shop',
        allow('create', 'taskruns', { groups: ['tekton.dev'], names: ['mine'] }),
      ).world(),
    { [SHOP]: 'no' },
  ],
  [
    'the same plural of another group is another resource',
    () =>
      janeIn(tekton(allow('create', 'pods')), 'shop', writes({ group: 'example.org', resource: 'taskruns' })).world(),
    { [SHOP]: 'no' },
  ],
  [
    'pods that could not be read hide the controller',
    () =>
      janeIn(served(base(), TASKRUNS), 'shop', writes(TASKRUNS))
        .refuse(list('pods'))
        .refuse(whole(list('pods')))
        .world(),
    { [SHOP]: 'depends' },
  ],
  // Flux: whose rights count is a flag.
  [
    'Flux writes by its own rights by default',
    () => janeIn(flux(['--log-level=info']), 'shop', writes(KUSTOMIZATIONS), writes(SOURCES)).world(),
    { [CONTROLLER]: 'yes', [CLUSTER]: 'yes' },
  ],
  [
    'with a default account it does not',
    () => janeIn(flux(['--default-service-account=default']), 'shop', writes(KUSTOMIZATIONS), writes(SOURCES)).world(),
    { [CONTROLLER]: 'no', [CLUSTER]: 'no' },
  ],
  [
    'but as any account of the namespace that the writer names',
    () =>
      janeIn(flux(['--default-service-account', 'default']), 'shop', writes(KUSTOMIZATIONS), writes(SOURCES))
        .role('shop', 'web', [allow('create', 'pods')])
        .binding('shop', 'web', 'Role/web', account('shop', 'web'))
        .world(),
    { [SHOP]: 'yes', [WEB]: 'yes', [CONTROLLER]: 'no' },
  ],
  [
    'without a right to sources one that is there may do',
    () => janeIn(flux([]), 'shop', writes(KUSTOMIZATIONS)).world(),
    { [CLUSTER]: 'depends' },
  ],
  [
    'a source alone does nothing',
    () => janeIn(flux([]), 'shop', writes(SOURCES)).world(),
    { [CLUSTER]: 'no', [CONTROLLER]: 'no' },
  ],
  [
    'a controller of few rights gives no more than these',
    () =>
      janeIn(
        mayDo(
          served(base(), KUSTOMIZATIONS, SOURCES).with(
            'pods',
            controllerPod({ image: FLUX_IMAGE, name: 'kustomize-controller', args: [] }),
          ),
          'flux',
          allow('get list watch', 'kustomizations', { groups: [KUSTOMIZATIONS.group] }),
          allow('get list watch', 'secrets'),
          allow('create', 'serviceaccounts/token pods/exec nodes/proxy'),
          allow('create', 'configmaps'),
        ),
        'shop',
        writes(KUSTOMIZATIONS),
        writes(SOURCES),
      ).world(),
    { [CONTROLLER]: 'no', [WEB]: 'no', [SECRETS]: 'no', [CLUSTER]: 'no' },
  ],
  // Argo CD: its own namespace, and projects.
  [
    'a project that permits everything',
    () => withProjects(janeIn(argo(), 'system', writes(APPLICATIONS)), PERMISSIVE),
    { [CONTROLLER]: 'yes', [CLUSTER]: 'yes' },
  ],
  [
    'projects that do not',
    () =>
      withProjects(janeIn(argo(), 'system', writes(APPLICATIONS)), {
        spec: { ...PERMISSIVE.spec, clusterResourceWhitelist: [] },
      }),
    { [CLUSTER]: 'depends' },
  ],
  [
    'a project of one that may write projects',
    () => withProjects(janeIn(argo(), 'system', writes(APPLICATIONS), writes(PROJECTS))),
    { [CLUSTER]: 'yes' },
  ],
  [
    'a project alone does nothing',
    () => withProjects(janeIn(argo(), 'system', writes(PROJECTS)), PERMISSIVE),
    { [CLUSTER]: 'no' },
  ],
  [
    'a malformed project is not open',
    () => withProjects(janeIn(argo(), 'system', writes(APPLICATIONS)), { spec: { sourceRepos: '*', destinations: 3 } }),
    { [CLUSTER]: 'depends' },
  ],
  [
    'in another namespace it depends on a flag',
    () => withProjects(janeIn(argo(), 'shop', writes(APPLICATIONS)), PERMISSIVE),
    { [CLUSTER]: 'depends' },
  ],
  [
    'which releases before 2.5 do not have',
    () => withProjects(janeIn(argo('quay.io/argoproj/argocd:v2.4.28'), 'shop', writes(APPLICATIONS)), PERMISSIVE),
    { [CLUSTER]: 'no' },
  ],
  [
    'another component of the same image is no controller',
    () => withProjects(janeIn(argo(undefined, 'argocd-server'), 'system', writes(APPLICATIONS)), PERMISSIVE),
    { [CONTROLLER]: 'depends' },
  ],
  [
    'a set makes applications, and these do the rest',
    () =>
      withProjects(
        janeIn(
          served(argo(), SETS)
            .account('system', 'sets')
            .clusterRole('sets', [
              allow('get list watch', 'applicationsets', { groups: ['argoproj.io'] }),
              allow('create', 'applications', { groups: ['argoproj.io'] }),
            ])
            .binding('system', 'sets', 'ClusterRole/sets', account('system', 'sets'))
            .with(
              'pods',
              controllerPod({
                ...{ image: 'quay.io/argoproj/argocd:v2.14.3', name: 'argocd-applicationset-controller' },
                serviceAccount: 'sets',
              }),
            ),
          'system',
          writes(SETS),
        ),
        PERMISSIVE,
      ),
    { [CLUSTER]: 'yes', [keyOfPosition(accountPosition('system', 'sets'))]: 'yes' },
  ],
  // Releases.
  ['a release with the fault', () => kyverno(':v1.18.1'), { [CLUSTER]: 'yes' }],
  ['the release that mends it', () => kyverno(':v1.18.2'), { [CLUSTER]: 'no' }],
  ['a release before the fault', () => kyverno(':v1.17.4'), { [CLUSTER]: 'no' }],
  ['an image without a release', () => kyverno('@sha256:0123'), { [CLUSTER]: 'depends' }],
  // A controller inside the server.
  [
    'k3s binds the account of a chart to cluster-admin',
    () => janeIn(served(base({ gitVersion: 'v1.37.2+k3s1' }), CHARTS), 'shop', writes(CHARTS)).world(),
    { [CLUSTER]: 'yes' },
  ],
  [
    'elsewhere somebody has to run that controller',
    () => janeIn(served(base(), CHARTS), 'shop', writes(CHARTS)).world(),
    { [CLUSTER]: 'depends' },
  ],
  [
    'which may bind what it covers or may bind',
    () =>
      janeIn(
        mayDo(
          served(base(), CHARTS).with('pods', controllerPod({ image: 'rancher/helm-controller:v0.16.0' })),
          'charts',
          allow('get list watch', 'helmcharts', { groups: [CHARTS.group] }),
          allow('create', 'clusterrolebindings', { groups: ['rbac.authorization.k8s.io'] }),
          allow('bind', 'clusterroles', { groups: ['rbac.authorization.k8s.io'], names: ['cluster-admin'] }),
        ),
        'shop',
        writes(CHARTS),
      ).world(),
    { [CLUSTER]: 'yes' },
  ],
  [
    'and nothing else',
    () =>
      janeIn(
        mayDo(
          served(base(), CHARTS).with('pods', controllerPod({ image: 'rancher/helm-controller:v0.16.0' })),
          'charts',
          allow('get list watch', 'helmcharts', { groups: [CHARTS.group] }),
          allow('create', 'clusterrolebindings', { groups: ['rbac.authorization.k8s.io'] }),
        ),
        'shop',
        writes(CHARTS),
      ).world(),
    { [CLUSTER]: 'no' },
  ],
  // Tokens.
  [
    'a store sends the token of an account to where it says',
    () => store(allow('create', 'serviceaccounts/token')),
    { [WEB]: 'yes', [CONTROLLER]: 'no' },
  ],
  ['not of one whose token it may not request', () => store(), { [WEB]: 'no' }],
  // Commands in pods.
  [
    'a backup runs commands in the pods that its server may enter',
    () =>
      janeIn(
        everything(
          served(base(), BACKUPS).with('pods', controllerPod({ image: 'velero/velero:v1.18.1', name: 'velero' })),
        ),
        'system',
        writes(BACKUPS),
      ).world(),
    { [keyOfPosition({ kind: 'pod', namespace: 'system', name: 'velero-0' })]: 'yes' },
  ],
  [
    'and none that is not in the namespace of the server',
    () =>
      janeIn(
        everything(
          served(base(), BACKUPS).with('pods', controllerPod({ image: 'velero/velero:v1.18.1', name: 'velero' })),
        ),
        'shop',
        writes(BACKUPS),
      ).world(),
    { [keyOfPosition({ kind: 'pod', namespace: 'system', name: 'velero-0' })]: 'no' },
  ],
  // Groups of accounts.
  [
    'the right of the controller may be that of a group',
    () =>
      janeIn(
        served(base(), TASKRUNS)
          .with('pods', controllerPod({ image: TEKTON, name: 'tekton-pipelines-controller' }))
          .clusterRole('group', [
            allow('get list watch', 'taskruns', { groups: ['tekton.dev'] }),
            allow('create', 'pods'),
          ])
          .clusterBinding('group', 'ClusterRole/group', group('system:serviceaccounts:system')),
        'shop',
        writes(TASKRUNS),
      ).world(),
    { [SHOP]: 'yes' },
  ],
];

for (const [why, world, wanted] of rows)
  test(`deputies: ${why}`, () => {
    const reached = reachedFrom(world());
    for (const [key, truth] of Object.entries(wanted)) assert.equal(truthOf(reached, key), truth, key);
  });

const POD_SPEC: Raw = {
  properties: {
    template: {
      properties: {
        spec: {
          properties: {
            containers: { type: 'array', items: { type: 'object' } },
            serviceAccountName: { type: 'string' },
          },
        },
      },
    },
  },
};
const WIDGETS = { group: 'example.org', resource: 'widgets' };

const widgets = (spec: Raw, ...rules: Rule[]): ClusterBuilder =>
  mayDo(
    base()
      .with('customresourcedefinitions', definition(WIDGETS, { spec }))
      .with('pods', controllerPod({ image: 'example.org/widget-operator:v1' })),
    'widgets',
    allow('get list watch', 'widgets', { groups: ['example.org'] }),
    ...rules,
  );

test('a definition that embeds a PodSpec is an unknown with its evidence', () => {
  const world = janeIn(widgets(POD_SPEC, allow('create', 'pods')), 'shop', writes(WIDGETS)).world();
  const found = reachedFrom(world).get(SHOP);
  assert.equal(found?.cost.isOpen, true);
  const [unknown] = found?.by?.unknowns ?? [];
  assert.equal(unknown?.kind, 'unmodelled');
  assert.match(
    unknown?.what ?? '',
    /^whether ServiceAccount system\/controller runs pods as widgets.example.org says$/,
  );
  assert.match(unknown?.why ?? '', /embeds a PodSpec at spec.template.spec, and pod system\/controller-0/);
  assert.equal(found?.by?.leaning, 'yes');
});

const embedded: [why: string, world: () => World, wanted: Truth][] = [
  ['not without a right to write it', () => widgets(POD_SPEC, allow('create', 'pods')).world(), 'no'],
  [
    'not where it embeds none',
    () => janeIn(widgets({}, allow('create', 'pods')), 'shop', writes(WIDGETS)).world(),
    'no',
  ],
  [
    'not where nobody who may watch it may make pods',
    () => janeIn(widgets(POD_SPEC), 'shop', writes(WIDGETS)).world(),
    'no',
  ],
  [
    'workloads are pods too',
    () => janeIn(widgets(POD_SPEC, allow('create', 'jobs', { groups: ['batch'] })), 'shop', writes(WIDGETS)).world(),
    'depends',
  ],
  [
    'an operator that may do everything may be the one',
    () =>
      janeIn(
        everything(
          base()
            .with('customresourcedefinitions', definition(WIDGETS, { spec: POD_SPEC }))
            .with('pods', controllerPod({ image: 'example.org/widget-operator:v1' })),
        ),
        'shop',
        writes(WIDGETS),
      ).world(),
    'depends',
  ],
  [
    'a resource that the table says leads nowhere stays so',
    () =>
      janeIn(
        everything(
          base()
            .with(
              'customresourcedefinitions',
              definition({ group: 'serving.knative.dev', resource: 'revisions' }, { spec: POD_SPEC }),
            )
            .with('pods', controllerPod({ image: 'example.org/operator:v1' })),
        ),
        'shop',
        writes({ group: 'serving.knative.dev', resource: 'revisions' }),
      ).world(),
    'no',
  ],
];
for (const [why, world, wanted] of embedded)
  test(`an embedded PodSpec: ${why}`, () => {
    assert.equal(truthOf(reachedFrom(world()), SHOP), wanted);
  });

test('every row has an effect, a controller to look for and a reference', () => {
  for (const { effect, controller, references, group: apiGroup } of DEPUTIES) {
    if (effect.kind === 'nothing') assert.notEqual(effect.because, '');
    else {
      assert.ok(controller.images.length > 0 && controller.names.length > 0 && references.length > 0, apiGroup);
    }
  }
});
