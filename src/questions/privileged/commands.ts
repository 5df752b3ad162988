import { shellWord } from '../../answer/shell-word.ts';
import type { Raw } from '../../world/reduce/raw.ts';

const piped = (object: Raw, command: string): string => `echo ${shellWord(JSON.stringify(object))} | ${command} -f -`;

/** Creates an object, whatever its name. */
export const createCommand = (object: Raw): string => piped(object, 'kubectl create');

/** Creates or changes an object under its name. Unlike `kubectl patch` it reads nothing before. */
export const applyCommand = (object: Raw): string => piped(object, 'kubectl apply --server-side --force-conflicts');

/** Replaces what stands at a path of the API. */
export const replaceCommand = (path: string, object: Raw): string => piped(object, `kubectl replace --raw ${shellWord(path)}`);

export const deleteCommand = (type: string, name: string, namespace: string | null): string =>
  ['kubectl delete', shellWord(`${type}/${name}`), ...(namespace === null ? [] : ['-n', shellWord(namespace)])].join(' ');
