import { asking, flag } from '../parse/flags.ts';
import { parseWho } from '../parse/targets.ts';
import { question } from './question.ts';

export const who = question({
  name: 'who',
  usage: 'VERB RESOURCE[/NAME]|URL',
  summary: 'Who holds a right, where, and through what',
  details: ["RESOURCE is spelled as kubectl takes it, or a subresource (pods/exec), or '*'."],
  examples: [
    ['Who can read this secret?', 'who get secrets/db-password -n shop'],
    ['Who can create tunnels anywhere?', 'who create pods/portforward -A'],
    ['Who can read a URL?', 'who get /metrics'],
  ],
  isShownFirst: true,
  flags: [
    ...asking('any namespace', 'holders', 'direct', 'groups', 'accept', 'system', 'verify'),
    flag('subresource', 'string', 'Target', 'Subresource of RESOURCE, such as portforward.', { alone: true }),
  ],
  parse: (words, values) => parseWho(words, values.text('subresource') || null),
  place: (right, { namespace }) => ({ ...right, namespace }),
  load: async () => (await import('../../questions/index.ts')).who,
  view: async () => (await import('../../render/views/holders.ts')).holdersView('do this to'),
  keepsPodsWhole: false,
  findsIndirect: true,
});
