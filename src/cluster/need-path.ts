import { kindOfNeed, type Need } from '../world/needs.ts';

/** Path and query by which the API has what a need reads. `token`: of the page that a list goes on with. */
export function pathOf(need: Need, token = ''): string {
  const { namespace, name, labelSelector, node, named } = need;
  const { group, version, resource, pageSize } = kindOfNeed(need);
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const collection = `${root}${namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource}`;
  if (name !== null) return `${collection}/${encodeURIComponent(name)}`;
  const query = new URLSearchParams({ limit: String(pageSize) });
  if (labelSelector) query.set('labelSelector', labelSelector);
  if (node !== undefined) query.set('fieldSelector', `spec.nodeName=${node}`);
  if (named !== undefined) query.set('fieldSelector', `metadata.name=${named}`);
  if (token !== '') query.set('continue', token);
  return `${collection}?${query}`;
}
