import type { Raw } from '../../../src/world/raw.ts';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import { waitFor, waitForServiceAccount } from '../../helpers/real.ts';

/** A change, and what is asked about it. Each has a namespace of its own, whose name the functions are given. */
export interface Case {
  why: string;
  /** What is there before, besides the namespace. */
  setup?: (ns: string) => Raw[];
  /** What has to be there before anything is asked. */
  ready?: (ns: string, plane: ControlPlane) => Promise<unknown>;
  with?: (ns: string) => Raw[];
  without?: (ns: string) => string[];
  ask: (ns: string) => string[];
  /** What controllers have done when the change is carried out. */
  settled?: (ns: string, plane: ControlPlane) => Promise<unknown>;
}

const RBAC = 'rbac.authorization.k8s.io';
const rule = (verbs: string, resources: string, apiGroups = ['']): Raw => ({
  ...{ verbs: verbs.split(' '), resources: resources.split(' '), apiGroups },
});
const role = (ns: string, name: string, ...rules: Raw[]): Raw => ({
  ...{ apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: { namespace: ns, name }, rules },
});
const clusterRole = (name: string, rules: Raw[], more: Raw = {}, labels: Raw = {}): Raw => ({
  ...{ apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name, labels }, rules, ...more },
});
const subject = (text: string): Raw => {
  const [kind = '', ...rest] = text.split('/');
  if (kind !== 'sa') return { kind: kind === 'user' ? 'User' : 'Group', name: rest.join('/'), apiGroup: RBAC };
  return { kind: 'ServiceAccount', namespace: rest[0], name: rest[1] };
};
const roleRef = (text: string): Raw => ({ apiGroup: RBAC, kind: text.split('/')[0], name: text.split('/')[1] });
const binding = (ns: string, name: string, to: string, ...subjects: string[]): Raw => ({
  ...{ apiVersion: `${RBAC}/v1`, kind: 'RoleBinding', metadata: { namespace: ns, name } },
  ...{ roleRef: roleRef(to), subjects: subjects.map(subject) },
});
const clusterBinding = (name: string, to: string, ...subjects: string[]): Raw => ({
  ...{ apiVersion: `${RBAC}/v1`, kind: 'ClusterRoleBinding', metadata: { name } },
  ...{ roleRef: roleRef(to), subjects: subjects.map(subject) },
});
const core = (kind: string, ns: string | null, name: string, more: Raw = {}, labels: Raw = {}): Raw => ({
  ...{ apiVersion: 'v1', kind, metadata: { ...(ns && { namespace: ns }), name, labels } },
  ...more,
});
const account = (ns: string, name: string): Raw => core('ServiceAccount', ns, name);
const app = { name: 'app', image: 'i' };
const spec = (more: Raw = {}, container: Raw = {}): Raw => ({ containers: [{ ...app, ...container }], ...more });
const pod = (ns: string, name: string, more: Raw = {}, container: Raw = {}): Raw =>
  core('Pod', ns, name, { spec: spec(more, container) }, { app: name });
const workload = (kind: string, ns: string, name: string, pods: Raw = {}, more: Raw = {}): Raw => ({
  ...{ apiVersion: 'apps/v1', kind, metadata: { namespace: ns, name } },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: spec(pods) },
    ...more,
  },
});
const level = (ns: string, enforce: string): Raw =>
  core('Namespace', null, ns, {}, { 'pod-security.kubernetes.io/enforce': enforce });
const token = (ns: string, name: string, of: string): Raw => ({
  ...{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token' },
  metadata: { namespace: ns, name, annotations: { 'kubernetes.io/service-account.name': of } },
});
const policy = (ns: string, expression: string): Raw => ({
  ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy', metadata: { name: ns } },
  spec: {
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] }],
    },
    validations: [{ expression, message: 'not here' }],
  },
});
const policyBinding = (ns: string): Raw => ({
  ...{
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: ns },
  },
  spec: {
    ...{ policyName: ns, validationActions: ['Deny'] },
    matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': ns } } },
  },
});
const NO_HOST_PID = '!has(object.spec.hostPID) || !object.spec.hostPID';

