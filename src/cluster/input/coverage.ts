import { builtInKind, type KindName } from '../../world/kinds.ts';
import { list, type Need, type Outcome } from '../../world/needs.ts';

/**
 * What files of any origin can be said to hold completely. A list is taken for the output of one `kubectl get`, and all objects outside
 * of lists together for one too: where it shows several namespaces it was read from all (`-A`), where it shows one, from that one (`-n`),
 * and so were all kinds in it. A kind that occurs nowhere was not read.
 */
export class Coverage {
  readonly #outputs = new Map<object | null, { kinds: Set<KindName>; namespaces: Set<string> }>();

  /** Notes an object: where it stands (`list` null: outside of lists), and its kind, null where no question reads that. */
  note(output: object | null, kind: KindName | null, namespace: string | null): void {
    const seen = this.#outputs.get(output) ?? { kinds: new Set(), namespaces: new Set() };
    this.#outputs.set(output, seen);
    if (kind !== null) seen.kinds.add(kind);
    if (namespace !== null) seen.namespaces.add(namespace);
  }

  outcomes(): { need: Need; outcome: Outcome }[] {
    const namespacesOf = new Map<KindName, Set<string> | 'all'>();
    for (const { kinds, namespaces } of this.#outputs.values())
      for (const kind of kinds) {
        const known = namespacesOf.get(kind);
        const all = known === 'all' || builtInKind(kind)?.namespaced === false || namespaces.size > 1;
        namespacesOf.set(kind, all ? 'all' : new Set([...(known ?? []), ...namespaces]));
      }
    return [...namespacesOf].flatMap(([kind, namespaces]) => (namespaces === 'all' ? [read(list(kind))] : partly(kind, [...namespaces])));
  }
}

const read = (need: Need): { need: Need; outcome: Outcome } => ({ need, outcome: { read: true } });

function partly(kind: KindName, namespaces: string[]): { need: Need; outcome: Outcome }[] {
  const message = `only those of namespace${namespaces.length === 1 ? '' : 's'} ${namespaces.join(', ')} are in the file`;
  const failure = { kind: 'notInFile', status: null, message } as const;
  return [{ need: list(kind), outcome: { read: false, failure } }, ...namespaces.map((each) => read(list(kind, each)))];
}
