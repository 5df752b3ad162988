import { aboutObjects, POD } from './about-objects.ts';

export const debug = aboutObjects({
  name: 'debug',
  usage: 'POD',
  summary: 'Who can put an ephemeral container into a pod',
  details: POD,
  examples: [['Who can add a container to this pod?', 'debug web-0 -n shop']],

  load: async () => (await import('../../questions/access/debug.ts')).debug,
  view: async () => (await import('../../render/views/holders.ts')).holdersView('add an ephemeral container to'),
  keepsPodsWhole: true,
});
