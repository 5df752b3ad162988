import { child, type Raw } from '../../../../world/raw.ts';
import { containersOf, type PodContainer } from '../../../request/pod-containers.ts';
import type { AdmissionRequest } from '../../../request/request.ts';
import { type Features, isExempt } from '../template.ts';

/**
 * One kind of constraint of the gatekeeper-library that is modelled, and how its template is distinguished from another
 * template of the same name.
 */
export interface PspKind {
  kind: string;
  /** The name of the package of its Rego. */
  package: string;
  /** The parameters in its schema, in any version. */
  parameters: readonly string[];
  /** The texts that its source has to contain, without blanks. Of a list of alternatives one is enough. */
  reads: readonly (string | readonly string[])[];
  /** The texts that its source must not contain, since they mark versions that decide differently. */
  unlike?: readonly string[];
  /** The number of `violation` rules that it has, in each version. */
  rules: readonly number[];
  /**
   * What the constraint refuses in an object. Throws Undecidable where the answer depends on something that is not
   * known.
   */
  violations: (subject: Subject) => Violation[];
}

export interface Subject {
  object: Raw;
  /** `spec` of the object. */
  spec: Raw;
  parameters: Raw;
  features: Features;
  /** The containers that the template looks at, without those of exempt images. */
  containers: readonly PodContainer[];
  isPod: boolean;
}

export interface Violation {
  detail: string;
  rests: readonly string[];
}

/** Thrown for a case of a modelled kind that cannot be decided. */
export class Undecidable extends Error {}

export function subjectOf(request: AdmissionRequest, parameters: Raw, features: Features): Subject {
  const object = request.object ?? {};
  const isPod = request.kind.group === '' && request.kind.kind === 'Pod';
  const containers = containersOf(object, features.lists).filter(
    ({ raw }) => !isExempt(raw.image, parameters, features),
  );
  return { object, spec: child(object, 'spec'), parameters, features, containers, isPod };
}

/** The violations of single containers: `detail` for each container for which `isWrong` holds. */
export const perContainer = (
  { containers, features }: Subject,
  field: string,
  detailOf: (container: PodContainer) => string | null,
): Violation[] =>
  containers.flatMap((container) => {
    const detail = detailOf(container);
    const rests = [
      `spec.${container.list}[*].${field}`,
      ...(features.hasExemptions ? [`spec.${container.list}[*].image`] : []),
    ];
    return detail === null ? [] : [{ detail, rests }];
  });

/**
 * Whether a message of the template quotes a parameter that the constraint does not set. The message is then undefined
 * in Rego, and nothing is refused.
 */
export const isVoid = ({ parameters, features }: Subject, parameter: string): boolean =>
  parameters[parameter] === undefined &&
  new RegExp(`sprintf\\("[^"]*",\\[[^\\]]*input\\.parameters\\.${parameter}\\]`).test(features.rego);

/** A field of `securityContext`; undefined where there is none. */
export const securityOf = (holder: Raw): Raw => child(holder, 'securityContext');
