import { aboutObjects, POD } from './about-objects.ts';

export const logs = aboutObjects({
  name: 'logs',
  usage: 'POD',
  summary: 'Who can read the logs of a pod',
  details: POD,
  examples: [['Who can read the logs of this pod?', 'logs web-0 -n shop']],

  load: async () => (await import('../../questions/index.ts')).logs,
  view: async () => (await import('../../render/views/holders.ts')).holdersView('read the logs of'),
  keepsPodsWhole: false,
});
