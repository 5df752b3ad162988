import { aboutObjects, POD } from './about-objects.ts';

export const portForward = aboutObjects({
  name: 'port-forward',
  usage: 'POD',
  summary: 'Who can open a tunnel to the ports of a pod',
  details: POD,
  examples: [
    ['Who can tunnel to this pod?', 'port-forward web-0 -n shop'],
    ['Can this service account, and if not, why not?', 'port-forward web-0 -n shop --subject sa/builder'],
    ['Let the server check the answer', 'port-forward web-0 -n shop --verify'],
  ],
  isShownFirst: true,

  load: async () => (await import('../../questions/index.ts')).portForward,
  view: async () => (await import('../../render/views/holders.ts')).holdersView('port-forward to'),
  keepsPodsWhole: false,
});
