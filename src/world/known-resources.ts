import type { CustomResource } from './objects.ts';
import { oncePerState } from './once.ts';
import builtIn from './resources.json' with { type: 'json' };
import type { ApiResource } from './resources.ts';
import type { World } from './world.ts';

/** The resources that every upstream API server serves. */
export const BUILT_IN: readonly ApiResource[] = builtIn;

/**
 * All known resources: those of discovery, or else upstream's with the CustomResourceDefinitions that were read. It is
 * the same list until something else is read.
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
