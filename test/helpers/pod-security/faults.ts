import type { Raw } from '../../../src/world/raw.ts';
import type { Random } from '../random.ts';
import { APP_ARMOR, anyContainer, containersOf, type Draft, MORE_VOLUMES, SYSCTLS } from './good-pod.ts';

/**
 * What one check refuses, in all its shapes: applied to a good pod, that check alone has something to say, where it can
 * be alone.
 */
export interface Fault {
  check: string;
  apply: (draft: Draft, random: Random, minor: number) => void;
}

export const FAULTS: readonly Fault[] = [
  {
    check: 'hostNamespaces',
    apply: ({ spec }, random) => {
      dropPorts({ spec });
      for (const field of random.some(['hostNetwork', 'hostPID', 'hostIPC'], 1, 3)) spec[field] = true;
      if (spec.hostPID) delete spec.shareProcessNamespace;
      if (spec.hostUsers === false) delete spec.hostUsers;
      delete spec.securityContext.sysctls;
    },
  },
  {
    check: 'privileged',
    apply: (draft, random) => {
      for (const { securityContext } of random.some(containersOf(draft), 1, 2)) {
        securityContext.privileged = true;
        delete securityContext.allowPrivilegeEscalation;
      }
    },
  },
  {
    check: 'capabilities_baseline',
    apply: (draft, random) => {
      for (const { securityContext } of random.some(containersOf(draft), 1, 2)) {
        securityContext.capabilities = {
          drop: ['ALL'],
          add: random.some(['SYS_ADMIN', 'NET_RAW', 'ALL', 'CAP_CHOWN', 'chown', 'KILL', 'CHOWN', ''], 2, 4),
        };
      }
    },
  },
  {
    check: 'hostPathVolumes',
    apply: ({ spec }, random) => {
      for (const type of random.some([undefined, '', 'Directory', 'Socket'], 1, 2)) {
        spec.volumes.push({
          name: `h${spec.volumes.length}`,
          hostPath: { path: '/var', ...(type !== undefined && { type }) },
        });
      }
    },
  },
  {
    check: 'hostPorts',
    apply: (draft, random) => {
      const [port] = random.some([80, 443, 8080, 9, 10], 1, 1);
      for (const [index, container] of random.some(containersOf(draft), 1, 2).entries()) {
        container.ports = [
          { containerPort: 80, hostPort: (port ?? 1) + index },
          ...(random.chance(0.5) ? [{ containerPort: 1, hostPort: 7000 + index }] : []),
        ];
      }
    },
  },
  {
    check: 'appArmorProfile',
    apply: (draft, random) => {
      for (const how of random.some(['pod', 'container', 'annotation'], 1, 2)) {
        if (how === 'annotation') annotate(draft, random);
        else
          random.pick<{ securityContext: Raw }>(
            how === 'pod' ? [draft.spec] : containersOf(draft),
          ).securityContext.appArmorProfile = {
            type: 'Unconfined',
          };
      }
      const isSaid = [draft.spec, ...containersOf(draft)].some(
        ({ securityContext }) => securityContext.appArmorProfile,
      );
      if (isSaid && random.chance(0.8))
        for (const key of Object.keys(draft.metadata.annotations))
          if (key.startsWith(APP_ARMOR)) delete draft.metadata.annotations[key];
    },
  },
  {
    check: 'seLinuxOptions',
    apply: (draft, random, minor) => {
      const bad = [
        { type: 'spc_t' },
        { user: 'system_u' },
        { role: 'sysadm_r', type: 'container_t' },
        ...(minor < 31 ? [ENGINE, ENGINE, ENGINE] : []),
      ];
      for (const { securityContext } of random.some([draft.spec, ...containersOf(draft)], 1, 3)) {
        securityContext.seLinuxOptions = { ...random.pick<Raw>(bad), ...(random.chance(0.3) && random.pick<Raw>(bad)) };
      }
    },
  },
  { check: 'procMount', apply: unmask },
  { check: 'procMount_restricted', apply: unmask },
  {
    check: 'seccompProfile_baseline',
    apply: (draft, random, minor) => {
      if (minor >= 19) return unconfine(draft, random);
      const container = anyContainer(draft, random);
      const keys = random.some(
        [
          'seccomp.security.alpha.kubernetes.io/pod',
          `container.seccomp.security.alpha.kubernetes.io/${container.name}`,
        ],
        1,
        2,
      );
      for (const key of keys) draft.metadata.annotations[key] = 'unconfined';
      for (const { securityContext } of [draft.spec, ...containersOf(draft)]) delete securityContext.seccompProfile;
    },
  },
  {
    check: 'sysctls',
    apply: ({ spec }, random, minor) => {
      const tooNew = SYSCTLS.filter(([, since]) => since > minor).map(([name]) => name);
      const bad = [
        'kernel.msgmax',
        'net.core.somaxconn',
        'net/ipv4/tcp_syncookies',
        'vm.swappiness',
        ...tooNew,
        ...tooNew,
      ];
      spec.securityContext.sysctls = random
        .some([...bad, 'kernel.shm_rmid_forced'], 2, 3)
        .map((name) => ({ name, value: '1' }));
    },
  },
  {
    check: 'windowsHostProcess',
    apply: (draft, random) => {
      const { spec } = draft;
      dropPorts(draft);
      // Validation wants the node's network, so this is never alone.
      spec.hostNetwork = true;
      if (spec.hostUsers === false) delete spec.hostUsers;
      delete spec.securityContext.sysctls;
      if (random.chance(0.6)) delete spec.os;
      if (random.chance(0.5)) spec.securityContext.windowsOptions = { hostProcess: true };
      else
        for (const { securityContext } of containersOf(draft)) securityContext.windowsOptions = { hostProcess: true };
      if (spec.securityContext.windowsOptions)
        for (const { securityContext } of containersOf(draft)) delete securityContext.windowsOptions;
      if ((spec.os as Raw | undefined)?.name === 'linux') delete spec.os;
    },
  },
  {
    check: 'hostProbesAndHostLifecycle',
    apply: (draft, random) => {
      for (const container of random.some(draft.spec.containers, 1, 2)) {
        const handler = random.pick<Raw>([
          { httpGet: { port: 80, host: '10.0.0.1' } },
          { tcpSocket: { port: 80, host: random.pick(['b', 'a']) } },
        ]);
        if (random.chance(0.6))
          container[random.pick(['livenessProbe', 'readinessProbe', 'startupProbe'])] = { ...handler };
        else container.lifecycle = { [random.pick(['postStart', 'preStop'])]: { ...handler } };
      }
    },
  },
  {
    check: 'restrictedVolumes',
    apply: ({ spec }, random) => {
      const sources = [() => ({ hostPath: { path: '/' } }), ...MORE_VOLUMES];
      for (const source of random.some(sources, 1, 3))
        spec.volumes.push({ name: `r${spec.volumes.length}`, ...source() });
    },
  },
  {
    check: 'runAsNonRoot',
    apply: (draft, random, minor) => {
      if (draft.spec.hostUsers === false && minor >= 35) delete draft.spec.hostUsers;
      const contexts = [
        draft.spec.securityContext,
        ...containersOf(draft).map(({ securityContext }) => securityContext),
      ];
      if (random.chance(0.5)) for (const context of random.some(contexts, 1, 2)) context.runAsNonRoot = false;
      else for (const context of [contexts[0], ...random.some(contexts, 1, 3)]) delete context?.runAsNonRoot;
    },
  },
  {
    check: 'allowPrivilegeEscalation',
    apply: (draft, random) => {
      for (const { securityContext } of random.some(containersOf(draft), 1, 3)) {
        if (random.chance(0.5)) securityContext.allowPrivilegeEscalation = true;
        else delete securityContext.allowPrivilegeEscalation;
      }
    },
  },
  {
    check: 'seccompProfile_restricted',
    apply: (draft, random) => {
      if (random.chance(0.4)) return unconfine(draft, random);
      delete draft.spec.securityContext.seccompProfile;
      for (const { securityContext } of random.some(containersOf(draft), 1, 3)) delete securityContext.seccompProfile;
    },
  },
  {
    check: 'capabilities_restricted',
    apply: (draft, random) => {
      for (const { securityContext } of random.some(containersOf(draft), 1, 3)) {
        const capabilities: Raw = random.pick([
          {
            drop: ['ALL'],
            add: random.some(['CHOWN', 'SYS_ADMIN', 'ALL', 'NET_BIND_SERVICE', 'net_bind_service'], 2, 3),
          },
          { drop: random.pick([[], ['all'], ['NET_RAW'], ['CAP_ALL']]), add: ['NET_BIND_SERVICE'] },
          { drop: [], add: ['KILL'] },
        ]);
        if (random.chance(0.2)) delete securityContext.capabilities;
        else securityContext.capabilities = capabilities;
      }
    },
  },
  {
    check: 'runAsUser',
    apply: (draft, random, minor) => {
      if (draft.spec.hostUsers === false && minor >= 35) delete draft.spec.hostUsers;
      for (const { securityContext } of random.some([draft.spec, ...containersOf(draft)], 1, 2))
        securityContext.runAsUser = 0;
    },
  },
];

const ENGINE = { type: 'container_engine_t' };

/** Only a pod with users of its own may. */
function unmask(draft: Draft, random: Random): void {
  draft.spec.hostUsers = false;
  for (const { securityContext } of random.some(containersOf(draft), 1, 2)) securityContext.procMount = 'Unmasked';
}

function unconfine(draft: Draft, random: Random): void {
  for (const { securityContext } of random.some([draft.spec, ...containersOf(draft)], 1, 2))
    securityContext.seccompProfile = { type: 'Unconfined' };
}

function annotate(draft: Draft, random: Random): void {
  draft.metadata.annotations[APP_ARMOR + anyContainer(draft, random).name] = 'unconfined';
}

const dropPorts = ({ spec }: Pick<Draft, 'spec'>): void => {
  for (const container of [...spec.containers, ...spec.initContainers]) delete container.ports;
};
