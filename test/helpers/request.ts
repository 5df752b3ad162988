import type { Request } from '../../src/rbac/request.ts';

/** A request in a few words: `request('create pods/exec', { name: 'web' })`, `request('get deployments.apps/scale')`, `request('get /metrics')`. */
export function request(words: string, { namespace = 'shop', name = '' }: { namespace?: string; name?: string } = {}): Request {
  const [verb = '', what = ''] = words.split(' ');
  if (what.startsWith('/')) return { verb, url: what };
  const [qualified = '', subresource = ''] = what.split('/');
  const [resource = '', ...group] = qualified.split('.');
  return { verb, group: group.join('.'), resource, subresource, namespace, name };
}
