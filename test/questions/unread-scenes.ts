import type { Answer } from '../../src/answer/answer.ts';
import type { FileSource } from '../../src/cluster/input/file-source.ts';
import type { ManifestLoader } from '../../src/cluster/input/manifests.ts';
import type { ask } from '../../src/questions/ask.ts';
import { contextOf } from '../../src/questions/context.ts';
import type { OpenRight, unreadRights } from '../../src/questions/holders/unread-rights.ts';
import type { exec, who } from '../../src/questions/index.ts';
import type { privileged } from '../../src/questions/privileged/privileged.ts';
import { ALL_KINDS } from '../../src/world/kinds.ts';
import { get, list } from '../../src/world/needs.ts';
import type { Subject } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import type { World } from '../../src/world/world.ts';
import { allow, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { answer, OPTIONS, objects, right } from '../helpers/question.ts';
import { enforce } from './privileged-worlds.ts';

/** What answers, as the program has it or with a mistake in it. */
export interface Engine {
  who: typeof who;
  exec: typeof exec;
  privileged: typeof privileged;
  unreadRights: typeof unreadRights;
  ask: typeof ask;
  World: typeof World;
  FileSource: typeof FileSource;
  ManifestLoader: typeof ManifestLoader;
}

/** What was not read, and what is said of that: the verdict, who has it and who may, where, and what was not read. */
export interface Row {
  why: string;
  said: (engine: Engine) => string | Promise<string>;
  expected: string;
}

const jane = user('jane');
const CREATE = allow('create', 'pods');
const APPS = { groups: ['apps'] };

type Asking = (engine: Engine, world: World) => Answer;
const whoCan =
  (what: string, namespace: string | null, subject: Subject | null = null): Asking =>
  ({ who }, world) =>
    answer(who, right(what, namespace), world, { subject });
const intoPod: Asking = ({ exec }, world) => answer(exec, objects('dev', 'web'), world);
const everybody =
  (namespace: string | null): Asking =>
  ({ privileged }, world) =>
    answer(privileged, { subjects: [], pods: null, namespace }, world);
const one =
  (subject: Subject): Asking =>
  ({ privileged }, world) =>
    answer(privileged, { subjects: [subject], pods: null, namespace: null }, world);

/** The same world, as the engine's own. */
function retold(world: World, engine: Engine): World {
  const copy = new engine.World(world.facts);
  for (const { need, outcome } of world.outcomes()) copy.add(need, outcome);
  for (const kind of ALL_KINDS) {
    copy.put(kind, world.list(kind) as never);
    for (const { unknown, labels } of world.oddObjects(kind))
      copy.addMalformed(kind, unknown.what, unknown.why, labels);
  }
  return copy;
}

function inWords({ verdict, leaning, findings, unknowns }: Answer): string {
  const rows = findings.flatMap((each) =>
    each.accepted || each.subject.name === 'system:masters'
      ? []
      : [
          `${each.subject.name} ${each.verdict}${each.leaning ? ` ${each.leaning}` : ''}${each.scope.namespace === null ? '' : ` in ${each.scope.namespace}`}`,
        ],
  );
  const unread = unknowns.flatMap(({ kind, what }) => (kind === 'unreadable' ? [what] : []));
  return [
    `${verdict}${leaning ? ` ${leaning}` : ''}`,
    [...new Set(rows)].sort().join(', '),
    [...new Set(unread)].sort().join(', '),
  ].join('; ');
}

const scene = (why: string, asking: Asking, builder: ClusterBuilder, expected: string): Row => ({
  why,
  said: (engine) => inWords(asking(engine, retold(builder.world(), engine))),
  expected,
});

/** Of a file with these objects, as kubectl or somebody has written them. */
const file = (why: string, what: string, all: readonly Raw[], expected: string): Row => ({
  why,
  said: async (engine) => {
    const loader = new engine.ManifestLoader({
      complete: true,
      serverVersion: { major: 1, minor: 37 },
      namespace: null,
      whole: false,
      readAt: '',
    });
    for (const [index, value] of all.entries()) loader.add({ type: 'object', value, line: index + 1 }, 'file.yaml');
    const { asked } = await engine.ask(
      engine.who,
      right(what, 'dev'),
      new engine.FileSource(loader.end(), { complete: true }),
      {
        ...OPTIONS,
        accepts: isBuiltIn,
      },
    );
    return asked[0] ? inWords(asked[0].answer) : 'nothing';
  },
  expected,
});

const isBuiltIn = ({ namespace, name }: { namespace: string | null; name: string }): boolean =>
  namespace === 'kube-system' || name.startsWith('system:');

const story = (): ClusterBuilder => cluster().namespace('dev').namespace('ci').pod('dev', 'web');
const CLUSTER_ROLES = [list('clusterroles'), get('clusterroles', null, 'c')];
const ROLES = [list('roles'), list('roles', 'dev'), get('roles', 'dev', 'r')];
const refusing = (needs: readonly Parameters<ClusterBuilder['refuse']>[0][], builder = story()): ClusterBuilder =>
  needs.reduce<ClusterBuilder>((made, need) => made.refuse(need), builder);

const byClusterRole = (builder: ClusterBuilder): ClusterBuilder => builder.clusterBinding('c', 'ClusterRole/c', jane);
const inDev = (builder: ClusterBuilder, role = 'ClusterRole/c'): ClusterBuilder =>
  builder.binding('dev', 'b', role, jane);
const PERHAPS = 'depends; jane depends; ClusterRole c';
const PERHAPS_IN_DEV = 'depends; jane depends in dev; ClusterRole c';

const roles: readonly Row[] = [
  scene('all is read', whoCan('create pods', 'dev'), byClusterRole(story().clusterRole('c', [])), 'no; ; '),
  scene('a ClusterRole, of everybody', whoCan('create pods', 'dev'), byClusterRole(refusing(CLUSTER_ROLES)), PERHAPS),
  scene('a ClusterRole, of one', whoCan('create pods', 'dev', jane), byClusterRole(refusing(CLUSTER_ROLES)), PERHAPS),
  scene('a ClusterRole, and who gets into a pod', intoPod, byClusterRole(refusing(CLUSTER_ROLES)), PERHAPS),
  scene('a ClusterRole in a RoleBinding', whoCan('create pods', 'dev'), inDev(refusing(CLUSTER_ROLES)), PERHAPS_IN_DEV),
  scene('the same elsewhere', whoCan('create pods', 'ci'), inDev(refusing(CLUSTER_ROLES)), 'no; ; '),
  scene('the same for what is in no namespace', whoCan('patch nodes', null), inDev(refusing(CLUSTER_ROLES)), 'no; ; '),
  scene(
    'the same for what is in no namespace, of one',
    whoCan('patch nodes', null, jane),
    inDev(refusing(CLUSTER_ROLES)),
    'no; ; ',
  ),
  scene(
    'a Role, of everybody',
    whoCan('create pods', 'dev'),
    inDev(refusing(ROLES), 'Role/r'),
    'depends; jane depends in dev; Role r',
  ),
  scene(
    'a Role, of one',
    whoCan('create pods', 'dev', jane),
    inDev(refusing(ROLES), 'Role/r'),
    'depends; jane depends in dev; Role r',
  ),
  scene('a role that is not there', whoCan('create pods', 'dev'), byClusterRole(story()), 'no; ; '),
  scene(
    'a role of which the single read alone failed',
    whoCan('create pods', 'dev'),
    byClusterRole(refusing([get('clusterroles', null, 'c')])),
    'no; ; ',
  ),
  scene(
    'a role beside another that grants it',
    whoCan('create pods', 'dev'),
    byClusterRole(refusing(CLUSTER_ROLES)).clusterRole('d', [CREATE]).clusterBinding('d', 'ClusterRole/d', jane),
    'yes; jane yes; ',
  ),
  scene('an odd ClusterRole', whoCan('create pods', 'dev'), byClusterRole(story().odd('clusterroles', 'c')), PERHAPS),
  scene(
    'an odd Role',
    whoCan('create pods', 'dev'),
    inDev(story().odd('roles', 'dev/r'), 'Role/r'),
    'depends; jane depends in dev; Role r',
  ),
  scene(
    'an odd Role of another namespace',
    whoCan('create pods', 'dev'),
    inDev(story().odd('roles', 'ci/r'), 'Role/r'),
    'no; ; ',
  ),
  scene('pods, of everybody', everybody(null), byClusterRole(refusing(CLUSTER_ROLES)), PERHAPS),
  scene('pods, of everybody in a namespace', everybody('dev'), inDev(refusing(CLUSTER_ROLES)), PERHAPS_IN_DEV),
  scene('pods, of everybody in another', everybody('ci'), inDev(refusing(CLUSTER_ROLES)), 'no; ; '),
  scene('pods, of one', one(jane), inDev(refusing(ROLES), 'Role/r'), 'depends; jane depends in dev; Role r'),
  scene(
    'pods, of everybody by a Role',
    everybody('dev'),
    inDev(refusing(ROLES), 'Role/r'),
    'depends; jane depends in dev; Role r',
  ),
  scene(
    'pods, of somebody who has them for sure',
    one(jane),
    byClusterRole(refusing(CLUSTER_ROLES)).clusterRole('d', [CREATE]).clusterBinding('d', 'ClusterRole/d', jane),
    'yes; jane depends, jane yes; ClusterRole c',
  ),
  scene(
    'superusers, who are bound to it',
    everybody(null),
    refusing(CLUSTER_ROLES).clusterBinding('c', 'ClusterRole/c', group('system:masters')),
    'no; ; ',
  ),
];

const BINDINGS_IN_DEV = [list('rolebindings'), list('rolebindings', 'dev')];
const bindings: readonly Row[] = [
  scene(
    'ClusterRoleBindings',
    whoCan('create pods', 'dev'),
    refusing([list('clusterrolebindings')]),
    'depends; ; clusterrolebindings',
  ),
  scene(
    'ClusterRoleBindings, of what is in no namespace',
    whoCan('patch nodes', null),
    refusing([list('clusterrolebindings')]),
    'depends; ; clusterrolebindings',
  ),
  scene(
    'RoleBindings',
    whoCan('create pods', 'dev'),
    refusing(BINDINGS_IN_DEV),
    'depends; ; rolebindings in namespace dev',
  ),
  scene('RoleBindings, of what is in no namespace', whoCan('patch nodes', null), refusing(BINDINGS_IN_DEV), 'no; ; '),
  scene(
    'RoleBindings of all but the one',
    whoCan('create pods', 'dev'),
    readIn('dev', refusing([list('rolebindings')])),
    'no; ; ',
  ),
  scene(
    'RoleBindings of one of several',
    whoCan('create pods', null),
    readIn('dev', refusing([list('rolebindings')])),
    'depends; ; rolebindings in namespaces default, ci',
  ),
  scene(
    'an odd ClusterRoleBinding',
    whoCan('create pods', 'dev'),
    story().odd('clusterrolebindings', 'b'),
    'depends; ; clusterrolebindings b',
  ),
  scene(
    'an odd RoleBinding',
    whoCan('create pods', 'dev'),
    story().odd('rolebindings', 'dev/b'),
    'depends; ; rolebindings dev/b',
  ),
  scene(
    'an odd RoleBinding of another namespace',
    whoCan('create pods', 'dev'),
    story().odd('rolebindings', 'ci/b'),
    'no; ; ',
  ),
  scene(
    'an odd RoleBinding of any namespace',
    whoCan('create pods', null),
    story().odd('rolebindings', 'ci/b'),
    'depends; ; rolebindings ci/b',
  ),
  scene(
    'pods of everybody, by bindings',
    everybody('dev'),
    refusing(BINDINGS_IN_DEV),
    'depends; ; rolebindings in namespace dev',
  ),
];

/** The RoleBindings of one namespace were read, though those of all were refused. */
function readIn(namespace: string, builder: ClusterBuilder): ClusterBuilder {
  const made = builder.world.bind(builder);
  builder.world = () => {
    const world = made();
    world.add(list('rolebindings', namespace) as never, { read: true });
    return world;
  };
  return builder;
}

const PATCH = allow('patch', 'pods');
const patching = (builder: ClusterBuilder): ClusterBuilder =>
  builder.role('dev', 'r', [PATCH]).binding('dev', 'b', 'Role/r', jane);
const plain = (): ClusterBuilder => cluster().namespace('dev').namespace('ci');
const odd: readonly Row[] = [
  scene('there is no pod to change', one(jane), patching(plain()), 'no; ; '),
  scene(
    'pods that could not be listed',
    one(jane),
    patching(refusing([list('pods'), { ...list('pods'), whole: true }], plain())),
    'depends; jane depends in dev; pods in namespace dev',
  ),
  scene(
    'an odd pod',
    one(jane),
    patching(plain().odd('pods', 'dev/web')),
    'depends; jane depends in dev; pods dev/web',
  ),
  scene('an odd pod of another namespace', one(jane), patching(plain().odd('pods', 'ci/web')), 'no; ; '),
  scene(
    'the one odd pod that may be changed',
    one(jane),
    plain()
      .role('dev', 'r', [allow('patch', 'pods', { names: ['web'] })])
      .binding('dev', 'b', 'Role/r', jane)
      .odd('pods', 'dev/web'),
    'depends; jane depends in dev; pods dev/web',
  ),
  scene(
    'another odd pod than the one that may be changed',
    one(jane),
    plain()
      .role('dev', 'r', [allow('patch', 'pods', { names: ['api'] })])
      .binding('dev', 'b', 'Role/r', jane)
      .odd('pods', 'dev/web'),
    'no; ; ',
  ),
  scene(
    'an odd pod, which some kubelet runs',
    one(jane),
    plain()
      .clusterRole('c', [allow('create', 'nodes/proxy')])
      .clusterBinding('c', 'ClusterRole/c', jane)
      .odd('pods', 'ci/web'),
    'depends yes; jane depends yes; pods ci/web',
  ),
  scene(
    'workloads that could not be listed',
    one(jane),
    refusing([list('deployments'), list('deployments', 'dev')], plain())
      .role('dev', 'r', [allow('patch', 'deployments', APPS)])
      .binding('dev', 'b', 'Role/r', jane),
    'depends; jane depends in dev; deployments in namespace dev',
  ),
  scene(
    'an odd pod in a namespace that may be relabelled',
    one(jane),
    cluster()
      .namespace('dev', enforce('restricted'))
      .role('dev', 'r', [PATCH, allow('patch', 'namespaces')])
      .binding('dev', 'b', 'Role/r', jane)
      .odd('pods', 'dev/web'),
    'depends; jane depends in dev, jane no in dev; pods dev/web',
  ),
  scene(
    'namespaces that could not be listed',
    everybody(null),
    refusing([list('namespaces')], cluster())
      .clusterRole('c', [CREATE])
      .clusterBinding('c', 'ClusterRole/c', jane),
    'depends; jane depends; namespace default, namespaces',
  ),
];

const raw = (kind: string, metadata: unknown, more: Raw): Raw => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata,
  ...more,
});
const RULES = [{ verbs: ['create'], apiGroups: [''], resources: ['pods'] }];
const ODD_RULES = [{ verbs: ['create'], apiGroups: [''], resources: [{}] }];
const toJane = (kind: string, name: string): Raw => ({
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
  subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' }],
});
const bound = (name: string): Raw => raw('ClusterRoleBinding', { name: 'b' }, toJane('ClusterRole', name));
const DEV: Raw = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'dev' } };
const CI: Raw = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ci' } };
const sum = (label: string, metadata: Raw = {}): Raw =>
  raw(
    'ClusterRole',
    { name: 'sum', ...metadata },
    { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label]: 'x' } }] } },
  );
