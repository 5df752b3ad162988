import { child, children, Malformed, type Raw, requiredText, text, texts } from '../../../world/raw.ts';
import type { ApiResource } from '../../../world/resources.ts';
import { understoodOr } from '../../../world/understood.ts';
import type { Discovered } from './discovered.ts';
import { resourceName } from './resource-name.ts';

/**
 * The resources of an APIGroupDiscoveryList, preferred versions first. A malformed group is left out; a stale one lists
 * what it had, which may be nothing. Either may have more resources. Mirrors api/apidiscovery/v2/types.go.
 */
export function aggregatedResources(document: Raw): Discovered {
  if (!Array.isArray(document.items)) throw new Malformed('items is missing');
  const groups = children(document, 'items').map(resourcesOf);
  return { resources: groups.flatMap(({ resources }) => resources), open: groups.flatMap(({ open }) => open) };
}

function resourcesOf(group: Raw): Discovered {
  let name = '';
  return understoodOr(
    () => {
      name = text(child(group, 'metadata'), 'name') ?? '';
      const versions = children(group, 'versions');
      const resources = versions.flatMap((version) => {
        const versionName = requiredText(version, 'version');
        return children(version, 'resources').map((each) => resourceOf(name, versionName, each));
      });
      return { resources, open: versions.some(({ freshness }) => freshness === 'Stale') ? [name] : [] };
    },
    () => ({ resources: [], open: [name] }),
  );
}

function resourceOf(group: string, version: string, raw: Raw): ApiResource {
  const kind = text(child(raw, 'responseKind'), 'kind') ?? '';
  return {
    group,
    version,
    resource: resourceName(group, version, requiredText(raw, 'resource')),
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
