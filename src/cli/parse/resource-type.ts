import { engineKinds } from '../../admission/engines/kinds.ts';
import { nearest } from '../../answer/nearest.ts';
import { usageError } from '../../answer/user-error.ts';
import { groupKind, KINDS, type Kind, type KindName, kindOf, type StaticKind, WORKLOADS } from '../../world/kinds.ts';
import resources from '../../world/resources.json' with { type: 'json' };

/** The objects that a question takes as its target. */
export interface Takes {
  /** The name of the question. */
  name: string;
  /** What its usage line calls them: `POD`. */
  usage: string;
  kinds: readonly StaticKind[];
  /** `pods and what runs them`. */
  kindsInWords: string;
}

/**
 * The kind that a type on the command line names: `pods`, `Pod`, `po`, `deployments.apps`, `deployments.v1.apps`.
 * Throws a usage error for a type that no cluster has, and for one that the question is not about. Mirrors cli-runtime
 * pkg/resource/builder.go mappingFor.
 */
export function parseType(text: string, { name, kinds, kindsInWords }: Takes): StaticKind {
  const named = builtIn(text);
  const taken = kinds.find((kind) =>
    named.some(({ group, resource }) => resource === kind && group === KINDS[kind].group),
  );
  if (taken) return taken;
  const [type = '', ...group] = text.split('.');
  if (named.length === 0 && group.length < 2) {
    const where = group.length > 0 ? ` in group "${group.join('.')}"` : '';
    const meant = group.length > 0 ? undefined : nearest(type, names());
    throw usageError(
      `error: the server doesn't have a resource type "${type}"${where}${meant ? `, did you mean "${meant}"?` : ''}`,
    );
  }
  throw usageError(`error: ${name} is about ${kindsInWords}, not about ${text}`);
}

/**
 * The kind that a type names, of all that questions read: `rolebinding`, `deploy`, `clusterpolicies.kyverno.io`. Throws
 * a usage error for a type that no question reads.
 */
export function parseKindRead(text: string): { kind: KindName; isNamespaced: boolean } {
  const named = builtIn(text);
  for (const { group, version, kind, namespaced } of named) {
    const read = kindOf(group === '' ? version : `${group}/${version}`, kind);
    if (read !== null) return { kind: read, isNamespaced: namespaced };
  }
  const engine = engineKinds().find((each) => isCalled(each, text.toLowerCase()));
  if (engine) return { kind: groupKind(engine), isNamespaced: engine.namespaced };
  if (named.length > 0) throw usageError(`error: no question reads ${text}: without them every answer is the same`);
  const meant = nearest(text, names());
  throw usageError(
    `error: the server doesn't have a resource type "${text}"${meant ? `, did you mean "${meant}"?` : ''}`,
  );
}

/** Whether a custom kind is called so: by its resource or its singular, with its group or without. */
const isCalled = ({ resource, kind, group, version }: Kind, text: string): boolean =>
  [resource, kind.toLowerCase()].some((name) =>
    [name, `${name}.${group}`, `${name}.${version}.${group}`].includes(text),
  );

const names = (): string[] => resources.flatMap(({ resource, singular }) => [singular, resource]);

/** Whether a word is the name of a type, or several, and not of a pod. */
export const isType = (word: string): boolean => word.split(',').every((each) => builtIn(each).length > 0);

/** The built-in resources of that name; a custom one, whose group has a dot, is never among them. */
function builtIn(text: string) {
  const [type = '', ...rest] = text.toLowerCase().split('.');
  const suffix = rest.join('.');
  return resources.filter(
    ({ resource, singular, shortNames, group, version }) =>
      [resource, singular, ...shortNames].includes(type) &&
      ['', group, version, `${version}.${group}`].includes(suffix),
  );
}

/** Pods, and workloads, which stand for their pods. */
export const PODS: readonly StaticKind[] = ['pods', ...WORKLOADS];
