import { isStatic, KINDS, parseGroupKind } from '../../world/kinds.ts';
import type { Ask, NamedObject } from '../parse/invocation.ts';

/** The words that suppose the same change again: `--with grant.yaml --without rolebinding/shop/web`. */
export function changeWords(change: Ask['change']): string[] {
  if (change === null) return [];
  return [
    ...change.files.flatMap((file) => ['--with', quoted(file)]),
    ...change.removals.flatMap((each) => ['--without', wordOf(each)]),
  ];
}

/** A comma would end the value. */
const quoted = (file: string): string => (file.includes(',') ? `"${file.replaceAll('"', '""')}"` : file);

function wordOf({ kind, namespace, name }: NamedObject): string {
  const type = isStatic(kind) ? KINDS[kind].kind : parseGroupKind(kind).kind;
  return [type.toLowerCase(), ...(namespace === null ? [] : [namespace]), name].join('/');
}
