import type { Raw } from '../../../src/world/raw.ts';

/** A change of a pod that is there already. Null: not of this pod. */
export interface Change {
  name: string;
  subresource: '' | 'ephemeralcontainers' | 'status' | 'resize';
  apply: (pod: Raw) => Raw | null;
}

type Lists = {
  containers: Raw[];
  initContainers?: Raw[];
  tolerations?: Raw[];
  ephemeralContainers?: Raw[];
  activeDeadlineSeconds?: number;
};
type Pod = Raw & { metadata: Raw & { labels?: object; annotations?: object }; spec: Lists & Raw };

const withSpec = (change: (spec: Lists) => void) => (pod: Raw) => {
  const changed = structuredClone(pod) as Pod;
  change(changed.spec);
  return changed;
};

const withLabels = (pod: Raw): Raw => {
  const changed = structuredClone(pod) as Pod;
  changed.metadata.labels = { ...changed.metadata.labels, changed: 'yes' };
  return changed;
};

const image = (container: Raw | undefined): void => {
  if (container) container.image = 'registry.example.com/other:v2';
};

const ephemeral = (name: string, securityContext: Raw | null, more: Raw = {}): Change => ({
  name: `an ephemeral container: ${name}`,
  subresource: 'ephemeralcontainers',
  apply: withSpec((spec) => {
    const added = { name: 'debug', image: 'busybox', ...(securityContext && { securityContext }), ...more };
    spec.ephemeralContainers = [...(spec.ephemeralContainers ?? []), added];
  }),
});

const RESTRICTED = {
  ...{ allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] } },
  seccompProfile: { type: 'RuntimeDefault' },
};

export const CHANGES: readonly Change[] = [
  { name: 'nothing', subresource: '', apply: (pod) => pod },
  { name: 'a label', subresource: '', apply: withLabels },
  { name: 'an image', subresource: '', apply: withSpec(({ containers }) => image(containers.at(-1))) },
  {
    name: "an init container's image",
    subresource: '',
    apply: (pod) =>
      (pod as Pod).spec.initContainers?.length
        ? withSpec(({ initContainers }) => image(initContainers?.[0]))(pod)
        : null,
  },
  {
    name: 'a toleration',
    subresource: '',
    apply: withSpec((spec) => {
      spec.tolerations = [...(spec.tolerations ?? []), { key: 'k', operator: 'Exists' }];
    }),
  },
  {
    name: 'a deadline',
    subresource: '',
    apply: withSpec((spec) => {
      spec.activeDeadlineSeconds = 60;
    }),
  },
  { name: 'a label through status', subresource: 'status', apply: withLabels },
  // The API has no resize for Windows.
  { name: 'nothing through resize', subresource: 'resize', apply: (pod) => ((pod.spec as Raw).os ? null : pod) },
  { name: 'nothing through ephemeralcontainers', subresource: 'ephemeralcontainers', apply: (pod) => pod },
  ephemeral('bare', null),
  ephemeral('restricted', RESTRICTED),
  ephemeral('privileged', { privileged: true }),
  ephemeral('with a capability', { ...RESTRICTED, capabilities: { drop: ['ALL'], add: ['SYS_PTRACE'] } }),
  ephemeral('as root', { ...RESTRICTED, runAsUser: 0 }),
  ephemeral('unconfined', { seccompProfile: { type: 'Unconfined' }, appArmorProfile: { type: 'Unconfined' } }),
  ephemeral('of another type', { seLinuxOptions: { type: 'spc_t' } }),
  ephemeral('unmasked', { procMount: 'Unmasked' }),
  ephemeral('that has a port', RESTRICTED, { ports: [{ containerPort: 80, hostPort: 80 }] }),
  ephemeral('that targets nobody', RESTRICTED, { targetContainerName: 'gone' }),
  ephemeral('that is not privileged and may not escalate, yet is', {
    privileged: true,
    allowPrivilegeEscalation: false,
  }),
];
