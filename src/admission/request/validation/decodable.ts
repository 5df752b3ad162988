import { child, children, type Raw, text, textMap, texts } from '../../../world/raw.ts';
import { CONTAINER_LISTS } from '../../pod-security/pod.ts';

/**
 * Throws Malformed for a pod, or a template of one, that the server could not decode for a field which no other rule
 * reads: what people write as a number or a boolean in YAML where the API wants a string (`value: 8080`, `version:
 * 1.0`).
 */
export function requireDecodable(pod: Raw): void {
  textMap(child(pod, 'metadata'), 'labels');
  textMap(child(pod, 'metadata'), 'annotations');
  const spec = child(pod, 'spec');
  textMap(spec, 'nodeSelector');
  requireTexts(spec, OF_SPEC);
  for (const list of CONTAINER_LISTS)
    for (const container of children(spec, list)) {
      texts(container, 'command');
      texts(container, 'args');
      requireTexts(container, OF_CONTAINER);
      for (const variable of children(container, 'env')) requireTexts(variable, OF_VARIABLE);
      for (const mount of children(container, 'volumeMounts')) requireTexts(mount, OF_MOUNT);
      for (const port of children(container, 'ports')) requireTexts(port, OF_PORT);
    }
}

function requireTexts(raw: Raw, fields: readonly string[]): void {
  for (const field of fields) text(raw, field);
}

/**
 * Strings in kubernetes api/core/v1/types.go that are left out where they are empty; YAML's `no` and `off` must not be
 * taken for empty.
 */
const OF_SPEC = [
  ...[
    'nodeName',
    'hostname',
    'subdomain',
    'priorityClassName',
    'runtimeClassName',
    'schedulerName',
    'serviceAccountName',
  ],
  ...['serviceAccount', 'restartPolicy', 'dnsPolicy'],
];
const OF_CONTAINER = [
  'name',
  'image',
  'workingDir',
  'imagePullPolicy',
  'terminationMessagePath',
  'terminationMessagePolicy',
];
const OF_VARIABLE = ['name', 'value'];
const OF_MOUNT = ['name', 'mountPath', 'subPath', 'subPathExpr'];
const OF_PORT = ['name', 'protocol', 'hostIP'];
