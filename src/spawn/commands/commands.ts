import { type Command, changes } from '../../answer/command.ts';
import { child, type Raw } from '../../world/raw.ts';
import type { Right } from '../rights/holder.ts';

type Attack = Command<'changes'>;

/** The command that creates an object under any name. */
export const createCommand = (object: Raw): Attack => changes(['create'], object);

/**
 * The command that creates or changes an object, or a subresource of it, under its name. Unlike `kubectl patch` it
 * reads nothing before.
 */
export const applyCommand = (object: Raw, subresource = '', more: readonly string[] = []): Attack =>
  changes(
    [
      ...['apply', '--server-side', '--force-conflicts'],
      ...(subresource === '' ? [] : [`--subresource=${subresource}`]),
      ...more,
    ],
    object,
  );

/** The command that posts to a path of the API, for objects that `kubectl create` does not know. */
export const createRawCommand = (path: string, object: Raw): Attack => changes(['create', '--raw', path], object);

/** The command that replaces the object at a path of the API. */
export const replaceCommand = (path: string, object: Raw): Attack => changes(['replace', '--raw', path], object);

/**
 * The command that writes an object by the verb of a right: each is another request, and the right to one is not that
 * to another. `update` replaces the whole object.
 */
export function writeCommand(object: Raw, { verb, of: { group, resource } }: Pick<Right, 'verb' | 'of'>): Attack {
  if (verb === 'create' || verb === '*') return createCommand(object);
  if (verb === 'patch') return applyCommand(object);
  const { namespace, name } = child(object, 'metadata');
  const root = group === '' ? '/api/v1' : `/apis/${group}/v1`;
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return replaceCommand(`${root}${place}/${resource}/${name}`, object);
}

/** The command that deletes an object; `type` is `RESOURCE.GROUP`. */
export const deleteCommand = (type: string, name: string, namespace: string | null): Attack =>
  changes(['delete', '--wait=false', `${type}/${name}`, ...(namespace === null ? [] : ['-n', namespace])]);
