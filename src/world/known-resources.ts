import type { CustomResource } from './objects.ts';
import { oncePerState } from './once.ts';
import builtIn from './resources.json' with { type: 'json' };
import type { ApiResource } from './resources.ts';
import type { World } from './world.ts';

/** What every API server of upstream's serves. */
export const BUILT_IN: readonly ApiResource[] = builtIn;

/**
 * Every resource that is known: by discovery, else upstream's own with the CustomResourceDefinitions that were read.
 * The same list as long as nothing is read.
 */
export const knownResources = (world: World): readonly ApiResource[] => world.facts.discovery ?? withDefinitions(world);

const withDefinitions = oncePerState((world): readonly ApiResource[] => [
  ...BUILT_IN,
  ...world.list('customresourcedefinitions').map(fromDefinition),
]);

const fromDefinition = (definition: CustomResource): ApiResource => ({
  group: definition.group,
  version: definition.version,
  resource: definition.plural,
  kind: definition.kind,
  singular: definition.singular,
  shortNames: definition.shortNames,
  namespaced: definition.namespaced,
  verbs: [],
  subresources: Object.fromEntries(definition.subresources.map((each) => [each, []])),
});
