import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admits } from '../../../src/admission/layers.ts';
import { podOf as made } from '../../../src/spawn/probes/attempt.ts';
import { type Strongest, strongestOf, tryProbes } from '../../../src/spawn/probes/strongest.ts';
import { makerOf, writesOf } from '../../../src/spawn/writes/makers.ts';
import { list } from '../../../src/world/needs.ts';
import type { Raw } from '../../../src/world/raw.ts';
import type { World } from '../../../src/world/world.ts';
import { constraintOf, templateOf } from '../../admission/engines/gatekeeper/templates.ts';
import { policyOf } from '../../admission/engines/kyverno/policies.ts';
import { JANE } from '../../admission/objects.ts';
import { openShift, SCCS, sccObject } from '../../admission/scc/openshift.ts';
import { worldOf } from '../../helpers/world-of.ts';

const writes = (pod: Raw) => writesOf(makerOf('pods') ?? assert.fail(), pod, 'shop', JANE);
/** Every kind of which there are objects was read. */
function readWorld(objects: readonly Raw[]): World {
  const world = worldOf(objects);
  for (const kind of world.kinds()) world.add(list(kind), { read: true });
  return world;
}

const strongest = (world: World): Strongest => strongestOf(tryProbes({ namespace: 'shop', writes }, world));
const isPlainAdmitted = (world: World): boolean =>
  writes(made({ containers: [{ name: 'app', image: 'registry.example/app:1' }] }, 'shop')).every(
    (each) => admits(each, world).value === 'yes',
  );

const ANY = { type: 'RunAsAny' };
/** As they came before 4.11: a profile of seccomp that a pod asks for is none of theirs. */
const older = (name: string, more: object = {}): Raw =>
  sccObject(name, {
    allowPrivilegeEscalation: true,
    requiredDropCapabilities: ['KILL', 'MKNOD', 'SETUID', 'SETGID'],
    allowedCapabilities: null,
    seccompProfiles: null,
    ...more,
  });

const SCC: readonly (readonly [object: Raw, sure: Strongest['sure'], why: string])[] = [
  [SCCS.restricted, 'restricted', 'users and groups of the namespace'],
  [older('restricted'), 'restricted', 'an older one, which takes no seccomp profile'],
  [SCCS.nonroot, 'restricted', 'any user but root'],
  [older('nonroot', { runAsUser: { type: 'MustRunAsNonRoot' } }), 'restricted', 'an older one of those'],
  [sccObject('one-user', { runAsUser: { type: 'MustRunAs', uid: 4711 } }), 'restricted', 'one user'],
  [
    sccObject('some-groups', { runAsUser: ANY, fsGroup: { type: 'MustRunAs', ranges: [{ min: 5, max: 9 }] } }),
    'restricted',
    'groups of its own, and no way to raise privileges',
  ],
  [
    sccObject('supplemental', { supplementalGroups: { type: 'MustRunAs', ranges: [{ min: 5, max: 9 }] } }),
    'restricted',
    'further groups of its own',
  ],
  [SCCS.v3, 'restricted', 'users of the pod’s own'],
  [SCCS.anyuid, 'root in a container', 'any user'],
  [SCCS.hostnetwork, 'host namespaces only', 'the network of the node, as a user of the namespace'],
  [
    older('hostaccess', { allowHostDirVolumePlugin: true, allowHostPID: true, volumes: ['*'] }),
    'node root',
    'paths of the node, as a user of the namespace',
  ],
  [SCCS.privileged, 'node root', 'everything'],
];
for (const [object, sure, why] of SCC) {
  const { name } = object.metadata as { name: string };
  test(`by SecurityContextConstraints ${name} ${sure} and nothing stronger: ${why}`, () => {
    const world = openShift([object], [name], { ...ALLOTTED });
    const found = strongest(world);
    assert.deepEqual([found.sure, found.maybe], [sure, null]);
  });
}
const ALLOTTED = { 'openshift.io/sa.scc.uid-range': '1000650000/10000', 'openshift.io/sa.scc.mcs': 's0:c26,c5' };

const shop = (labels: object = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels },
});
const hook = (name: string): Raw => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name },
  webhooks: [
    {
      ...{ name, clientConfig: { url: 'https://x' }, sideEffects: 'None', admissionReviewVersions: ['v1'] },
      rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: ['*'] }],
    },
  ],
});
const kyverno = (...policies: Raw[]): Raw[] => [shop(), hook('validate.kyverno.svc-fail'), ...policies];
const gatekeeper = (kind: string, parameters: object): Raw[] => [
  shop(),
  hook('validation.gatekeeper.sh'),
  templateOf(kind),
  constraintOf(kind, parameters),
];
const validating = (expression: string): Raw[] => [
  shop(),
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'p' },
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      },
      validations: [{ expression }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'p' },
    spec: { policyName: 'p', validationActions: ['Deny'] },
  },
];
const absent = (field: string): object => ({
  pattern: {
    spec: {
      '=(securityContext)': { [`X(${field})`]: 'null' },
      containers: [{ '=(securityContext)': { [`X(${field})`]: 'null' } }],
    },
  },
});

/** What lets a plain pod through, or refuses it for what it does not say. */
const LAYERS: readonly (readonly [objects: readonly Raw[], why: string])[] = [
  [[shop()], 'nothing refuses'],
  [[shop({ 'pod-security.kubernetes.io/enforce': 'baseline' })], 'Pod Security baseline'],
  [[shop({ 'pod-security.kubernetes.io/enforce': 'restricted' })], 'Pod Security restricted'],
  [kyverno(policyOf('pss', { podSecurity: { level: 'restricted' } })), 'Kyverno restricted'],
  [kyverno(policyOf('ids', absent('runAsUser'))), 'Kyverno: nobody says who they are'],
  [kyverno(policyOf('groups', absent('fsGroup'))), 'Kyverno: nor their groups'],
  [kyverno(policyOf('seccomp', absent('seccompProfile'))), 'Kyverno: nor a seccomp profile'],
  [gatekeeper('K8sPSPAllowedUsers', { runAsUser: { rule: 'MustRunAsNonRoot' } }), 'Gatekeeper: not as root'],
  [
    gatekeeper('K8sPSPAllowedUsers', {
      runAsUser: { rule: 'RunAsAny' },
      fsGroup: { rule: 'MayRunAs', ranges: [{ min: 5, max: 9 }] },
    }),
    'Gatekeeper: groups that may be',
  ],
  [gatekeeper('K8sPSPFSGroup', { rule: 'MayRunAs', ranges: [{ min: 5, max: 9 }] }), 'Gatekeeper: a group that may be'],
  [gatekeeper('K8sPSPAllowPrivilegeEscalationContainer', {}), 'Gatekeeper: no escalation'],
  [gatekeeper('K8sPSPReadOnlyRootFilesystem', {}), 'Gatekeeper: a root filesystem that is read-only'],
  [
    validating('!has(object.spec.securityContext) || !has(object.spec.securityContext.fsGroup)'),
    'a policy against groups',
  ],
  [
    validating('object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.runAsUser))'),
    'a policy against users',
  ],
];
for (const [objects, why] of LAYERS) {
  test(`a pod without privileges gets in: ${why}`, () => {
    const { sure } = strongest(readWorld(objects));
    assert.notEqual(sure, null);
  });
}

test('some of these let a plain pod through, and some do not', () => {
  const admitted = LAYERS.map(([objects]) => isPlainAdmitted(readWorld(objects)));
  assert.ok(admitted.filter(Boolean).length > 5 && admitted.filter((each) => !each).length > 3, admitted.join());
});
