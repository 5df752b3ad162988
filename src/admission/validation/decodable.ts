import { child, children, type Raw, text, textMap, texts } from '../../world/reduce/raw.ts';
import { CONTAINER_LISTS } from '../pod-security/pod.ts';

/**
 * Throws Malformed for a pod, or a template of one, that the server could not decode for a field which no other rule reads: what people write as a
 * number or a boolean in YAML where the API wants a string (`value: 8080`, `version: 1.0`).
 */
export function requireDecodable(pod: Raw): void {
  textMap(child(pod, 'metadata'), 'labels');
  textMap(child(pod, 'metadata'), 'annotations');
  const spec = child(pod, 'spec');
  textMap(spec, 'nodeSelector');
  for (const list of CONTAINER_LISTS)
    for (const container of children(spec, list)) {
      texts(container, 'command');
      texts(container, 'args');
      for (const variable of children(container, 'env')) text(variable, 'value');
    }
}
