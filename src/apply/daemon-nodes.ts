import { child, children, type Raw, text, textMap, texts } from '../world/raw.ts';
import { isStored } from './stored.ts';

/**
 * The names of the nodes on which a DaemonSet runs the pods of its template: those that nodeName, nodeSelector and the
 * required node affinity allow, and whose taints it tolerates. A node that no server has stored has its own labels and
 * those that its kubelet will add, which are linux and amd64 unless it has others. Pure. Throws Malformed. Mirrors
 * kubernetes pkg/controller/daemon/daemon_controller.go NodeShouldRunDaemonPod and component-helpers
 * scheduling/corev1/nodeaffinity.
 */
export function daemonNodes(pod: Raw, nodes: readonly Raw[]): string[] {
  const spec = child(pod, 'spec');
  return nodes.filter((node) => fits(spec, node)).map((node) => text(child(node, 'metadata'), 'name') ?? '');
}

function fits(spec: Raw, node: Raw): boolean {
  const name = text(child(node, 'metadata'), 'name');
  const labels = labelsOf(node);
  const wanted = text(spec, 'nodeName') || name;
  const isSelected = Object.entries(textMap(spec, 'nodeSelector')).every(([key, value]) => labels[key] === value);
  const affinity = child(child(spec, 'affinity'), 'nodeAffinity').requiredDuringSchedulingIgnoredDuringExecution;
  const terms =
    affinity === undefined || affinity === null
      ? null
      : children({ affinity: [affinity] }, 'affinity').flatMap(termsOf);
  const isNear = terms === null || terms.some((term) => matchesTerm(term, labels, name ?? ''));
  return (
    name === wanted &&
    isSelected &&
    isNear &&
    taintsOf(node).every((taint) => isTolerated(taint, children(spec, 'tolerations')))
  );
}

/**
 * The labels of a node with those that kubelets add. Mirrors kubernetes pkg/kubelet/kubelet_node_status.go initialNode.
 */
function labelsOf(node: Raw): Readonly<Record<string, string>> {
  const metadata = child(node, 'metadata');
  const own = textMap(metadata, 'labels');
  if (isStored(node)) return own;
  const info = child(child(node, 'status'), 'nodeInfo');
  const [os, arch] = [text(info, 'operatingSystem') || 'linux', text(info, 'architecture') || 'amd64'];
  return {
    ...{ 'kubernetes.io/os': os, 'kubernetes.io/arch': arch, 'kubernetes.io/hostname': text(metadata, 'name') ?? '' },
    ...{ 'beta.kubernetes.io/os': os, 'beta.kubernetes.io/arch': arch },
    ...own,
  };
}

const termsOf = (affinity: Raw): Raw[] => children(affinity, 'nodeSelectorTerms');

/** A term without requirements matches nothing. */
function matchesTerm(term: Raw, labels: Readonly<Record<string, string>>, name: string): boolean {
  const expressions = children(term, 'matchExpressions');
  const fields = children(term, 'matchFields');
  return (
    expressions.length + fields.length > 0 &&
    expressions.every((each) => matches(each, labels)) &&
    fields.every((each) => matches(each, { 'metadata.name': name }))
  );
}

function matches(requirement: Raw, labels: Readonly<Record<string, string>>): boolean {
  const key = text(requirement, 'key') ?? '';
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const values = texts(requirement, 'values');
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** A taint of the effect PreferNoSchedule keeps no pod away. */
const taintsOf = (node: Raw): Raw[] =>
  children(child(node, 'spec'), 'taints').filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');

const isTolerated = (taint: Raw, tolerations: readonly Raw[]): boolean =>
  tolerations.some(
    ({ key, operator, value, effect }) =>
      (!effect || effect === taint.effect) &&
      (key
        ? key === taint.key && (operator === 'Exists' || (value ?? '') === (taint.value ?? ''))
        : operator === 'Exists'),
  );
