import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Answer, AnswerList } from '../../src/answer/answer.ts';
import { HOME, program } from '../helpers/plugin.ts';

const RBAC = 'apiGroup: rbac.authorization.k8s.io';
const bind = (place: string, role: string, subject: string): string =>
  `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${place ? 'RoleBinding' : 'ClusterRoleBinding'}\nmetadata: {name: b${place && `, namespace: ${place}`}}\nroleRef: {${RBAC}, kind: ClusterRole, name: ${role}}\nsubjects: [{${subject}}]\n`;
const workload = (kind: string, name: string, container: string, more = ''): string =>
  `---\napiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec: {${more} containers: [{name: c, image: x${container}}]}\n`;
const DEVS = `kind: Group, name: devs, ${RBAC}`;
const INSTALLER = 'kind: ServiceAccount, name: installer, namespace: tools';
const AGGREGATED =
  '---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: shells, labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}}\nrules: [{apiGroups: [""], resources: [pods/exec], verbs: [create]}]\n';

const WIDGETS =
  '---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: widgets}\nrules: [{apiGroups: [acme.io], resources: [widgets], verbs: [patch]}]\n';
const READER =
  '---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reader}\nrules: [{apiGroups: [""], resources: [configmaps, nodes], verbs: [get]}]\n';

const FILES: Record<string, string> = {
  'edit.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n${bind('team', 'edit', DEVS)}${bind('', 'system:basic-user', DEVS)}`,
  'view.yaml': `${bind('team', 'view', DEVS)}${bind('', 'system:basic-user', DEVS)}`,
  'shells.yaml': `${AGGREGATED}${bind('team', 'view', DEVS)}${bind('', 'system:basic-user', DEVS)}`,
  'admin.yaml': bind('', 'cluster-admin', INSTALLER),
  'strict.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: {name: tools, labels: {pod-security.kubernetes.io/enforce: restricted}}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: installer, namespace: tools}\n${bind('tools', 'edit', INSTALLER)}`,
  'ghost.yaml': `${READER}${bind('a', 'reader', 'kind: ServiceAccount, name: ghost, namespace: a')}`,
  'brought.yaml': `${READER}${bind('a', 'reader', 'kind: ServiceAccount, name: ghost, namespace: a')}---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ghost, namespace: a}\n`,
  'kinds.yaml': `${WIDGETS}${bind('a', 'widgets', DEVS)}${bind('', 'widgets', 'kind: User, name: eve, apiGroup: rbac.authorization.k8s.io')}`,
  'workloads.yaml': [
    workload('Deployment', 'web', ', securityContext: {privileged: true}', 'serviceAccountName: web,'),
    workload('StatefulSet', 'db', ', securityContext: {capabilities: {drop: [ALL]}, allowPrivilegeEscalation: false}'),
    workload('DaemonSet', 'agent', ', ports: [{containerPort: 9100}]', 'hostNetwork: true,'),
    'apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {nodeInfo: {containerRuntimeVersion: "containerd://2.2.0", osImage: Debian, operatingSystem: linux}}\n',
    bind('shop', 'edit', DEVS),
  ].join('---\n'),
};
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(HOME, name), text);

