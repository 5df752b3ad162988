import { isRaw } from '../../world/raw.ts';
import type { ApiClient } from '../transport/transport.ts';

/**
 * The command line of the API server, as its `/flagz` shows it since 1.36: `--name=value`, without empty values. Null
 * where the server does not serve it, or not to the caller. Source: apiserver pkg/server/flagz.
 */
export async function readFlags(client: ApiClient): Promise<string[] | null> {
  const answer = await client.get('/flagz', { accept: ACCEPT, retry: false });
  if (!answer.ok || answer.value.kind !== 'Flagz' || !isRaw(answer.value.flags)) return null;
  return Object.entries(answer.value.flags).flatMap(([name, value]) => {
    const plain = typeof value === 'string' ? value.replace(/^\[(.*)\]$/s, '$1') : '';
    return plain === '' ? [] : [`--${name}=${plain}`];
  });
}

const ACCEPT = ['v1beta1', 'v1alpha1']
  .map((version) => `application/json;v=${version};g=config.k8s.io;as=Flagz`)
  .join(',');
