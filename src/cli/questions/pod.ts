import { aboutObjects, POD } from './about-objects.ts';

export const pod = aboutObjects({
  name: 'pod',
  usage: 'POD',
  summary: 'Who can get in, and what can be done from there',
  details: POD,
  examples: [
    ['A pod has been breached. Where do we stand?', 'pod web-0 -n shop'],
    ['The same for all pods of a deployment', 'pod deployment/web -n shop'],
  ],
  isShownFirst: true,

  load: async () => (await import('../../questions/pod/pod.ts')).pod,
  view: async () => (await import('../../render/views/pod.ts')).podView,
  keepsPodsWhole: true,
});
