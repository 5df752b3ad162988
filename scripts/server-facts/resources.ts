import type { ApiResource } from '../../src/world/resources.ts';
import type { ControlPlane } from '../../test/helpers/control-plane.ts';

type Discovered = {
  resource: string;
  responseKind: { kind: string };
  scope: 'Namespaced' | 'Cluster';
  singularResource: string;
  shortNames?: string[];
  verbs: string[];
  subresources?: { subresource: string; verbs: string[] }[];
};
type Groups = { items: { metadata: { name?: string }; versions: { version: string; resources: Discovered[] }[] }[] };

/** What aggregated discovery lists, in its order, each resource in the first (the preferred) version that has it. */
export async function builtInResources(plane: ControlPlane): Promise<ApiResource[]> {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const replies = await Promise.all(
    ['/api', '/apis'].map((path) => plane.request('GET', path, undefined, { headers: { accept } })),
  );
  return replies
    .flatMap(({ body }) => (body as Groups).items)
    .flatMap(({ metadata: { name = '' }, versions }) => {
      const all = versions.flatMap(({ version, resources }) =>
        resources.map((each) => apiResource(name, version, each)),
      );
      return all.filter(({ resource }, index) => index === all.findIndex((each) => each.resource === resource));
    });
}

function apiResource(group: string, version: string, each: Discovered): ApiResource {
  return {
    group,
    version,
    resource: each.resource,
    kind: each.responseKind.kind,
    singular: each.singularResource,
    shortNames: each.shortNames ?? [],
    namespaced: each.scope === 'Namespaced',
    verbs: each.verbs,
    subresources: Object.fromEntries((each.subresources ?? []).map(({ subresource, verbs }) => [subresource, verbs])),
  };
}
