import { type Command, changes } from '../../answer/command.ts';
import type { Raw } from '../../world/raw.ts';

type Attack = Command<'changes'>;

/** Creates an object, whatever its name. */
export const createCommand = (object: Raw): Attack => changes(['create'], object);

/**
 * Creates or changes an object under its name, or a subresource of it. Unlike `kubectl patch` it reads nothing before.
 */
export const applyCommand = (object: Raw, subresource = ''): Attack =>
  changes(
    ['apply', '--server-side', '--force-conflicts', ...(subresource === '' ? [] : [`--subresource=${subresource}`])],
    object,
  );

/** Posts to a path of the API: for what kubectl does not know to be an object. */
export const createRawCommand = (path: string, object: Raw): Attack => changes(['create', '--raw', path], object);

/** Replaces what stands at a path of the API. */
export const replaceCommand = (path: string, object: Raw): Attack => changes(['replace', '--raw', path], object);

export const deleteCommand = (type: string, name: string, namespace: string | null): Attack =>
  changes(['delete', '--wait=false', `${type}/${name}`, ...(namespace === null ? [] : ['-n', namespace])]);
