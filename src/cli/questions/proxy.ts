import { aboutObjects } from './about-objects.ts';

export const proxy = aboutObjects({
  name: 'proxy',
  usage: 'POD|SERVICE|NODE',
  summary: 'Who can send HTTP to it through the API server',
  details: [
    'A bare name is a pod; svc/NAME is a service and node/NAME a node. In the form',
    '[SCHEME:]NAME[:PORT] it is that one spelling, which RBAC tells from the others.',
  ],
  examples: [
    ['Who can reach this pod through the API server?', 'proxy web-0 -n shop'],
    ['Who can reach a service, and who the kubelet of a node?', 'proxy svc/web node/worker-1 -n shop'],
  ],

  takes: { besides: ['services', 'nodes'], inWords: 'pods, what runs them, services and nodes' },
  load: async () => (await import('../../questions/index.ts')).proxy,
  view: async () => (await import('../../render/views/holders.ts')).holdersView('send HTTP requests to'),
  keepsPodsWhole: true,
});
