import type { Manifest } from '../../../world/objects.ts';
import { child, children, Malformed, type Raw, text, texts } from '../../../world/raw.ts';
import type { ContainerList } from '../../request/pod-containers.ts';

/** A ConstraintTemplate, as far as it shows what its Rego does. */
export interface Template {
  name: string;
  /** The kind of constraint that it defines. */
  kind: string;
  /** Names of the parameters in its schema. */
  parameters: readonly string[];
  isDescribed: boolean;
  engines: readonly string[];
  /** The source without comments and blanks; `''` where there is none. Libraries are not part of it. */
  rego: string;
  /** The package of the Rego. */
  package: string;
  /** The number of rules named `violation`. */
  violations: number;
}

/** Reads a template. Throws Malformed for shapes that Gatekeeper could not read either. */
export function readTemplate({ name, raw }: Manifest): Template {
  const spec = child(raw, 'spec');
  const crd = child(child(spec, 'crd'), 'spec');
  const targets = children(spec, 'targets');
  const [target] = targets;
  if (!target || targets.length > 1) throw new Malformed('spec.targets has not one element');
  if (text(target, 'target') !== 'admission.k8s.gatekeeper.sh')
    throw new Malformed('spec.targets[0].target is not known');
  const code = children(target, 'code');
  const rego = sourceOf(target, code);
  const annotations = child(child(raw, 'metadata'), 'annotations');
  return {
    name,
    kind: text(child(crd, 'names'), 'kind') ?? '',
    parameters: Object.keys(child(child(child(crd, 'validation'), 'openAPIV3Schema'), 'properties')),
    isDescribed: [annotations['metadata.gatekeeper.sh/title'], annotations.description].some(
      (each) => typeof each === 'string' && each !== '',
    ),
    engines: code.length > 0 ? code.map((each) => text(each, 'engine') ?? '') : ['Rego'],
    rego: withoutComments(rego).replaceAll(/\s/g, ''),
    package: /^[^\S\r\n\u2028\u2029]*package\s+([\w.]+)/m.exec(rego)?.[1] ?? '',
    violations: [...withoutComments(rego).matchAll(/^violation\b/gm)].length,
  };
}

function sourceOf(target: Raw, code: readonly Raw[]): string {
  const engine = code.find((each) => each.engine === 'Rego');
  return engine ? (text(child(engine, 'source'), 'rego') ?? '') : (text(target, 'rego') ?? '');
}

/**
 * A `#` in a string is also taken for the start of a comment. The template is then not recognised, which is the safe
 * side.
 */
const withoutComments = (rego: string): string => rego.replaceAll(/#.*/g, '');

/** The differences between versions of the library's templates, as read from the source. */
export interface Features {
  /** The lists of containers that the source goes through. */
  lists: readonly ContainerList[];
  /** Whether containers of certain images are exempt. */
  hasExemptions: boolean;
  /** Whether updates are ignored, since the field is immutable. */
  skipsUpdates: boolean;
  rego: string;
}

export const featuresOf = ({ rego }: Template): Features => ({
  lists: LISTS.filter((list) => rego.includes(`spec.${list}[`)),
  hasExemptions: rego.includes('is_exempt('),
  skipsUpdates: rego.includes('notis_update(') || rego.includes('notis_update_or_patch('),
  rego,
});

const LISTS: readonly ContainerList[] = ['initContainers', 'containers', 'ephemeralContainers'];

/** Whether a constraint exempts an image: it lists images exactly, or by a prefix before `*`. */
export function isExempt(image: unknown, parameters: Raw, { hasExemptions }: Features): boolean {
  if (!hasExemptions || typeof image !== 'string') return false;
  return texts(parameters, 'exemptImages').some((each) =>
    each.endsWith('*') ? image.startsWith(each.slice(0, -1)) : each === image,
  );
}
