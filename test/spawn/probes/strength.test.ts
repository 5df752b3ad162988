import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROBES, STRENGTHS, VOLUME_CLAIM_PROBE } from '../../../src/spawn/probes/probes.ts';
import { strengthOf } from '../../../src/spawn/probes/strength.ts';
import { isStronger, reachesNode } from '../../../src/spawn/probes/strongest.ts';
import { Malformed, type Raw } from '../../../src/world/raw.ts';
import { HOSTILE } from '../../admission/objects.ts';

const container = (securityContext: Raw, more: Raw = {}): Raw => ({
  containers: [{ name: 'app', image: 'app', securityContext }],
  ...more,
});
const mounting = (hostPath: Raw, ...mounts: Raw[]): Raw => ({
  containers: [
    {
      name: 'app',
      image: 'app',
      securityContext: {},
      volumeMounts: mounts.map((each) => ({ name: 'v', mountPath: '/v', ...each })),
    },
  ],
  volumes: [{ name: 'v', hostPath }],
});
const hostPath = (path: unknown): Raw => mounting({ path }, {});
const BOUND = { runAsNonRoot: true, allowPrivilegeEscalation: false };

const cases: readonly [spec: Raw, strength: string, why: string][] = [
  [container({}), 'root in a container', 'nothing said'],
  [container(BOUND), 'restricted', 'a user that cannot become root'],
  [container({ runAsNonRoot: true }), 'root in a container', 'may become root by a program of root’s'],
  [
    container({ allowPrivilegeEscalation: false }, { securityContext: { runAsNonRoot: true } }),
    'restricted',
    'what the pod says counts',
  ],
  [
    container({ ...BOUND, runAsNonRoot: false }, { securityContext: { runAsNonRoot: true } }),
    'root in a container',
    'the container’s word beats the pod’s',
  ],
  [container({ privileged: true }), 'node root', 'privileged'],
  [
    { containers: [], initContainers: [{ securityContext: { privileged: true } }] },
    'node root',
    'of an init container',
  ],
  [
    { containers: [], ephemeralContainers: [{ securityContext: { privileged: true } }] },
    'node root',
    'of an ephemeral container',
  ],
  [container({ privileged: 'true' }), 'root in a container', 'a text is no truth'],
  [container({ windowsOptions: { hostProcess: true } }), 'node root', 'a host process of Windows'],
  [container({}, { securityContext: { windowsOptions: { hostProcess: true } } }), 'node root', 'for the whole pod'],
  [container({ capabilities: { add: ['SYS_ADMIN'] } }), 'node root', 'SYS_ADMIN'],
  [container({ capabilities: { add: ['CAP_SYS_MODULE'] } }), 'node root', 'with the prefix'],
  [container({ capabilities: { add: ['sys_admin'] } }), 'node root', 'in small letters'],
  [container({ capabilities: { add: ['ALL'] } }), 'node root', 'all of them'],
  [container({ capabilities: { add: ['NET_ADMIN'] } }), 'root in a container', 'NET_ADMIN stays inside'],
  [container({ capabilities: { add: ['SYS_PTRACE'] } }), 'root in a container', 'SYS_PTRACE of its own processes'],
  [
    container({ capabilities: { add: ['SYS_PTRACE'] } }, { hostPID: true }),
    'node root',
    'SYS_PTRACE of the host’s processes',
  ],
  [container({}, { hostPID: true }), 'host namespaces only', 'hostPID'],
  [container({}, { hostNetwork: true }), 'host namespaces only', 'hostNetwork'],
  [container({}, { hostIPC: true }), 'host namespaces only', 'hostIPC'],
  [container(BOUND, { hostIPC: true }), 'host namespaces only', 'whatever the user'],
  [hostPath('/'), 'node root', 'the whole node'],
  [hostPath('//etc/./kubernetes/'), 'node root', 'a folder that has static pods inside'],
  [hostPath('/var/lib/kubelet/pods'), 'node root', 'the volumes of all pods'],
  [hostPath('/var/lib/kubelet/pki'), 'root in a container', 'the kubelet’s credentials, which are no root'],
  [hostPath('/etc/kubernetes/pki'), 'root in a container', 'the keys of the CA, if the node has them'],
  [hostPath('/etc/shadow'), 'node root', 'a file that decides who is root'],
  [mounting({ path: '/' }), 'root in a container', 'what nothing mounts'],
  [mounting({ path: '/' }, { name: 'w' }), 'root in a container', 'a mount of another volume'],
  [mounting({ path: '/etc/cron.d' }, { readOnly: true }), 'root in a container', 'cron jobs that are only read'],
  [mounting({ path: '/etc/cron.d' }, { readOnly: true }, {}), 'node root', 'one of two mounts is writable'],
  [
    mounting({ path: '/var/lib/docker/containers' }, { readOnly: true }),
    'root in a container',
    'logs of containers, only read',
  ],
  [
    mounting({ path: '/var/lib/containerd' }, { readOnly: true }),
    'root in a container',
    'files of containers, only read',
  ],
  [mounting({ path: '/etc' }, { subPath: 'localtime' }), 'root in a container', 'a subPath that is worth nothing'],
  [mounting({ path: '/etc' }, { subPath: 'cron.d' }), 'node root', 'a subPath that is worth the node'],
  [
    mounting({ path: '/' }, { subPath: 'etc/hostname', readOnly: true }),
    'root in a container',
    'a subPath of the whole node',
  ],
  [mounting({ path: '/' }, { subPathExpr: '$(NAME)' }), 'root in a container', 'nobody knows where this leads'],
  [mounting({ path: '/run/containerd/containerd.sock' }, { readOnly: true }), 'node root', 'a socket does not mind'],
  [mounting({ path: '/run/containerd/containerd.sock', type: 'Socket' }, {}), 'node root', 'a type that it has'],
  [
    mounting({ path: '/run/docker.sock', type: 'DirectoryOrCreate' }, {}),
    'root in a container',
    'a directory is no socket',
  ],
  [mounting({ path: '/run/docker.sock', type: 'FileOrCreate' }, {}), 'root in a container', 'a file is no socket'],
  [mounting({ path: '/run/podman/podman.sock' }, {}), 'root in a container', 'no kubelet uses podman'],
  [mounting({ path: '/etc/shadow', type: 'Directory' }, {}), 'root in a container', 'a file is no directory'],
  [mounting({ path: '/etc', type: 'DirectoryOrCreate' }, {}), 'node root', 'a directory is one'],
  [
    mounting({ path: '/etc', type: 'File' }, {}),
    'root in a container',
    'what is mounted as a file has no static pods in it',
  ],
  [
    mounting({ path: '/' }, { readOnly: true, recursiveReadOnly: 'Enabled' }),
    'node root',
    'the whole node has sockets in it',
  ],
  [
    mounting({ path: '/run/containerd/io.containerd.runtime.v2.task' }, { readOnly: true }),
    'root in a container',
    'a mount that is read-only itself',
  ],
  [mounting({ path: '/proc' }, { readOnly: true }), 'root in a container', '/proc, only read'],
  [
    container({}, { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }),
    'root in a container',
    'no claim is looked through',
  ],
  [hostPath('/var/log/app'), 'root in a container', 'a log'],
  [hostPath('/runner'), 'root in a container', 'not /run'],
  [hostPath('/run/containerd/containerd.sock'), 'node root', 'the runtime’s socket'],
  [hostPath('/etc/kubernetes/manifests/web.yaml'), 'node root', 'what is in such a folder'],
  [hostPath('/etc/localtime'), 'root in a container', 'what is beside it'],
  [hostPath('/dev/sda'), 'root in a container', 'a device, which the device cgroup does not open'],
  [hostPath('/sys/fs/cgroup'), 'root in a container', 'what hangs on the kernel'],
  [hostPath('/proc/1/root'), 'node root', 'the root of a process of the node'],
  [container({ capabilities: { add: ['BPF'] } }), 'node root', 'BPF'],
  [container({ capabilities: { add: ['SYS_BOOT'] } }), 'root in a container', 'SYS_BOOT, which seccomp mostly stops'],
  [{ containers: [], volumes: [{ name: 'v' }] }, 'restricted', 'no container at all'],
];
for (const [spec, strength, why] of cases) test(`${strength}: ${why}`, () => assert.equal(strengthOf(spec), strength));

for (const { id, strength, specs } of PROBES)
  test(`the probe ${id} is ${strength} in every variant`, () => {
    assert.ok(specs.length > 0);
    for (const spec of specs) assert.equal(strengthOf(spec), strength);
  });

test('no level sees behind a claim', () => {
  for (const spec of VOLUME_CLAIM_PROBE.specs) assert.ok(!reachesNode(strengthOf(spec)));
});

test('strengths are in order, each stronger than none and none than itself', () => {
  for (const [index, strength] of STRENGTHS.entries()) {
    assert.ok(isStronger(strength, null));
    for (const [other, weaker] of STRENGTHS.entries()) assert.equal(isStronger(strength, weaker), index < other);
  }
});

test('another shape is Malformed, and nothing else', () => {
  for (const value of HOSTILE)
    for (const field of ['containers', 'volumes', 'securityContext', 'initContainers'])
      try {
        strengthOf({ [field]: value });
      } catch (error) {
        assert.ok(error instanceof Malformed, String(error));
      }
});
