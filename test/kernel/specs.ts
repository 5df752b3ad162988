import type { Raw } from '../../src/world/raw.ts';
import { type Random, random } from '../helpers/random.ts';

/** A container as it is written, and what runs it. */
export interface Spec {
  why: string;
  runtime: string;
  own: Raw;
  pod: Raw;
}

const CONTAINERD = 'containerd://1.7.27';
const CRIO = 'cri-o://1.34.0';
const OLD_CRIO = 'cri-o://1.21.0';
const DOCKER = 'docker://24.0.7';

const of = (why: string, runtime: string, own: Raw, pod: Raw = {}): Spec => ({ why, runtime, own, pod });
const caps = (add: string[], drop: string[], more: Raw = {}): Raw => ({
  runAsUser: 0,
  capabilities: { add, drop },
  ...more,
});

/** Each row of the decision table that a kernel can show, and each line of the arithmetic. */
export const NAMED: readonly Spec[] = [
  of(
    "row 2: the node's network and a user namespace",
    CONTAINERD,
    { privileged: true, runAsUser: 0 },
    { hostUsers: false, hostNetwork: true },
  ),
  of('row 4: ALL dropped', CONTAINERD, caps([], ['ALL'])),
  of('row 4: all dropped in lower case', CONTAINERD, caps([], ['all'])),
  of('row 4: dropped by name', CONTAINERD, caps([], ['net_raw'])),
  of('row 4: not in the default of CRI-O', CRIO, { runAsUser: 0 }),
  of('row 5: neither root nor able to gain privileges', CONTAINERD, {
    runAsUser: 1000,
    allowPrivilegeEscalation: false,
  }),
  of(
    'row 5: an added capability changes nothing',
    CONTAINERD,
    caps(['NET_RAW'], [], { runAsUser: 1000, allowPrivilegeEscalation: false }),
  ),
  of('row 8: privileged on CRI-O, any user', CRIO, { privileged: true, runAsUser: 1000 }),
  of('row 9: root by default of containerd', CONTAINERD, { runAsUser: 0 }),
  of('row 9: root by default of docker', DOCKER, { runAsUser: 0 }),
  of('row 9: allowPrivilegeEscalation does nothing for root', CONTAINERD, {
    runAsUser: 0,
    allowPrivilegeEscalation: false,
  }),
  of('row 9: privileged', CONTAINERD, { privileged: true, runAsUser: 0 }),
  of("row 9: the node's network", CONTAINERD, { runAsUser: 0 }, { hostNetwork: true }),
  of('row 9: a user namespace', CONTAINERD, { runAsUser: 0 }, { hostUsers: false }),
  of('row 10: another user', CONTAINERD, { runAsUser: 1000 }),
  of('row 10: another user, in a user namespace', CONTAINERD, { runAsUser: 1000 }, { hostUsers: false }),
  of('row 10: privileged on containerd, another user', CONTAINERD, { privileged: true, runAsUser: 1000 }),
  of('row 11: the user of the image, which cannot gain privileges', CONTAINERD, { allowPrivilegeEscalation: false }),
  of('row 12: the user of the image', CONTAINERD, {}),
  of('row 12: the user of the image, not root', CONTAINERD, { runAsNonRoot: true }),
  of('CAP_NET_RAW drops nothing on containerd', CONTAINERD, caps([], ['CAP_NET_RAW'])),
  of('CAP_NET_RAW drops it on docker', DOCKER, caps([], ['CAP_NET_RAW'])),
  of('CAP_NET_RAW adds nothing on containerd', CONTAINERD, caps(['CAP_NET_RAW'], ['ALL'])),
  of('CAP_NET_RAW adds it on CRI-O', CRIO, caps(['CAP_NET_RAW'], [])),
  of('an unknown name is passed over by containerd and runc', CONTAINERD, caps(['NOT_A_CAPABILITY'], [])),
  of('drop and add of one name on containerd', CONTAINERD, caps(['NET_RAW'], ['NET_RAW'])),
  of('drop and add of one name on docker', DOCKER, caps(['NET_RAW'], ['NET_RAW'])),
  of('ALL on both sides on containerd', CONTAINERD, caps(['ALL'], ['ALL'])),
  of('ALL on both sides on docker', DOCKER, caps(['ALL'], ['ALL'])),
  of('all but that', CONTAINERD, caps(['ALL'], ['NET_RAW'])),
  of('dropping ALL keeps the defaults of an old CRI-O', OLD_CRIO, caps(['NET_RAW'], ['ALL'])),
  of('NET_ADMIN without NET_RAW', CONTAINERD, caps(['NET_ADMIN'], ['ALL'])),
  of('NET_ADMIN without NET_RAW, another user', CONTAINERD, caps(['NET_ADMIN'], ['ALL'], { runAsUser: 1000 })),
];

const NAMES = [
  'ALL',
  'all',
  'NET_RAW',
  'net_raw',
  'CAP_NET_RAW',
  'NET_ADMIN',
  'CHOWN',
  'SETUID',
  'CAP_ALL',
  'NONSENSE',
];
const RUNTIMES = [CONTAINERD, 'containerd://2.3.0', CRIO, OLD_CRIO, DOCKER];

/** As a seed makes them up. */
export function generated(count: number, seed: number): Spec[] {
  const dice = random(seed);
  return Array.from({ length: count }, (_, index) =>
    of(`generated ${index}`, dice.pick(RUNTIMES), container(dice), sandbox(dice)),
  );
}

function container(dice: Random): Raw {
  const maybe = (field: string, ...values: unknown[]): Raw => (dice.chance(0.6) ? { [field]: dice.pick(values) } : {});
  if (dice.chance(0.1))
    return { privileged: true, ...maybe('runAsUser', 0, 1000), capabilities: { drop: dice.some(NAMES, 0, 2) } };
  return {
    capabilities: { add: dice.some(NAMES, 0, 2), drop: dice.some(NAMES, 0, 2) },
    ...maybe('runAsUser', 0, 0, 1000),
    ...maybe('runAsNonRoot', false, false, true),
    ...maybe('allowPrivilegeEscalation', true, false),
  };
}

const sandbox = (dice: Random): Raw => ({
  ...(dice.chance(0.3) ? { hostUsers: false } : {}),
  ...(dice.chance(0.2) ? { hostNetwork: true } : {}),
});
