import { goQuote } from '../../../answer/go-quote.ts';
import { type Check, inSecurityContexts, type Run } from '../check.ts';
import { joinQuote, pluralize, settersNamed, sorted } from '../words.ts';

/**
 * Mirrors pod-security-admission policy/check_seccompProfile_baseline.go: policies older than the fields look at
 * annotations alone.
 */
const annotationsAlone: Run = ({ annotations, containers }) => {
  const keys = [POD_ANNOTATION, ...containers.map(({ name }) => CONTAINER_ANNOTATION + name)];
  const bad = sorted(
    keys.flatMap((key) => {
      const value = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
      return value === undefined || isAllowedAnnotation(value) ? [] : [`${key}=${goQuote(value)}`];
    }),
  );
  if (bad.length === 0) return null;
  return {
    reason: 'seccompProfile',
    detail: `forbidden ${pluralize('annotation', 'annotations', bad.length)} ${bad.join(', ')}`,
  };
};

/** The profiles that switch seccomp off, wherever they are set. */
export const unconfined: Run = (pod) => {
  const bad = pod.containers.filter(({ seccomp }) => isForbidden(seccomp));
  if (bad.length === 0 && !isForbidden(pod.seccomp)) return null;
  const types = sorted(
    [pod, ...bad].flatMap(({ seccomp }) => (seccomp !== null && isForbidden(seccomp) ? [seccomp] : [])),
  );
  const setters = settersNamed(
    isForbidden(pod.seccomp),
    bad.map(({ name }) => name),
  );
  return {
    reason: 'seccompProfile',
    detail: `${setters} must not set securityContext.seccompProfile.type to ${joinQuote(types)}`,
  };
};

/** Baseline: seccomp may be left alone, but not switched off. */
export const seccompProfileBaseline: Check = {
  id: 'seccompProfile_baseline',
  level: 'baseline',
  fields: [...inSecurityContexts('seccompProfile.type'), 'metadata.annotations'],
  versions: [
    { since: '1.0', run: annotationsAlone },
    { since: '1.19', run: unconfined },
  ],
};

const isForbidden = (type: string | null): boolean =>
  type !== null && type !== 'Localhost' && type !== 'RuntimeDefault';

const isAllowedAnnotation = (value: string): boolean =>
  value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');

const POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER_ANNOTATION = 'container.seccomp.security.alpha.kubernetes.io/';
