import { shellWord } from '../../answer/shell-word.ts';
import type { Raw } from '../../world/reduce/raw.ts';

const piped = (object: Raw, command: string): string => `echo ${shellWord(JSON.stringify(object))} | ${command} -f -`;

/** Creates an object, whatever its name. */
export const createCommand = (object: Raw): string => piped(object, 'kubectl create');

/** Creates or changes an object under its name, or a subresource of it. Unlike `kubectl patch` it reads nothing before. */
export const applyCommand = (object: Raw, subresource = ''): string =>
  piped(object, `kubectl apply --server-side --force-conflicts${subresource === '' ? '' : ` --subresource=${subresource}`}`);

/** Posts to a path of the API: for what kubectl does not know to be an object. */
export const createRawCommand = (path: string, object: Raw): string => piped(object, `kubectl create --raw ${shellWord(path)}`);

/** Replaces what stands at a path of the API. */
export const replaceCommand = (path: string, object: Raw): string => piped(object, `kubectl replace --raw ${shellWord(path)}`);

export const deleteCommand = (type: string, name: string, namespace: string | null): string =>
  ['kubectl delete --wait=false', shellWord(`${type}/${name}`), ...(namespace === null ? [] : ['-n', shellWord(namespace)])].join(' ');
