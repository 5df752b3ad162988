import type { Raw } from '../../../src/world/raw.ts';

/** A pod as the template of a workload. */
export const templateOf = ({ metadata, spec }: Raw): Raw => ({
  metadata: { annotations: (metadata as Raw).annotations, labels: { app: 'a' } },
  spec: { ...(spec as Raw), restartPolicy: 'Always', activeDeadlineSeconds: null },
});

const metadata = { name: 'w' };
const selector = { matchLabels: { app: 'a' } };

/** The kinds whose controllers make pods, and podtemplates, each with the least around a template. */
export const WORKLOADS: readonly [group: string, resource: string, wrap: (template: Raw) => Raw][] = [
  ['apps', 'deployments', (template) => ({ metadata, spec: { selector, template } })],
  ['apps', 'daemonsets', (template) => ({ metadata, spec: { selector, template } })],
  ['apps', 'replicasets', (template) => ({ metadata, spec: { selector, template } })],
  ['apps', 'statefulsets', (template) => ({ metadata, spec: { selector, template, serviceName: 's' } })],
  ['', 'replicationcontrollers', (template) => ({ metadata, spec: { selector: { app: 'a' }, template } })],
  ['', 'podtemplates', (template) => ({ metadata, template })],
  [
    'batch',
    'jobs',
    (template) => ({
      metadata,
      spec: { template: { ...template, spec: { ...(template.spec as Raw), restartPolicy: 'Never' } } },
    }),
  ],
  [
    'batch',
    'cronjobs',
    (template) => ({
      metadata,
      spec: {
        schedule: '0 0 * * *',
        jobTemplate: {
          spec: { template: { ...template, spec: { ...(template.spec as Raw), restartPolicy: 'Never' } } },
        },
      },
    }),
  ],
];
