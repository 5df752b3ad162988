import { child, children, isRaw, type Raw, text, texts } from '../../../world/raw.ts';
import { labelSelector } from '../../../world/reduce/metadata.ts';
import { matchesSelector } from '../../../world/selectors.ts';
import type { World } from '../../../world/world.ts';
import { askNamespace, namespaceOf } from '../../request/reading/ask.ts';
import type { AdmissionRequest } from '../../request/request.ts';
import type { Policy, Rule } from './policy.ts';
import { matchesWildcard } from './wildcard.ts';

/**
 * Whether failures of a rule are refused in a namespace; undefined where an override selects the namespace by labels
 * that were not read. The rule's own action takes precedence over the policy's, and overrides take precedence over
 * both. Mirrors kyverno pkg/policycache/cache.go checkValidationFailureActionOverrides.
 */
export function isEnforced(
  { spec }: Policy,
  { validate }: Rule,
  request: AdmissionRequest,
  world: World,
): boolean | undefined {
  const own = validate ?? {};
  const ofRule = children(own, 'failureActionOverrides');
  const overrides = ofRule.length > 0 ? ofRule : children(spec, 'validationFailureActionOverrides');
  for (const override of overrides) {
    const applies = isAbout(override, request, world);
    if (applies === undefined) return undefined;
    if (applies) return enforces(text(override, 'action'));
  }
  return enforces(text(own, 'failureAction') ?? text(spec, 'validationFailureAction'));
}

/** An override selects namespaces by name or by labels, and all of them where it has neither. */
function isAbout(override: Raw, request: AdmissionRequest, world: World): boolean | undefined {
  const globs = texts(override, 'namespaces');
  const hasSelector = isRaw(override.namespaceSelector);
  if (globs.length === 0 && !hasSelector) return true;
  if (
    globs.length > 0 &&
    askNamespace(request, world, `matches ${JSON.stringify(globs)}`, (name) =>
      globs.some((glob) => matchesWildcard(glob, name)),
    )
  )
    return true;
  if (!hasSelector) return false;
  const namespace = namespaceOf(request, world);
  return namespace && matchesSelector(labelSelector(child(override, 'namespaceSelector')), namespace.labels);
}

const enforces = (action: string | null): boolean => action === 'Enforce' || action === 'enforce';