const part = (metadata: Raw, rules: unknown = ODD_RULES): Raw =>
  raw('ClusterRole', { name: 'part', ...metadata }, { rules });

const files: readonly Row[] = [
  file('all is understood', 'create pods', [DEV, part({}, RULES), bound('part')], 'yes; jane yes; '),
  file('odd rules', 'create pods', [DEV, part({}), bound('part')], 'depends; jane depends; ClusterRole part'),
  file(
    'no name',
    'create pods',
    [DEV, part({ name: 7 }, RULES), bound('part')],
    'depends; jane depends; ClusterRole part',
  ),
  file('no name, and nobody is bound to it', 'create pods', [DEV, part({ name: 7 }, RULES)], 'no; ; '),
  file(
    'a binding without a name',
    'create pods',
    [DEV, raw('ClusterRoleBinding', {}, toJane('ClusterRole', 'part'))],
    'depends; ; clusterrolebindings',
  ),
  file(
    'a RoleBinding without a name',
    'create pods',
    [DEV, raw('RoleBinding', { namespace: 'dev' }, toJane('ClusterRole', 'part'))],
    'depends; ; rolebindings in namespace dev',
  ),
  file(
    'a RoleBinding of another namespace without a name',
    'create pods',
    [DEV, CI, raw('RoleBinding', { namespace: 'ci' }, toJane('ClusterRole', 'part'))],
    'no; ; ',
  ),
  file(
    'a sum of what is odd',
    'create pods',
    [DEV, sum('a'), part({ labels: { a: 'x' } }), bound('sum')],
    'depends; jane depends; ClusterRole sum',
  ),
  file(
    'a sum that does not select what is odd',
    'create pods',
    [DEV, sum('b'), part({ labels: { a: 'x' } }), bound('sum')],
    'no; ; ',
  ),
  file(
    'a sum of what has odd labels',
    'create pods',
    [DEV, sum('a'), part({ labels: { a: 7 } }, RULES), bound('sum')],
    'depends; jane depends; ClusterRole sum',
  ),
  file(
    'a sum of what has no name',
    'create pods',
    [DEV, sum('a'), part({ name: 7, labels: { a: 'x' } }), bound('sum')],
    'depends; jane depends; ClusterRole sum',
  ),
  file(
    'a sum of a sum of what is odd',
    'create pods',
    [DEV, sum('b'), sum('a', { name: 'middle', labels: { b: 'x' } }), part({ labels: { a: 'x' } }), bound('sum')],
    'depends; jane depends; ClusterRole sum',
  ),
];

/** Whatever a question finds itself, its answer has all roles that could not be read. */
const completed: Row = {
  why: 'a question that tells of nobody',
  said: (engine) => {
    const open: OpenRight = {
      id: 'x',
      object: POD,
      step: () => ({ technique: 'x', text: '', identity: { ...jane, members: null }, gains: null }),
    };
    const world = retold(byClusterRole(refusing(CLUSTER_ROLES)).world(), engine);
    const unread = engine.unreadRights({ who: null, bindings: { namespace: 'dev' }, open }, contextOf(world, OPTIONS));
    const told = unread.complete([]);
    return [...told, ...unread.complete(told)].map(({ subject, reason }) => `${subject.name}: ${reason}`).join('; ');
  },
  expected:
    'jane: bound to ClusterRole c, which could not be read; jane: bound to ClusterRole c, which could not be read',
};
const POD = { kind: 'Pod', namespace: 'dev', name: 'web', container: null };

export const ROWS: readonly Row[] = [...roles, ...bindings, ...odd, ...files, completed];
