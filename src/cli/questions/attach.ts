import { aboutObjects, POD } from './about-objects.ts';

export const attach = aboutObjects({
  name: 'attach',
  usage: 'POD',
  summary: 'Who can attach to a running process of a pod',
  details: POD,
  examples: [['Who can attach to this pod?', 'attach web-0 -n shop']],

  load: async () => (await import('../../questions/index.ts')).attach,
  view: async () => (await import('../../render/views/holders.ts')).holdersView('attach to'),
  keepsPodsWhole: false,
});
