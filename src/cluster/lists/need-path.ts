import { kindOfNeed, type Need } from '../../world/needs.ts';
import { isPathSegment } from '../../world/path-segment.ts';
import { TOKEN_SECRET } from '../../world/reduce/others.ts';

/**
 * The path and query of the API for a need; null where no object, namespace or resource can have such a name, so that
 * there is nothing to ask for. `token` is that of the page with which a list continues.
 */
export function pathOf(need: Need, token = ''): string | null {
  const { namespace, name, labelSelector, node, named } = need;
  const { group, version, resource, pageSize } = kindOfNeed(need);
  const root = group === '' ? ['api', version] : ['apis', group, version];
  const path = pathTo(
    ...root,
    ...(namespace === null ? [] : ['namespaces', namespace]),
    resource,
    ...(name === null ? [] : [name]),
  );
  if (name !== null || path === null) return path;
  const query = new URLSearchParams({ limit: String(pageSize) });
  if (labelSelector) query.set('labelSelector', labelSelector);
  if (node !== undefined) query.set('fieldSelector', `spec.nodeName=${escapeValue(node)}`);
  if (named !== undefined) query.set('fieldSelector', `metadata.name=${escapeValue(named)}`);
  if (need.kind === 'secrets') query.set('fieldSelector', `type=${TOKEN_SECRET}`);
  if (token !== '') query.set('continue', token);
  return `${path}?${query}`;
}

/** The path of these segments, each encoded; null where one of them cannot be a segment. */
export function pathTo(...segments: readonly string[]): string | null {
  return segments.every(isPathSegment) ? segments.map((each) => `/${encodeURIComponent(each)}`).join('') : null;
}

/** A value as a field selector spells it. Mirrors apimachinery pkg/fields/selector.go EscapeValue. */
const escapeValue = (text: string): string => text.replace(/[\\,=]/g, '\\$&');
