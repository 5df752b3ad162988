import { type Command, changes } from '../../answer/command.ts';
import type { Right } from '../rights/holder.ts';
import { applyCommand } from './commands.ts';

/**
 * The command whose answer holds an object, or with null all of them, by the verb of a right: each is another request.
 * A right to list or watch is one to do so by the name of the object. What deletes is tried alone. Whoever may only get
 * has to know names: `NAME` stands for one. What an apply may not change, such as the type of a Secret, it repeats.
 */
export function readCommand(
  { kind, ...fixed }: { kind: string; type?: string | undefined },
  { verb, of: { group, resource } }: Pick<Right, 'verb' | 'of'>,
  namespace: string | null,
  name: string | null,
): Command<'changes'> {
  const root = group === '' ? '/api/v1' : `/apis/${group}/v1`;
  const all = `${root}${namespace === null ? '' : `/namespaces/${namespace}`}/${resource}`;
  const byName = name === null ? '' : `fieldSelector=metadata.name%3D${encodeURIComponent(name)}`;
  const one = `${all}/${name}`;
  switch (verb) {
    case 'list':
      return changes(['get', '--raw', `${all}${name === null ? '' : `?${byName}`}`]);
    case 'watch':
      return changes(['get', '--raw', `${all}?watch=true&timeoutSeconds=1${name === null ? '' : `&${byName}`}`]);
    case 'delete':
      return changes(['delete', '--raw', `${name === null ? `${all}/NAME` : one}?dryRun=All&propagationPolicy=Orphan`]);
    case 'deletecollection':
      return changes(['delete', '--raw', `${all}?dryRun=All`]);
    case 'patch': {
      const metadata = { name: name ?? 'NAME', ...(namespace === null ? {} : { namespace }) };
      const object = { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, metadata, ...fixed };
      return applyCommand(object, '', ['-o', 'yaml']);
    }
    default: {
      const place = namespace === null ? [] : ['-n', namespace];
      return changes(['get', `${kind.toLowerCase()}/${name ?? 'NAME'}`, ...place, '-o', 'yaml']);
    }
  }
}
