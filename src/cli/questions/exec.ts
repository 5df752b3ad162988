import { aboutObjects, POD } from './about-objects.ts';

export const exec = aboutObjects({
  name: 'exec',
  usage: 'POD',
  summary: 'Who can run commands in a pod',
  details: POD,
  examples: [
    ['Who can run commands in this pod, and through which bindings?', 'exec web-0 -n shop --explain'],
    ['Fail a pipeline if anybody else can', 'exec web-0 --accept @deployers.txt --exit-code'],
  ],

  load: async () => (await import('../../questions/index.ts')).exec,
  view: async () => (await import('../../render/views/holders.ts')).holdersView('exec into'),
  keepsPodsWhole: false,
});
