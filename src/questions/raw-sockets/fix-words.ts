import type { Fix } from '../../runtime/fix.ts';
import type { ContainerFacts, Pod } from '../../world/objects.ts';
import { workloadOf } from './workload.ts';

/** `deployment/web, container app: securityContext: {capabilities: {drop: ["NET_RAW"]}}`, as YAML takes it. */
export function fixWords(pod: Pod, container: ContainerFacts, { privileged, capabilities }: Fix): string {
  const list = (names: readonly string[]): string => `[${names.map((each) => JSON.stringify(each)).join(', ')}]`;
  const lists = Object.entries(capabilities ?? {}).map(([field, names]) => `${field}: ${list(names)}`);
  const fields = [
    ...(privileged === false ? ['privileged: false'] : []),
    ...(lists.length > 0 ? [`capabilities: {${lists.join(', ')}}`] : []),
  ];
  const { kind, name } = workloadOf(pod);
  // A static pod is a file of its node.
  const place = kind === 'Node' ? `the manifest of static pod ${pod.name}` : `${kind.toLowerCase()}/${name}`;
  return `${place}, container ${container.name}: securityContext: {${fields.join(', ')}}`;
}
