import { connect } from '../../cluster/connect/connect.ts';
import { loadKubeconfig } from '../../cluster/connect/kubeconfig/load.ts';
import { METADATA_TYPE } from '../../cluster/lists/token-secrets.ts';
import { ApiClient } from '../../cluster/transport/transport.ts';
import { child, isRaw } from '../../world/raw.ts';
import resources from '../../world/resources.json' with { type: 'json' };
import { connectFlags } from '../parse/connect-flags.ts';
import type { Values } from '../parse/parser.ts';
import { VERSION } from '../run/version.ts';
import type { Names } from './candidates.ts';

/** The names that the cluster and the kubeconfig of a command line know. The user is asked for nothing. */
export function liveNames(values: Values, env: NodeJS.ProcessEnv): Names {
  const flags = connectFlags(values);
  return {
    objects: async (name) => {
      const resource = resources.find((each) => each.resource === name || each.singular === name);
      if (!resource) return [];
      const connection = await connect(flags, { env, version: VERSION, stdinIsTerminal: false });
      try {
        const client = new ApiClient(connection);
        const result = await client.get(pathOf(resource, connection.namespace), {
          accept: METADATA_TYPE,
          retry: false,
        });
        return result.ok && Array.isArray(result.value.items) ? result.value.items.flatMap(nameOf) : [];
      } finally {
        connection.close();
      }
    },
    configured: async (kind) => [...loadKubeconfig(flags.kubeconfig, env).config[kind].keys()],
  };
}

/** As many as a shell can show. */
function pathOf({ group, version, resource, namespaced }: (typeof resources)[number], namespace: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const place = namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${place}/${resource}?limit=500`;
}

function nameOf(item: unknown): string[] {
  const { name } = isRaw(item) ? child(item, 'metadata') : {};
  return typeof name === 'string' ? [name] : [];
}
