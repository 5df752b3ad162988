import type { Raw } from '../../../src/world/raw.ts';
import type { World } from '../../../src/world/world.ts';
import { worldOf } from '../../helpers/world-of.ts';

/** An SCC that allows nothing but what `more` says. */
export const sccObject = (name: string, more: object = {}): Raw => ({
  apiVersion: 'security.openshift.io/v1',
  kind: 'SecurityContextConstraints',
  metadata: { name },
  allowPrivilegedContainer: false,
  allowHostNetwork: false,
  runAsUser: { type: 'MustRunAsRange' },
  seLinuxContext: { type: 'MustRunAs' },
  fsGroup: { type: 'MustRunAs' },
  supplementalGroups: { type: 'RunAsAny' },
  volumes: ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'],
  allowPrivilegeEscalation: false,
  requiredDropCapabilities: ['ALL'],
  allowedCapabilities: ['NET_BIND_SERVICE'],
  seccompProfiles: ['runtime/default'],
  ...more,
});

const ANY = { type: 'RunAsAny' };

/** What comes with OpenShift, as far as a test needs it. */
export const SCCS = {
  restricted: sccObject('restricted-v2'),
  nonroot: sccObject('nonroot-v2', { runAsUser: { type: 'MustRunAsNonRoot' } }),
  anyuid: sccObject('anyuid', {
    priority: 10,
    runAsUser: ANY,
    fsGroup: ANY,
    allowPrivilegeEscalation: true,
    requiredDropCapabilities: ['MKNOD'],
    seccompProfiles: [],
  }),
  hostnetwork: sccObject('hostnetwork-v2', { allowHostNetwork: true, allowHostPorts: true }),
  v3: sccObject('restricted-v3', {
    userNamespaceLevel: 'RequirePodLevel',
    runAsUser: { type: 'MustRunAsRange', uidRangeMin: 1000, uidRangeMax: 65534 },
  }),
  privileged: sccObject('privileged', {
    allowPrivilegedContainer: true,
    ...{
      allowHostNetwork: true,
      allowHostPID: true,
      allowHostIPC: true,
      allowHostPorts: true,
      allowPrivilegeEscalation: true,
    },
    ...{ runAsUser: ANY, seLinuxContext: ANY, fsGroup: ANY, supplementalGroups: ANY },
    ...{
      volumes: ['*'],
      allowedCapabilities: ['*'],
      requiredDropCapabilities: null,
      seccompProfiles: ['*'],
      allowedUnsafeSysctls: ['*'],
    },
    users: ['system:admin'],
    groups: ['system:masters'],
  }),
} as const;

export const ANNOTATIONS = {
  'openshift.io/sa.scc.uid-range': '1000650000/10000',
  'openshift.io/sa.scc.mcs': 's0:c26,c5',
};

/** Namespace shop; `use` of the named SCCs given to jane there; and all SCCs of `objects`. */
export function openShift(objects: readonly Raw[], jane: readonly string[], annotations: object = ANNOTATIONS): World {
  return worldOf([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', annotations } },
    ...objects,
    ...grants('jane', jane, { kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' }),
  ]);
}

/** A Role that lets use SCCs, and its binding, in namespace shop. */
export const grants = (name: string, sccs: readonly string[], subject: object, namespace = 'shop'): Raw[] =>
  sccs.length === 0
    ? []
    : [
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'Role',
          metadata: { name, namespace },
          rules: [
            {
              apiGroups: ['security.openshift.io'],
              resources: ['securitycontextconstraints'],
              resourceNames: sccs,
              verbs: ['use'],
            },
          ],
        },
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: { name, namespace },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
          subjects: [subject],
        },
      ];