const PODS = (ns: string): string => `/api/v1/namespaces/${ns}/pods`;
const itemsOf = (body: unknown): Raw[] => ((body as { items?: Raw[] }).items ?? []) as Raw[];
/** Waits until there are so many pods in the namespace that are as they should be, and no others. */
const pods =
  (count: number, is: (pod: { spec: Raw; metadata: Raw }) => boolean = () => true): NonNullable<Case['settled']> =>
  (ns, plane) =>
    waitFor(plane, PODS(ns), (body) => {
      const all = itemsOf(body) as { spec: Raw; metadata: Raw }[];
      return all.length === count && all.every((each) => is(each) && each.metadata.deletionTimestamp === undefined);
    });
const isGone =
  (path: (ns: string) => string): NonNullable<Case['settled']> =>
  (ns, plane) =>
    waitFor(plane, path(ns), (_, status) => status === 404);
const rulesOf =
  (name: (ns: string) => string, has: (text: string) => boolean): NonNullable<Case['settled']> =>
  (ns, plane) =>
    waitFor(plane, `/apis/${RBAC}/v1/clusterroles/${name(ns)}`, (body) => has(JSON.stringify((body as Raw).rules)));
export const cases: readonly Case[] = [
  {
    why: 'a binding to a role of upstream',
    setup: (ns) => [pod(ns, 'web'), account(ns, 'bot')],
    with: (ns) => [binding(ns, 'grant', 'ClusterRole/edit', `sa/${ns}/bot`, 'user/ann')],
    ask: (ns) => [`port-forward web -n ${ns}`, `exec web -n ${ns}`, `sa bot -n ${ns}`, `who create pods -n ${ns}`],
  },
  {
    why: 'a role and its binding in one file',
    setup: (ns) => [pod(ns, 'web')],
    with: (ns) => [role(ns, 'exec', rule('create get', 'pods/exec')), binding(ns, 'exec', 'Role/exec', 'user/bea')],
    ask: (ns) => [`exec web -n ${ns}`, `who create pods/exec -n ${ns}`, `user bea -n ${ns}`],
  },
  {
    why: 'everything, for a user',
    setup: (ns) => [pod(ns, 'web')],
    with: (ns) => [clusterBinding(`${ns}-root`, 'ClusterRole/cluster-admin', 'user/cleo')],
    ask: (ns) => ['reach cluster-admin', 'user cleo', `pod web -n ${ns}`, `privileged user/cleo -n ${ns}`],
  },
  {
    why: 'a binding goes',
    setup: (ns) => [
      ...[pod(ns, 'web'), binding(ns, 'one', 'ClusterRole/edit', 'user/dan')],
      binding(ns, 'two', 'ClusterRole/edit', 'user/dora'),
    ],
    without: (ns) => [`rolebinding/${ns}/one`],
    ask: (ns) => [`exec web -n ${ns}`, `user dan -n ${ns}`, `who create pods -n ${ns}`, `pod web -n ${ns}`],
  },
  {
    why: 'one of two grants goes, and nothing changes',
    setup: (ns) => [
      ...[pod(ns, 'web'), role(ns, 'exec', rule('create', 'pods/exec')), binding(ns, 'a', 'Role/exec', 'user/eve')],
      binding(ns, 'b', 'Role/exec', 'user/eve'),
    ],
    without: (ns) => [`rolebinding/${ns}/a`],
    ask: (ns) => [`exec web -n ${ns}`, `who create pods/exec -n ${ns}`],
  },
  {
    why: 'a binding is applied with other subjects',
    setup: (ns) => [pod(ns, 'web'), binding(ns, 'team', 'ClusterRole/edit', 'user/fay', 'user/fred')],
    with: (ns) => [binding(ns, 'team', 'ClusterRole/edit', 'user/fred', 'group/fleet')],
    ask: (ns) => [`port-forward web -n ${ns}`, `who delete pods -n ${ns}`],
  },
  {
    why: 'a role is applied with other rules',
    setup: (ns) => [
      ...[pod(ns, 'web'), role(ns, 'r', rule('get', 'pods'), rule('get', 'secrets'))],
      binding(ns, 'r', 'Role/r', 'user/gil'),
    ],
    with: (ns) => [role(ns, 'r', rule('list', 'pods'), rule('create', 'pods/exec pods/portforward'))],
    ask: (ns) => [`exec web -n ${ns}`, `who get secrets -n ${ns}`, `user gil -n ${ns}`],
  },
  {
    why: 'a role goes, and its binding dangles',
    setup: (ns) => [
      ...[pod(ns, 'web'), role(ns, 'r', rule('create', 'pods/exec'))],
      binding(ns, 'r', 'Role/r', 'user/hal'),
    ],
    without: (ns) => [`role/${ns}/r`],
    ask: (ns) => [`exec web -n ${ns}`, `exec web -n ${ns} --subject user/hal`],
  },
  {
    why: 'a grant in the whole cluster goes, and one in the namespace stays',
    setup: (ns) => [
      ...[pod(ns, 'web'), clusterBinding(`${ns}-all`, 'ClusterRole/edit', 'user/ida')],
      binding(ns, 'here', 'ClusterRole/edit', 'user/ida'),
    ],
    without: (ns) => [`clusterrolebinding/${ns}-all`],
    ask: (ns) => [`exec web -n ${ns}`, `who create pods -A`, `privileged user/ida -n ${ns}`],
  },
  {
    why: 'rules are aggregated into a role of upstream',
    setup: (ns) => [binding(ns, 'viewers', 'ClusterRole/view', 'user/jo')],
    with: (ns) => [
      clusterRole(`${ns}-sums`, [rule('get list', 'secrets')], {}, { [`${RBAC}/aggregate-to-view`]: 'true' }),
    ],
    ask: (ns) => [`who get secrets -n ${ns}`, `who list secrets -A`, `user jo -n ${ns}`],
    settled: rulesOf(
      () => 'view',
      (text) => text.includes('secrets'),
    ),
  },
  {
    why: 'a role that is aggregated goes',
    setup: (ns) => [
      clusterRole(`${ns}-part`, [rule('create', 'pods/exec')], {}, { [ns]: 'part' }),
      clusterRole(`${ns}-rest`, [rule('get', 'pods/log')], {}, { [ns]: 'part' }),
      clusterRole(`${ns}-sum`, [], { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [ns]: 'part' } }] } }),
      ...[binding(ns, 'sum', `ClusterRole/${ns}-sum`, 'user/kim'), pod(ns, 'web')],
    ],
    ready: rulesOf(
      (ns) => `${ns}-sum`,
      (text) => text.includes('exec') && text.includes('log'),
    ),
    without: (ns) => [`clusterrole/${ns}-part`],
    ask: (ns) => [`exec web -n ${ns}`, `logs web -n ${ns}`, `who create pods/exec -n ${ns}`],
    settled: rulesOf(
      (ns) => `${ns}-sum`,
      (text) => !text.includes('exec'),
    ),
  },
  {
    why: 'a new role that aggregates others, by two selectors',
    setup: (ns) => [
      clusterRole(`${ns}-b`, [rule('create', 'pods/exec')], {}, { [ns]: 'first' }),
      clusterRole(`${ns}-a`, [rule('get', 'pods/log'), rule('create', 'pods/exec')], {}, { [ns]: 'second' }),
      clusterRole(`${ns}-c`, [rule('create', 'pods/portforward')], {}, { [ns]: 'second' }),
      pod(ns, 'web'),
    ],
    with: (ns) => [
      clusterRole(`${ns}-sum`, [], {
        aggregationRule: {
          clusterRoleSelectors: [{ matchLabels: { [ns]: 'second' } }, { matchLabels: { [ns]: 'first' } }],
        },
      }),
      binding(ns, 'sum', `ClusterRole/${ns}-sum`, 'user/lea'),
    ],
    ask: (ns) => [`exec web -n ${ns}`, `port-forward web -n ${ns}`, `logs web -n ${ns}`, `user lea -n ${ns}`],
    settled: rulesOf(
      (ns) => `${ns}-sum`,
      (text) => text.includes('exec') && text.includes('portforward'),
    ),
  },
  {
    why: 'an aggregated role gets other rules, two steps away',
    setup: (ns) => [
      clusterRole(`${ns}-leaf`, [rule('get', 'pods')], {}, { [ns]: 'leaf' }),
      clusterRole(
        `${ns}-mid`,
        [],
        { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [ns]: 'leaf' } }] } },
        { [ns]: 'mid' },
      ),
      clusterRole(`${ns}-top`, [], { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [ns]: 'mid' } }] } }),
      ...[binding(ns, 'top', `ClusterRole/${ns}-top`, 'user/max'), pod(ns, 'web')],
    ],
    ready: rulesOf(
      (ns) => `${ns}-top`,
      (text) => text.includes('pods'),
    ),
    with: (ns) => [clusterRole(`${ns}-leaf`, [rule('create', 'pods/exec')], {}, { [ns]: 'leaf' })],
    ask: (ns) => [`exec web -n ${ns}`, `who get pods -n ${ns}`],
    settled: rulesOf(
      (ns) => `${ns}-top`,
      (text) => text.includes('exec'),
    ),
  },
  {
    why: 'an account comes that a binding has been waiting for',
    setup: (ns) => [pod(ns, 'web'), binding(ns, 'waiting', 'ClusterRole/edit', `sa/${ns}/ghost`)],
    with: (ns) => [account(ns, 'ghost')],
    ask: (ns) => [`exec web -n ${ns}`, `sa ghost -n ${ns}`, `who create pods -n ${ns}`],
  },
  {
    why: 'an account goes, its binding dangles and its token dies',
    setup: (ns) => [
      ...[account(ns, 'bot'), token(ns, 'bot-token', 'bot'), binding(ns, 'bot', 'ClusterRole/edit', `sa/${ns}/bot`)],
      ...[role(ns, 'reader', rule('get list', 'secrets')), binding(ns, 'reader', 'Role/reader', 'user/ned')],
      pod(ns, 'web'),
    ],
    ready: (ns, plane) =>
      waitFor(plane, `/api/v1/namespaces/${ns}/secrets/bot-token`, (body) => (body as Raw).data !== undefined),
    without: (ns) => [`sa/${ns}/bot`],
    ask: (ns) => [`exec web -n ${ns}`, `user ned -n ${ns}`, `who create pods -n ${ns}`],
    settled: isGone((ns) => `/api/v1/namespaces/${ns}/secrets/bot-token`),
  },
  {
    why: 'the account default is created again',
    setup: (ns) => [pod(ns, 'web'), binding(ns, 'd', 'ClusterRole/edit', `sa/${ns}/default`)],
    without: (ns) => [`sa/${ns}/default`],
    ask: (ns) => [`exec web -n ${ns}`, `sa default -n ${ns}`],
    settled: (ns, plane) => waitForServiceAccount(plane, ns),
  },
  {
    why: 'a Secret gets the token of an account',
    setup: (ns) => [
      ...[account(ns, 'rich'), binding(ns, 'rich', 'ClusterRole/admin', `sa/${ns}/rich`)],
      ...[role(ns, 'reader', rule('get list', 'secrets')), binding(ns, 'reader', 'Role/reader', 'user/otto')],
    ],
    with: (ns) => [token(ns, 'rich-token', 'rich')],
    ask: (ns) => [`user otto -n ${ns}`, `reach sa/rich -n ${ns}`],
    settled: (ns, plane) =>
      waitFor(plane, `/api/v1/namespaces/${ns}/secrets/rich-token`, (body) => (body as Raw).data !== undefined),
  },
  {
    why: 'a Secret for an account that does not exist is deleted again',
    setup: (ns) => [
      role(ns, 'reader', rule('get list', 'secrets')),
      binding(ns, 'reader', 'Role/reader', 'user/pia'),
      binding(ns, 'ghost', 'ClusterRole/admin', `sa/${ns}/ghost`),
    ],
    with: (ns) => [token(ns, 'ghost-token', 'ghost')],
    ask: (ns) => [`user pia -n ${ns}`],
    settled: isGone((ns) => `/api/v1/namespaces/${ns}/secrets/ghost-token`),
  },
  {
    why: 'a namespace enforces more',
    setup: (ns) => [binding(ns, 'maker', 'ClusterRole/edit', 'user/quin')],
    with: (ns) => [level(ns, 'restricted')],
    ask: (ns) => [`privileged user/quin -n ${ns}`, `admit -f POD -n ${ns}`, `user quin -n ${ns}`],
  },
  {
    why: 'a namespace enforces less, and keeps its other labels',
    setup: (ns) => [level(ns, 'baseline'), binding(ns, 'maker', 'ClusterRole/edit', 'user/rob')],
    with: (ns) => [level(ns, 'privileged')],
    ask: (ns) => [`privileged user/rob -n ${ns}`, `admit -f POD -n ${ns}`, `user rob -n ${ns}`],
  },
  {
    why: 'a namespace comes with all that is in it',
    with: (ns) => [
      level(`${ns}-fresh`, 'baseline'),
      ...[account(`${ns}-fresh`, 'bot'), pod(`${ns}-fresh`, 'web', { serviceAccountName: 'bot' })],
      binding(`${ns}-fresh`, 'bot', 'ClusterRole/edit', `sa/${ns}-fresh/bot`, 'user/sue'),
    ],
    ask: (ns) => [
      ...[`exec web -n ${ns}-fresh`, `sa bot -n ${ns}-fresh`, `privileged user/sue -n ${ns}-fresh`],
      ...[`sa default -n ${ns}-fresh`, `exec wbe -n ${ns}-fresh`, `admit -f POD -n ${ns}-fresh`],
    ],
    settled: (ns, plane) => waitForServiceAccount(plane, `${ns}-fresh`),
  },
  {
    why: 'a namespace goes with all that is in it',
    setup: (ns) => [
      core('Namespace', null, `${ns}-old`),
      binding(`${ns}-old`, 'b', 'ClusterRole/admin', 'user/tim'),
      account(`${ns}-old`, 'bot'),
      clusterBinding(`${ns}-bot`, 'ClusterRole/edit', `sa/${ns}-old/bot`),
    ],
    without: (ns) => [`namespace/${ns}-old`],
    ask: (ns) => [`who create pods -A`, `exec web -n ${ns}-old`, `user tim`],
    settled: isGone((ns) => `/api/v1/namespaces/${ns}-old`),
  },
  {
    why: 'a policy and its binding refuse pods',
    setup: (ns) => [binding(ns, 'maker', 'ClusterRole/edit', 'user/uma')],
    with: (ns) => [policy(ns, NO_HOST_PID), policyBinding(ns)],
    ask: (ns) => [`admit -f POD -n ${ns}`, `privileged user/uma -n ${ns}`],
  },
  {
    why: 'the binding of a policy goes',
    setup: (ns) => [
      ...[policy(ns, NO_HOST_PID), policyBinding(ns)],
      binding(ns, 'maker', 'ClusterRole/edit', 'user/vic'),
    ],
    without: (ns) => [`validatingadmissionpolicybinding/${ns}`],
    ask: (ns) => [`admit -f POD -n ${ns}`, `privileged user/vic -n ${ns}`],
  },
  {
    why: 'a policy is applied with another expression',
    setup: (ns) => [policy(ns, NO_HOST_PID), policyBinding(ns)],
    with: (ns) => [policy(ns, 'true')],
    ask: (ns) => [`admit -f POD -n ${ns}`],
  },
  {
    why: 'a quota of no pods',
    setup: (ns) => [binding(ns, 'maker', 'ClusterRole/edit', 'user/wes')],
    with: (ns) => [core('ResourceQuota', ns, 'none', { spec: { hard: { pods: '0' } } })],
    ask: (ns) => [`admit -f POD -n ${ns}`, `privileged user/wes -n ${ns}`],
    settled: (ns, plane) =>
      waitFor(
        plane,
        `/api/v1/namespaces/${ns}/resourcequotas/none`,
        (body) => ((body as Raw).status as Raw | undefined)?.used !== undefined,
      ),
  },
  {
    why: 'a pod comes, and with it the token of its account',
    setup: (ns) => [
      ...[account(ns, 'rich'), binding(ns, 'rich', 'ClusterRole/admin', `sa/${ns}/rich`)],
      ...[role(ns, 'exec', rule('create get', 'pods/exec')), binding(ns, 'exec', 'Role/exec', 'user/xia')],
    ],
    with: (ns) => [pod(ns, 'web', { serviceAccountName: 'rich', hostNetwork: true })],
    ask: (ns) => [`user xia -n ${ns}`, `reach sa/rich -n ${ns}`, `raw-sockets -n ${ns}`, `pod web -n ${ns}`],
  },
  {
    why: 'a pod goes',
    setup: (ns) => [pod(ns, 'web'), pod(ns, 'other'), binding(ns, 'e', 'ClusterRole/edit', 'user/yan')],
    without: (ns) => [`pod/${ns}/web`],
    ask: (ns) => [`raw-sockets -n ${ns}`, `exec web -n ${ns}`, `exec other -n ${ns}`, `user yan -n ${ns}`],
    settled: isGone((ns) => `${PODS(ns)}/web`),
  },
  {
    why: 'a Deployment comes with its pods',
    setup: (ns) => [
      ...[account(ns, 'rich'), binding(ns, 'rich', 'ClusterRole/admin', `sa/${ns}/rich`)],
      binding(ns, 'e', 'ClusterRole/edit', 'user/zoe'),
    ],
    with: (ns) => [workload('Deployment', ns, 'web', { serviceAccountName: 'rich', hostPID: true })],
    ask: (ns) => [`raw-sockets -n ${ns}`, `exec deployment/web -n ${ns}`, `user zoe -n ${ns}`],
    settled: pods(1),
  },
  {
    why: 'a Deployment gets another account, and its pods are made again',
    setup: (ns) => [
      ...[account(ns, 'poor'), account(ns, 'rich'), binding(ns, 'rich', 'ClusterRole/admin', `sa/${ns}/rich`)],
      ...[role(ns, 'exec', rule('create get', 'pods/exec')), binding(ns, 'exec', 'Role/exec', 'user/abe')],
      workload('Deployment', ns, 'web', { serviceAccountName: 'poor' }, { strategy: { type: 'Recreate' } }),
    ],
    ready: pods(1),
    with: (ns) => [
      workload('Deployment', ns, 'web', { serviceAccountName: 'rich' }, { strategy: { type: 'Recreate' } }),
    ],
    ask: (ns) => [
      `user abe -n ${ns}`,
      `raw-sockets -n ${ns}`,
      `exec deployment/web -n ${ns}`,
      `reach sa/rich -n ${ns}`,
    ],
    settled: pods(1, (each) => each.spec.serviceAccountName === 'rich'),
  },
  {
    why: 'a Deployment is applied as it is, and its pods stay',
    setup: (ns) => [workload('Deployment', ns, 'web'), binding(ns, 'e', 'ClusterRole/edit', 'user/bob')],
    ready: pods(1),
    with: (ns) => [workload('Deployment', ns, 'web')],
    ask: (ns) => [`raw-sockets -n ${ns}`, `exec deployment/web -n ${ns}`],
  },
  {
    why: 'a Deployment goes with its pods',
    setup: (ns) => [workload('Deployment', ns, 'web'), pod(ns, 'other')],
    ready: pods(2),
    without: (ns) => [`deploy/${ns}/web`],
    ask: (ns) => [`raw-sockets -n ${ns}`, `exec deployment/web -n ${ns}`, `exec other -n ${ns}`],
    settled: pods(1),
  },
  {
    why: 'the pod of a Deployment is made again',
    setup: (ns) => [workload('StatefulSet', ns, 'db'), pod(ns, 'other')],
    ready: pods(2),
    without: (ns) => [`pod/${ns}/db-0`],
    ask: (ns) => [`raw-sockets -n ${ns}`, `exec db-0 -n ${ns}`],
    settled: pods(2),
  },
  {
    why: 'a StatefulSet comes with two pods',
    with: (ns) => [workload('StatefulSet', ns, 'db', {}, { replicas: 2, podManagementPolicy: 'Parallel' })],
    ask: (ns) => [`raw-sockets -n ${ns}`, `exec db-1 -n ${ns}`, `exec statefulset/db -n ${ns}`],
    settled: pods(2),
  },
  {
    why: 'a DaemonSet comes, on the nodes that have no taint',
    with: (ns) => [workload('DaemonSet', ns, 'agent', { hostPID: true })],
    ask: (ns) => [`raw-sockets -n ${ns}`],
    settled: pods(1),
  },
  {
    why: 'a Job comes with its pod',
    with: (ns) => [
      {
        ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { namespace: ns, name: 'once' } },
        spec: { template: { spec: spec({ restartPolicy: 'Never' }) } },
      },
    ],
    ask: (ns) => [`raw-sockets -n ${ns}`],
    settled: pods(1),
  },
  {
    why: 'several at once: a binding and a workload go, others come',
    setup: (ns) => [
      ...[workload('Deployment', ns, 'web'), binding(ns, 'a', 'ClusterRole/edit', 'user/cal')],
      account(ns, 'bot'),
    ],
    ready: pods(1),
    without: (ns) => [`rolebinding/${ns}/a,deployment/${ns}/web`],
    with: (ns) => [pod(ns, 'new'), binding(ns, 'b', 'ClusterRole/edit', `sa/${ns}/bot`)],
    ask: (ns) => [`exec new -n ${ns}`, `raw-sockets -n ${ns}`, `who create pods -n ${ns}`, `sa bot -n ${ns}`],
    settled: pods(1, ({ metadata }) => metadata.name === 'new'),
  },
  {
    why: 'a binding is deleted and comes back with another role',
    setup: (ns) => [pod(ns, 'web'), binding(ns, 'a', 'ClusterRole/edit', 'user/dee')],
    without: (ns) => [`rolebinding/${ns}/a`],
    with: (ns) => [binding(ns, 'a', 'ClusterRole/view', 'user/dee')],
    ask: (ns) => [`exec web -n ${ns}`, `logs web -n ${ns}`],
  },
  {
    why: 'what no binding names changes nothing',
    setup: (ns) => [pod(ns, 'web'), role(ns, 'unused', rule('*', '*', ['*']))],
    without: (ns) => [`role/${ns}/unused`],
    ask: (ns) => [`exec web -n ${ns}`, `who create pods -n ${ns}`],
  },
];

/** A pod that reaches the node, for `admit`. */
export const BAD_POD: Raw = core('Pod', null, 'bad', { spec: spec({ hostPID: true }) });
