import { children, isRaw, type Raw, requiredText, text } from '../../world/reduce/raw.ts';
import { NotUnderstood, RuleError } from './outcome.ts';
import { type Context, query, substitute, UNREAD } from './variables.ts';

/**
 * A context with the variables that a rule or a loop defines: those that are computed from what is there already have their value, those that
 * are read from elsewhere (ConfigMaps, API calls, registries) are known by name alone. Kyverno loads a variable when it is used, so one that is not
 * used does not matter. Throws Malformed. Mirrors kyverno pkg/engine/context/loaders/variable.go.
 */
export function withVariables(holder: Raw, context: Context): Context {
  let grown = context;
  for (const entry of children(holder, 'context')) {
    const name = requiredText(entry, 'name');
    const value = isRaw(entry.variable) ? computed(entry.variable, grown) : undefined;
    const unread = new Set(grown[UNREAD] ?? []);
    if (value === undefined) unread.add(name);
    else unread.delete(name);
    grown = { ...grown, [UNREAD]: unread, ...(value === undefined ? {} : { [name]: value }) };
  }
  return grown;
}

/** Undefined where it is not understood, or ends in an error: whoever uses it is told so. */
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
