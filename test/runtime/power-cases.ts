import type { Raw } from '../../src/world/raw.ts';

export const CONTAINERD = 'containerd://1.7.27';
const CRIO = 'cri-o://1.30.0';
const DOCKER = 'docker://24.0.7';
const DROP_ALL = { capabilities: { drop: ['ALL'] } };
const ADD = { capabilities: { add: ['NET_RAW'] } };

export interface Case {
  row: number;
  /** What is written into the container, into the pod, and into the status. */
  own?: Raw;
  pod?: Raw;
  uid?: number;
  runtime?: string | string[];
  handler?: string;
  os?: 'windows';
  reach: string;
  leaning?: string;
  reason?: RegExp;
  why: string;
}

/** Rows 1 to 13 of the decision table, each by what decides it and by what comes close. */
export const CASES: Case[] = [
  { row: 1, os: 'windows', reach: 'no', why: 'Windows has no Linux capabilities' },
  { row: 1, os: 'windows', own: ADD, reach: 'no', why: 'nor can they be added' },
  {
    row: 1,
    os: 'windows',
    pod: { securityContext: { windowsOptions: { hostProcess: true } } },
    reach: 'unknown',
    leaning: 'yes',
    why: 'but hostProcess is a process of the node',
  },
  {
    row: 2,
    pod: { hostUsers: false, hostNetwork: true },
    own: { privileged: true },
    reach: 'no',
    why: 'even privileged: the network is not of its user namespace',
  },
  { row: 9, pod: { hostUsers: false }, own: { runAsUser: 0 }, reach: 'yes', why: 'in its own network a user namespace protects nobody' },
  { row: 3, own: { runAsUser: 0, runAsNonRoot: true }, reach: 'no', why: 'the kubelet does not start it' },
  { row: 3, own: { runAsUser: 0 }, pod: { securityContext: { runAsNonRoot: true } }, reach: 'no', why: 'the same where the pod says it' },
  { row: 4, own: DROP_ALL, uid: 0, reach: 'no', reason: /^ALL is dropped$/, why: 'dropped' },
  {
    row: 4,
    own: { capabilities: { drop: ['net_raw'] } },
    uid: 0,
    reach: 'no',
    reason: /^NET_RAW is dropped$/,
    why: 'dropped in lower case',
  },
  { row: 4, runtime: CRIO, uid: 0, reach: 'no', reason: /not in the default set of CRI-O 1.30/, why: 'not in the default' },
  {
    row: 4,
    runtime: DOCKER,
    own: { capabilities: { add: ['NONSENSE'] } },
    reach: 'no',
    reason: /does not start/,
    why: 'docker refuses what it does not know',
  },
  { row: 4, own: DROP_ALL, handler: 'untrusted', reach: 'no', why: 'dropped, whatever the handler' },
  { row: 4, own: DROP_ALL, runtime: 'rkt://1.0', uid: 0, reach: 'no', why: 'under every family that it could be' },
  {
    row: 5,
    own: { runAsUser: 1000, allowPrivilegeEscalation: false },
    reach: 'no',
    reason: /^user 1000 that cannot gain privileges$/,
    why: 'by runAsUser',
  },
  { row: 5, own: { runAsNonRoot: true, allowPrivilegeEscalation: false }, reach: 'no', why: 'by runAsNonRoot' },
  { row: 5, own: { allowPrivilegeEscalation: false }, uid: 1000, reach: 'no', why: 'by the status' },
  {
    row: 5,
    own: { ...ADD, runAsUser: 1000, allowPrivilegeEscalation: false },
    reach: 'no',
    why: 'an added capability does nothing for it',
  },
  { row: 5, own: { runAsUser: 1000, allowPrivilegeEscalation: false }, runtime: 'rkt://1.0', reach: 'no', why: 'on any runtime' },
  { row: 5, own: { allowPrivilegeEscalation: false }, pod: { securityContext: { runAsUser: 7 } }, reach: 'no', why: 'the user of the pod' },
  {
    row: 5,
    own: { privileged: true, runAsUser: 1000, allowPrivilegeEscalation: false },
    reach: 'no',
    why: 'privileged too, which no API server admits, but a file may have',
  },
  {
    row: 8,
    runtime: CRIO,
    own: { privileged: true, runAsUser: 1000, allowPrivilegeEscalation: false },
    reach: 'yes',
    why: 'but what is ambient stays',
  },
  { row: 6, handler: 'runsc', own: { privileged: true }, reach: 'unknown', leaning: 'no', why: 'gVisor, even privileged' },
  { row: 6, handler: 'gvisor', uid: 0, reach: 'unknown', leaning: 'no', why: 'gVisor' },
  { row: 9, handler: 'kata-qemu', uid: 0, reach: 'yes', why: 'a guest has the same sets' },
  { row: 7, handler: 'untrusted', uid: 0, reach: 'unknown', why: 'a handler that nobody knows' },
  {
    row: 7,
    handler: 'sysbox-runc',
    own: DROP_ALL,
    uid: 0,
    reach: 'unknown',
    leaning: 'yes',
    why: 'Sysbox does not look at what is dropped',
  },
  {
    row: 7,
    runtime: 'rkt://1.0',
    uid: 0,
    reach: 'unknown',
    reason: /yes on containerd, docker; no on CRI-O/,
    why: 'families that disagree',
  },
  {
    row: 7,
    runtime: 'cri-o://',
    uid: 0,
    reach: 'unknown',
    reason: /yes on CRI-O 1.17; no on CRI-O 1.21, CRI-O 1.24/,
    why: 'versions that disagree',
  },
  { row: 7, runtime: [CONTAINERD, CRIO], uid: 0, reach: 'unknown', why: 'nodes that disagree' },
  { row: 8, runtime: CRIO, own: { privileged: true, runAsUser: 1000 }, reach: 'yes', why: 'CRI-O makes it ambient' },
  { row: 10, own: { privileged: true, runAsUser: 1000 }, reach: 'via-binary', why: 'containerd does not' },
  { row: 10, runtime: DOCKER, own: { privileged: true, runAsUser: 1000 }, reach: 'via-binary', why: 'docker does not' },
  {
    row: 9,
    own: { runAsUser: 0, allowPrivilegeEscalation: false },
    reach: 'yes',
    reason: /^root; NET_RAW: default of containerd 1.7$/,
    why: 'allowPrivilegeEscalation does nothing for root',
  },
  { row: 9, uid: 0, reach: 'yes', why: 'by the status' },
  { row: 9, own: { privileged: true }, uid: 0, reach: 'yes', reason: /^root; privileged$/, why: 'privileged' },
  { row: 9, runtime: CRIO, own: ADD, uid: 0, reach: 'yes', reason: /^root; NET_RAW: added$/, why: 'added' },
  { row: 9, own: ADD, uid: 0, reach: 'yes', reason: /added, and default of containerd 1.7$/, why: 'added to what is there' },
  { row: 9, own: { capabilities: { add: ['ALL'] } }, runtime: CRIO, uid: 0, reach: 'yes', reason: /added with ALL$/, why: 'add ALL' },
  { row: 9, own: { capabilities: { drop: ['CAP_NET_RAW'] } }, uid: 0, reach: 'yes', why: 'a spelling that containerd does not know' },
  { row: 9, own: { runAsUser: 0 }, pod: { securityContext: { runAsUser: 1000 } }, reach: 'yes', why: 'the container wins over the pod' },
  { row: 10, own: { runAsUser: 1000 }, reach: 'via-binary', reason: /^user 1000, by a setuid-root/, why: 'a user that is not root' },
  { row: 10, own: { runAsNonRoot: true }, reach: 'via-binary', why: 'whoever it is, it is not root' },
  { row: 10, own: { ...ADD, runAsUser: 1000 }, reach: 'via-binary', why: 'adding does nothing for it by itself' },
  { row: 11, own: { allowPrivilegeEscalation: false }, reach: 'unknown', leaning: 'yes', reason: /else no/, why: 'the user of the image' },
  { row: 12, reach: 'unknown', leaning: 'yes', reason: /else only via a binary/, why: 'the same, and it may gain privileges' },
  {
    row: 13,
    own: { seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' } },
    uid: 0,
    reach: 'unknown',
    reason: /unless the seccomp profile a.json forbids it/,
    why: 'a seccomp profile of the node',
  },
  {
    row: 13,
    pod: { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' } } },
    uid: 0,
    reach: 'unknown',
    why: 'the same for the whole pod',
  },
  {
    row: 13,
    own: { appArmorProfile: { type: 'Localhost', localhostProfile: 'strict' } },
    uid: 0,
    reach: 'unknown',
    why: 'an AppArmor profile of the node',
  },
  { row: 13, own: { seLinuxOptions: { type: 'my_t' } }, uid: 1000, reach: 'unknown', why: 'a type of SELinux of somebody' },
  {
    row: 9,
    own: { privileged: true, seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' } },
    uid: 0,
    reach: 'yes',
    why: 'no seccomp profile applies to privileged',
  },
  {
    row: 13,
    own: { privileged: true, appArmorProfile: { type: 'Localhost', localhostProfile: 'strict' } },
    uid: 0,
    reach: 'unknown',
    why: 'but containerd puts a privileged container under an AppArmor profile that is named',
  },
  {
    row: 8,
    runtime: CRIO,
    own: { privileged: true, appArmorProfile: { type: 'Localhost', localhostProfile: 'strict' } },
    uid: 0,
    reach: 'yes',
    why: 'CRI-O does not',
  },
  {
    row: 9,
    own: { privileged: true, seLinuxOptions: { type: 'my_t' } },
    uid: 0,
    reach: 'yes',
    why: 'nor does any runtime with a type of SELinux',
  },
  {
    row: 13,
    runtime: 'docker://28.5.2',
    own: { privileged: true, seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' } },
    uid: 0,
    reach: 'unknown',
    why: 'docker takes a seccomp profile that is named, of late',
  },
  { row: 9, own: { seccompProfile: { type: 'RuntimeDefault' } }, uid: 0, reach: 'yes', why: 'the runtime’s own does not forbid it' },
  { row: 9, own: { seLinuxOptions: { type: 'spc_t' } }, uid: 0, reach: 'yes', why: 'nor do the types of container-selinux' },
  {
    row: 4,
    own: { ...DROP_ALL, seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' } },
    reach: 'no',
    why: 'a profile gives nothing back',
  },
  {
    row: 9,
    own: { capabilities: { add: ['SYS_ADMIN'] }, allowPrivilegeEscalation: false, runAsUser: 0 },
    reach: 'yes',
    why: 'SYS_ADMIN does not force allowPrivilegeEscalation',
  },
  {
    row: 5,
    own: { capabilities: { add: ['SYS_ADMIN'] }, allowPrivilegeEscalation: false, runAsUser: 1 },
    reach: 'no',
    why: 'nor for others',
  },
];
