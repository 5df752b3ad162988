import { isRaw, type Raw } from '../raw.ts';

/**
 * Where a schema of a CustomResourceDefinition embeds a PodSpec: the shortest path to an object with a list of
 * containers and the name of an account, such as `spec.template.spec` or `spec.tasks[].template.spec`; null where it
 * embeds none. Never throws, whatever the schema is. Schemas have thousands of nodes, and this is all that is kept.
 */
export function embeddedPodSpec(schema: unknown): string | null {
  const queue: { node: unknown; path: string }[] = [{ node: schema, path: '' }];
  // A document may refer to one part of it from many places.
  const seen = new Set<unknown>();
  for (let next = queue[0], index = 0; next; index += 1, next = queue[index]) {
    const { node, path } = next;
    if (!isRaw(node) || seen.has(node)) continue;
    seen.add(node);
    const properties = isRaw(node.properties) ? node.properties : {};
    if (path !== '' && isPodSpec(properties)) return path;
    for (const [name, child] of Object.entries(properties))
      queue.push({ node: child, path: path === '' ? name : `${path}.${name}` });
    queue.push({ node: node.items, path: `${path}[]` }, { node: node.additionalProperties, path: `${path}.*` });
  }
  return null;
}

/** The field of a PodSpec that no other part of it has, beside the list that all pods need. */
const isPodSpec = ({ containers, serviceAccountName }: Raw): boolean =>
  isRaw(containers) && isRaw(containers.items) && isRaw(serviceAccountName);

/** The smallest schema that embeds a PodSpec at a path. */
export const schemaWithPodSpec = (path: string): Raw =>
  path
    .split('.')
    .flatMap((step) => step.split(LISTS))
    .reduceRight<Raw>((inner, step) => {
      if (step === '[]') return { items: inner };
      if (step === '*') return { additionalProperties: inner };
      return step === '' ? inner : { properties: { [step]: inner } };
    }, POD_SPEC);

/** Between the name of a field and each list that it leads into. */
const LISTS = /(\[\])/;

const POD_SPEC: Raw = { properties: { containers: { items: {} }, serviceAccountName: {} } };
