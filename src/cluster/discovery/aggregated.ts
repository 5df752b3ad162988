import { child, children, Malformed, type Raw, requiredText, text, texts } from '../../world/reduce/raw.ts';
import type { ApiResource } from '../../world/resources.ts';

/**
 * The resources of an APIGroupDiscoveryList, preferred versions first. A group that is malformed is left out; a stale one lists what it had.
 * Mirrors api/apidiscovery/v2/types.go.
 */
export function aggregatedResources(document: Raw): ApiResource[] {
  return children(document, 'items').flatMap((group) => {
    try {
      const name = text(child(group, 'metadata'), 'name') ?? '';
      return children(group, 'versions').flatMap((version) => {
        const versionName = requiredText(version, 'version');
        return children(version, 'resources').map((each) => resourceOf(name, versionName, each));
      });
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return [];
    }
  });
}

function resourceOf(group: string, version: string, raw: Raw): ApiResource {
  const kind = text(child(raw, 'responseKind'), 'kind') ?? '';
  return {
    group,
    version,
    resource: requiredText(raw, 'resource'),
    kind,
    singular: text(raw, 'singularResource') || kind.toLowerCase(),
    shortNames: texts(raw, 'shortNames'),
    namespaced: raw.scope === 'Namespaced',
    verbs: texts(raw, 'verbs'),
    subresources: Object.fromEntries(
      children(raw, 'subresources').map((each) => [requiredText(each, 'subresource'), texts(each, 'verbs')]),
    ),
  };
}
