import { child, children, type Raw, text, texts } from '../../../world/raw.ts';
import { matchesGlob } from './wildcard.ts';

/**
 * Whether the webhook refuses violations of a constraint instead of only reporting them: with the action `deny`, which
 * is the default, or with a scoped action that denies in the webhook. Actions that Gatekeeper does not know do nothing.
 * Mirrors gatekeeper pkg/util/enforcement_action.go.
 */
export function denies(constraint: Raw): boolean {
  const spec = child(constraint, 'spec');
  const action = text(spec, 'enforcementAction') || 'deny';
  if (action !== 'scoped') return action === 'deny';
  return children(spec, 'scopedEnforcementActions').some(
    (each) =>
      text(each, 'action') === 'deny' &&
      children(each, 'enforcementPoints').some((point) => POINTS.includes(text(point, 'name') ?? '')),
  );
}

const POINTS = ['validation.gatekeeper.sh', '*'];

/**
 * Whether a Config excludes a namespace from the webhook. Mirrors gatekeeper pkg/controller/config/process/excluder.go.
 */
export const excludes = (config: Raw, namespace: string): boolean =>
  children(child(config, 'spec'), 'match').some(
    (entry) =>
      texts(entry, 'processes').some((each) => each === 'webhook' || each === '*') &&
      texts(entry, 'excludedNamespaces').some((glob) => matchesGlob(glob, namespace)),
  );
