import type { Request } from '../../src/rbac/request.ts';

/**
 * A request in words: `get nodes`, `create pods/exec web in shop`, `patch deployments.apps/scale web in shop`, `get
 * /metrics`. Without `in` it is cluster-scoped, without a name it names nothing.
 */
export function request(words: string): Request {
  const [, verb = '', what = '', name = '', namespace = ''] = WORDS.exec(words) ?? [];
  if (what.startsWith('/')) return { verb, url: what };
  const [qualified = '', subresource = ''] = what.split('/');
  const [resource = '', ...group] = qualified.split('.');
  return { verb, group: group.join('.'), resource, subresource, namespace, name };
}

const WORDS = /^(\S*) (\S+?)(?: (?!in )(\S+))?(?: in (\S+))?$/;