/** What is asked, the first line, and what has to stand below it. */
const CASES: [words: string, first: RegExp, ...more: RegExp[]][] = [
  [
    'who create pods/exec -n team --subject group/devs --server-version 1.36 --input edit.yaml',
    /^yes: /,
    /as Kubernetes 1.36 makes them/,
  ],
  [
    'who create pods/exec -n team --subject group/devs --server-version 1.29 --input edit.yaml',
    /^yes: /,
    /as Kubernetes 1.29 makes them/,
  ],
  ['who create pods/exec -n team --subject group/devs --complete --input edit.yaml', /^yes: /],
  ['who create roles -n team --subject group/devs --input edit.yaml', /^no: /],
  ['who create pods/exec -n team --subject group/devs --input view.yaml', /^no: /],
  [
    'who create pods/exec -n team --subject group/devs --input shells.yaml',
    /^yes: /,
    /aggregates ClusterRoles has filled ClusterRole view/,
  ],
  [
    'who get secrets -n tools --subject sa/tools/installer --complete --input admin.yaml',
    /^yes: /,
    /namespace tools exists with no label but its name/,
  ],
  ['who get secrets -n tools --complete --input view.yaml', /NotFound.*"tools"/],
  ['who get secrets -n kube-system --complete --input view.yaml', /^no: /],
  [
    'who get configmaps -n a --input ghost.yaml',
    /^yes: .*; 1 holder is an account that does not exist/,
    /^sa\/a\/ghost\(no such account\) /m,
  ],
  ['who get configmaps -A --input ghost.yaml --complete', /^yes: .*; 1 holder is an account that does not exist/],
  [
    'who get configmaps -n a --subject sa/a/ghost --input ghost.yaml',
    /^yes: .*there is no such account: whoever creates it/,
  ],
  [
    'who get configmaps -n a --direct --input ghost.yaml',
    /^yes: 1 subject can get configmaps in namespace a$/,
    /exist: not all were looked up/,
  ],
  [
    'who get configmaps -n a --input brought.yaml',
    /^yes: 1 subject can get configmaps in namespace a$/,
    /^sa\/a\/ghost /m,
  ],
  [
    'who patch widgets.acme.io -n a --input kinds.yaml',
    /^yes: 1 subject can .*, and 1 more subject may$/,
    /unmodelled +whether widgets.acme.io is/,
  ],
  [
    'who patch Widget.acme.io -A --complete --subject group/devs --input kinds.yaml',
    /^depends, probably yes: Group devs may be able to patch widgets/,
  ],
  ['who patch widgets.acme.io -n a --complete --subject user/eve --input kinds.yaml', /^yes: /],
  ['who delete widgets.acme.io -n a --complete --input kinds.yaml', /^no: nobody/],
  [
    'privileged -A --complete --input admin.yaml',
    /^yes: .*; 1 holder is an account that does not exist/,
    /installer\(no such account\)/,
  ],
  ['privileged sa/installer -n tools --complete --input admin.yaml', /^yes: /],
  ['privileged sa/installer -n tools --complete --input strict.yaml', /^no: /],
  [
    'raw-sockets -A --complete --input workloads.yaml',
    /^depends, probably yes: .*of 3, 2 may/,
    /would make/,
    /deployment\/web/,
    /daemonset\/agent/,
  ],
  ['raw-sockets statefulset/db -n shop --complete --input workloads.yaml', /^no: /],
  ['raw-sockets -l app=agent -n shop --complete --input workloads.yaml', /^depends, probably yes: .*of 1, 1 may/],
  [
    'exec deployment/web --subject group/devs --server-version 1.36 --input workloads.yaml',
    /^(yes|depends).*web-xxxxxxxxxx-xxxxx/,
    /in shop, the only namespace that the manifests name/,
  ],
  [
    'exec web-xxxxxxxxxx-xxxxx -n shop --subject group/devs --server-version 1.36 --complete --input workloads.yaml',
    /^yes: /,
  ],
  ['exec db-0 -n shop --subject group/devs --server-version 1.36 --complete --input workloads.yaml', /^yes: /],
  ['exec db-1 -n shop --complete --input workloads.yaml', /NotFound.*"db-1"/],
  [
    'port-forward -l app=agent -n shop --subject group/devs --server-version 1.36 --complete --input workloads.yaml',
    /^yes: .*agent-xxxxx-n1/,
  ],
  [
    'attach daemonset/agent -n shop --subject group/devs --server-version 1.36 --complete --input workloads.yaml',
    /^yes: /,
  ],
  ['logs deployment/web -n shop --subject group/devs --complete --input workloads.yaml', /^yes: /],
  ['debug deployment/web -n shop --subject group/nobody --complete --input workloads.yaml', /^no: /],
  ['proxy deployment/web -n shop --subject group/devs --complete --input workloads.yaml', /^yes: /],
  [
    'pod deployment/web -n shop --complete --input workloads.yaml',
    /^yes: /,
    /mounted at .var.run.secrets/,
    /node root/,
  ],
  ['privileged deployment/web -n shop --complete --input workloads.yaml', /^no: /],
  ['admit -f workloads.yaml -n shop --complete --input workloads.yaml --server-version 1.36', /^(yes|no): /],
];

describe('manifests are what a cluster would have once they are applied', { concurrency: 4 }, () => {
  for (const [words, first, ...more] of CASES)
    test(words, async () => {
      const { stdout, stderr } = await program(`${words} -v`);
      assert.match((stdout || stderr).split('\n')[0] ?? '', first);
      for (const each of more) assert.match(stdout, each);
    });

  test('a program reads the same', async () => {
    const { stdout } = await program(
      'exec statefulset/db deployment/web -n shop --complete --server-version 1.36 --input workloads.yaml -o json',
    );
    const { items } = JSON.parse(stdout) as AnswerList;
    assert.deepEqual(
      items.map(({ target }: Answer) => target?.name),
      ['db-0', 'web-xxxxxxxxxx-xxxxx'],
    );
    for (const { assumptions } of items) assert.equal(new Set(assumptions).size, assumptions.length);
  });
});
