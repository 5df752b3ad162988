import { numberOf } from '../../../world/once.ts';
import { child, children, isRaw, type Raw, requiredText, text } from '../../../world/raw.ts';
import { readsObject } from '../../request/reading/alone.ts';
import { isNamespaced } from '../../request/reading/ask.ts';
import { accessor, withFields } from '../../request/reading/reader.ts';
import type { AdmissionRequest } from '../../request/request.ts';
import type { UserInfo } from '../../request/user.ts';
import { NotUnderstood, RuleError } from './outcome.ts';
import { type Context, DEFINED, MADE, type Made, notKnown, query, substitute } from './variables.ts';

/**
 * The variables that admission gives the webhook. Empty values are undefined, like missing ones, and absent objects are
 * null. The variables of a deletion read the object that is deleted. Every value is read lazily.
 */
export const contextOf = (request: AdmissionRequest): Context => ({
  request: {
    operation: request.operation,
    kind: request.kind,
    resource: request.resource,
    subResource: request.subresource || undefined,
    userInfo: {
      get groups() {
        return request.user.groups;
      },
      get username() {
        return usernameOf(request.user);
      },
    },
    get name() {
      return request.name || nameOf(subjectOf(request));
    },
    get namespace() {
      return isNamespaced(request) ? request.namespace : undefined;
    },
    get object() {
      return subjectOf(request);
    },
    get oldObject() {
      return request.oldObject;
    },
  },
  [MADE]: { request, again: contextOf, scope: '' },
});

const subjectOf = (request: AdmissionRequest): Raw | null =>
  request.operation === 'DELETE' ? request.oldObject : request.object;

/** Undefined where the object has no name, like a missing field. */
function nameOf(object: Raw | null): string | undefined {
  const { name } = child(object ?? {}, 'metadata');
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** Only the groups are known of a member of a group. */
function usernameOf({ name }: UserInfo): string {
  if (name === null) throw new NotUnderstood('variable request.userInfo.username');
  return name;
}

/**
 * A context with the variables that a rule or a loop defines. Variables that are computed from known values have a
 * value; those that are loaded from elsewhere (ConfigMaps, API calls, registries) are known by name alone. Kyverno
 * loads a variable when it is used, so that an unused one does not matter. Throws Malformed. Mirrors kyverno
 * pkg/engine/context/loaders/variable.go.
 */
export function withVariables(holder: Raw, context: Context): Context {
  const entries = children(holder, 'context');
  if (entries.length === 0) return context;
  const grown = entries.reduce<Context>((before, entry) => {
    const name = requiredText(entry, 'name');
    const { variable } = entry;
    const value = once(() => (isRaw(variable) ? computed(variable, before) : undefined));
    const own = Object.defineProperty(
      {},
      name,
      accessor(() => value() ?? notKnown(name)),
    );
    return withFields<Context>(before, { [DEFINED]: new Map(before[DEFINED]).set(name, value) }, own);
  }, context);
  return madeBy(grown, (made) => ({
    ...made,
    again: (request) => withVariables(holder, made.again(request)),
    scope: `${made.scope} ${numberOf(holder)}`,
  }));
}

/** A context for one element of a loop over a list in the object of the request. */
export function withElement(context: Context, element: unknown, index: number, nesting: number): Context {
  const names = ['element', 'elementIndex', `element${nesting}`];
  const unread = Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, accessor(readsObject)])));
  return madeBy(withFields(context, { element, elementIndex: index, [`element${nesting}`]: element }), (made) => ({
    ...made,
    again: (request) => withFields(made.again(request), {}, unread),
  }));
}

const madeBy = (context: Context, change: (made: Made) => Made): Context => {
  const made = context[MADE];
  return made ? withFields(context, { [MADE]: change(made) }) : context;
};

function once<T>(compute: () => T): () => T {
  let known: { value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

/**
 * The value of a variable; undefined where it is not understood or ends in an error, which whoever uses the variable
 * then reports.
 */
function computed(variable: Raw, context: Context): unknown {
  try {
    const path = text(variable, 'jmesPath') ?? '';
    const fallback = substitute(variable.default ?? null, context);
    if (variable.value === undefined || variable.value === null)
      return path === '' ? (fallback ?? undefined) : found(path, context, fallback);
    const value = substitute(variable.value, context);
    return path === '' ? value : found(path, isRaw(value) ? (value as Context) : {}, fallback);
  } catch (error) {
    if (error instanceof NotUnderstood || error instanceof RuleError) return undefined;
    throw error;
  }
}

function found(path: string, context: Context, fallback: unknown): unknown {
  const expression = substitute(path, context);
  if (typeof expression !== 'string') return undefined;
  try {
    return query(expression, context) ?? fallback ?? undefined;
  } catch (error) {
    if (error instanceof RuleError && fallback !== null) return fallback;
    throw error;
  }
}
