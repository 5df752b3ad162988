import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { HOME, program } from '../helpers/plugin.ts';

const RBAC = 'apiGroup: rbac.authorization.k8s.io';
const documents = (...each: string[]): string => each.join('\n---\n');
const namespace = (name: string, metadata = ''): string =>
  `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}${metadata}}}`;
const grant = (resources: string, verbs: string, subjects: string): string =>
  documents(
    `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r}, rules: [{apiGroups: ["", apps], resources: [${resources}], verbs: [${verbs}]}]}`,
    `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: r}, roleRef: {${RBAC}, kind: ClusterRole, name: r}, subjects: [${subjects}]}`,
  );
const user = (name: string): string => `{kind: User, ${RBAC}, name: ${name}}`;
const group = (name: string): string => `{kind: Group, ${RBAC}, name: ${name}}`;
const pod = (name: string, place: string, container = '', more = ''): string =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${place}}, spec: {${more} containers: [{name: c, image: x${container}}]}, status: {phase: Running}}`;
const node = (name: string): string =>
  `{apiVersion: v1, kind: Node, metadata: {name: ${name}}, status: {nodeInfo: {containerRuntimeVersion: "containerd://2.2.0", operatingSystem: linux}}}`;

/** Of a namespace, or of the cluster. */
const noShells = (kind: string, metadata: string): string => `
apiVersion: kyverno.io/v1
kind: ${kind}
metadata: {${metadata}}
spec:
  validationFailureAction: Enforce
  background: false
  rules:
  - name: no-shells
    match: {any: [{resources: {kinds: [Pod/exec]}}]}
    validate: {message: no shells here, deny: {conditions: {any: [{key: "{{ request.operation }}", operator: Equals, value: CONNECT}]}}}`;
const KYVERNO = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: kyverno-resource-validating-webhook-cfg, labels: {webhook.kyverno.io/managed-by: kyverno}}
webhooks:
- name: validate.kyverno.svc-fail
  admissionReviewVersions: [v1]
  sideEffects: NoneOnDryRun
  failurePolicy: Fail
  matchPolicy: Equivalent
  clientConfig: {service: {namespace: kyverno, name: kyverno-svc, path: /validate/fail, port: 443}}
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE, DELETE, CONNECT], resources: [pods, pods/exec, pods/attach], scope: "*"}]`;
const shells = (policy: string): string =>
  documents(
    ...[namespace('pci'), namespace('dev'), pod('web', 'pci'), pod('web', 'dev'), policy, KYVERNO],
    grant('pods/exec, pods/attach', 'create, get', user('eve')),
  );

/** Users, groups and labels are those of the namespace's range; whoever is authenticated may use it. */
const RANGED = `
apiVersion: security.openshift.io/v1
kind: SecurityContextConstraints
metadata: {name: ranged}
allowPrivilegedContainer: false
allowPrivilegeEscalation: false
allowHostDirVolumePlugin: false
allowHostIPC: false
allowHostNetwork: false
allowHostPID: false
allowHostPorts: false
requiredDropCapabilities: [ALL]
runAsUser: {type: MustRunAsRange}
seLinuxContext: {type: MustRunAs}
fsGroup: {type: MustRunAs}
supplementalGroups: {type: MustRunAs}
seccompProfiles: [runtime/default]
volumes: [configMap, emptyDir, secret]
groups: ["system:authenticated"]
users: []`;
const RANGE =
  ', annotations: {openshift.io/sa.scc.uid-range: 1000680000/10000, openshift.io/sa.scc.mcs: "s0:c26,c15", openshift.io/sa.scc.supplemental-groups: 1000680000/10000}';
