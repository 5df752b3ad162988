import type { Fix } from '../../runtime/fix.ts';
import type { ContainerFacts } from '../../world/objects.ts';

/** `deployment/web, container app: securityContext: {capabilities: {drop: ["NET_RAW"]}}`, as YAML takes it. */
export function fixWords(
  { kind, name }: { kind: string; name: string },
  container: ContainerFacts,
  { privileged, capabilities }: Fix,
): string {
  const list = (names: readonly string[]): string => `[${names.map((each) => JSON.stringify(each)).join(', ')}]`;
  const lists = Object.entries(capabilities ?? {}).map(([field, names]) => `${field}: ${list(names)}`);
  const fields = [
    ...(privileged === false ? ['privileged: false'] : []),
    ...(lists.length > 0 ? [`capabilities: {${lists.join(', ')}}`] : []),
  ];
  return `${kind.toLowerCase()}/${name}, container ${container.name}: securityContext: {${fields.join(', ')}}`;
}
