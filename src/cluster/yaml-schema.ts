import { binaryTag, boolYaml11Tag, FAILSAFE_SCHEMA, floatCoreTag, intCoreTag, mergeTag, nullYaml11Tag, Schema } from 'js-yaml';

/** YAML as kubectl reads it (sigs.k8s.io/yaml): the booleans of YAML 1.1 (`yes` is true), dates stay strings. */
export const KUBECTL_YAML = new Schema([
  ...FAILSAFE_SCHEMA.tags,
  nullYaml11Tag,
  boolYaml11Tag,
  intCoreTag,
  floatCoreTag,
  mergeTag,
  binaryTag,
]);
