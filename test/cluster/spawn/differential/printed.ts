import type { Reply } from '../../../helpers/api-client.ts';
import type { ControlPlane } from '../../../helpers/control-plane.ts';
import { collectionPath } from '../../../helpers/load.ts';

/**
 * Sends what printed commands of the form `printf %s OBJECT | kubectl …` would send, as dry runs; others among them are
 * left out.
 */
export async function sendPrinted({ request }: ControlPlane, commands: string, token: string): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (const command of commands.split(/(?: && )(?=printf |kubectl )/)) {
    const [, written, verb, flags = ''] =
      /^printf %s (.*) \| kubectl (create|apply|replace) (.*)-f -$/s.exec(command) ?? [];
    if (written === undefined) continue;
    const object = JSON.parse(unquoted(written)) as Manifest;
    const [, raw] = /--raw (\S+)/.exec(flags) ?? [];
    const [, subresource] = /--subresource=(\S+)/.exec(flags) ?? [];
    if (raw)
      replies.push(
        await request(verb === 'replace' ? 'PUT' : 'POST', `${unquoted(raw)}?dryRun=All`, object, { token }),
      );
    else if (verb === 'create')
      replies.push(await request('POST', `${collectionPath(object)}?dryRun=All`, object, { token }));
    else {
      const path = `${collectionPath(object)}/${object.metadata.name}${subresource ? `/${subresource}` : ''}`;
      const headers = { 'content-type': 'application/apply-patch+yaml' };
      replies.push(
        await request('PATCH', `${path}?dryRun=All&fieldManager=kubectl&force=true`, object, { token, headers }),
      );
    }
  }
  return replies;
}

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

const unquoted = (word: string): string => (word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word);