const deployment = (name: string, security: string): string =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x, securityContext: {${security}}}]}}}}`;

const FILES: Record<string, string> = {
  'policy-of-namespace.yaml': shells(noShells('Policy', 'name: shells, namespace: pci')),
  'policy-of-cluster.yaml': shells(noShells('ClusterPolicy', 'name: shells')),
  'ranged.yaml': documents(
    ...[
      namespace('store', RANGE),
      '{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: store}}',
      RANGED,
    ],
    grant('pods', 'create', user('dev')),
  ),
  'ranged-deployments.yaml': documents(
    ...[
      deployment('plain', ''),
      deployment('inside', 'runAsUser: 1000680001'),
      deployment('outside', 'runAsUser: 1000'),
    ],
  ),
  'groups.yaml': documents(namespace('shop'), grant('secrets', 'get', `${group('ops')}, ${group('night shift')}`)),
  'linux-agents.yaml': documents(
    ...[namespace('shop'), node('n1'), node('n2'), grant('pods/exec', 'create', user('eve'))],
    '{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: agent, namespace: shop}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {nodeSelector: {kubernetes.io/os: linux}, containers: [{name: c, image: x}]}}}}',
  ),
  'neighbours.yaml': documents(
    ...[namespace('shop'), node('n1'), node('n2')],
    ...['a', 'b', 'c'].map((name, index) =>
      pod(name, 'shop', ', securityContext: {runAsUser: 0}', `nodeName: n${(index % 2) + 1},`),
    ),
  ),
  'changes-alone.yaml': documents(namespace('shop'), grant('deployments, statefulsets', 'patch', user('eve'))),
  'expression.yaml': documents(
    ...[namespace('shop'), node('n1')],
    pod(
      'p',
      'shop',
      ', volumeMounts: [{name: v, mountPath: /v, subPathExpr: $(P)}]',
      'nodeName: n1, volumes: [{name: v, hostPath: {path: /}}],',
    ),
  ),
};
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(HOME, name), text);

/** What is asked, the exit code, the first line, and what has to stand below it. */
const CASES: [words: string | string[], code: number, first: RegExp, ...more: RegExp[]][] = [
  [
    'exec web -n pci --complete --input policy-of-namespace.yaml',
    0,
    /^depends, probably no: 1 subject may/,
    /Policy pci\/shells, rule no-shells: it refuses/,
  ],
  ['exec web -n dev --complete --input policy-of-namespace.yaml', 0, /^yes: 1 subject can exec into pod dev\/web$/],
  ['attach web -n pci --complete --input policy-of-namespace.yaml', 0, /^yes: 1 subject can attach/],
  [
    'exec web -n dev --complete --exit-code --input policy-of-cluster.yaml',
    4,
    /^depends, probably no: /,
    /ClusterPolicy shells, rule no-shells/,
  ],
  [
    'privileged user/dev --complete --exit-code --input ranged.yaml',
    0,
    /^no: User dev cannot reach a node through pods: /,
    /^ +store: create pods, but nothing stronger than restricted: SecurityContextConstraints ranged/m,
  ],
  [
    'admit -f ranged-deployments.yaml -n store --complete --exit-code --input ranged.yaml',
    3,
    /^no: 1 of 3 would be refused/,
    /^refused +deployment.apps\/outside +SecurityContextConstraints ranged/m,
    /^admitted +deployment.apps\/plain/m,
  ],
  [
    'who get secrets -n shop --subject user/x --subject-group dev,ops --input groups.yaml',
    0,
    /^yes: User x, in groups dev and ops, can get secrets/,
  ],
  [
    [
      'who',
      'get',
      'secrets',
      '-n',
      'shop',
      '--subject',
      'user/x',
      '--subject-group',
      'dev, ops',
      '--input',
      'groups.yaml',
    ],
    0,
    /^yes: User x, in groups dev and ops, can/,
  ],
  [
    [
      'who',
      'get',
      'secrets',
      '-n',
      'shop',
      '--subject',
      'user/x',
      '--subject-group',
      'night shift',
      '--input',
      'groups.yaml',
    ],
    0,
    /^yes: User x, in group night shift, can/,
  ],
  [
    'who get secrets -n shop --subject user/x --subject user/y --input groups.yaml',
    2,
    /^error: --subject takes one value: "user\/x", "user\/y"$/,
  ],
  ['who get secrets -n shop --input groups.yaml --input ranged.yaml', 2, /^error: --input takes one value: /],
  [
    'exec daemonset/agent -n shop --complete --input linux-agents.yaml',
    0,
    /^yes: somebody can exec into 2 of 2 pods of daemonset\/agent$/,
  ],
  [
    'raw-sockets -n shop --complete --input neighbours.yaml',
    0,
    /^yes: 3 of 3 containers/,
    /most neighbours: 1 other pod on n1$/m,
  ],
  [
    'privileged user/eve --complete --input changes-alone.yaml',
    0,
    /^no: .*: it may change deployments.apps and change statefulsets.apps, but nothing of the kind is there to be changed$/,
  ],
  [
    'privileged user/eve -n shpo --complete --input changes-alone.yaml',
    1,
    /^Error from server \(NotFound\): namespaces "shpo" not found, did you mean "shop"\?$/,
  ],
  ['pod p -n shop --complete --input expression.yaml', 0, /^no: /, /hostPath \/…: /],
  [
    'who list pods/log -n shop --complete --input groups.yaml',
    0,
    /^no: .*; no request does: the API has no list of pods\/log, only get$/,
  ],
];

describe('what was reported from the field', { concurrency: 4 }, () => {
  for (const [words, code, first, ...more] of CASES)
    test(typeof words === 'string' ? words : words.join(' '), async () => {
      const outcome = await program(words);
      const text = outcome.stdout === '' ? outcome.stderr : outcome.stdout;
      assert.equal(outcome.code, code, `${text}${outcome.stderr}`);
      assert.match(text.split('\n')[0] ?? '', first);
      for (const each of more) assert.match(text, each);
    });
});
