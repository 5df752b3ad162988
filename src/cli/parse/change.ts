import { usageError } from '../../answer/user-error.ts';
import type { ChangeChoice, NamedObject } from './invocation.ts';
import type { Values } from './parser.ts';
import { parseKindRead } from './resource-type.ts';
import { splitLists } from './split-lists.ts';
import { checkName } from './targets.ts';

/** What `--with` and `--without` say; null where neither is given. Throws a usage error. */
export function parseChange(values: Values): ChangeChoice | null {
  const [files, words] = [values.list('with'), values.list('without')];
  if (files === undefined && words === undefined) return null;
  const change = { files: splitLists(files).map(checkFile), removals: splitLists(words).map(parseRemoval) };
  if (files !== undefined && change.files.length === 0) throw usageError('error: must specify --with FILE');
  if (words !== undefined && change.removals.length === 0) throw usageError('error: must specify --without TYPE/NAME');
  return change;
}

function checkFile(file: string): string {
  if (/^https?:\/\//i.test(file))
    throw usageError(`error: --with takes files, not URLs: download ${file} first, or pipe it into --with -`);
  return file;
}

/** `rolebinding/web`, `rolebinding/shop/web`, `clusterrole/system:node`. */
function parseRemoval(word: string): NamedObject {
  const parts = word.split('/');
  const [type = '', ...rest] = parts;
  const name = rest.pop() ?? '';
  const [namespace = null, ...others] = rest;
  if (type === '' || parts.length < 2 || others.length > 0 || namespace === '')
    throw usageError(`error: invalid --without "${word}": say TYPE/NAME or TYPE/NAMESPACE/NAME`);
  const { kind, isNamespaced } = parseKindRead(type);
  if (namespace !== null && !isNamespaced)
    throw usageError(`error: invalid --without "${word}": ${type} is in no namespace`);
  return { kind, isNamespaced, namespace: namespace === null ? null : checkName(namespace), name: checkName(name) };
}
