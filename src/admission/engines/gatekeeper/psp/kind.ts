import { child, type Raw } from '../../../../world/raw.ts';
import { containersOf, type PodContainer } from '../../../request/pod-containers.ts';
import type { AdmissionRequest } from '../../../request/request.ts';
import { type Features, isExempt } from '../template.ts';

/**
 * One kind of constraint of the gatekeeper-library that is understood, and how its template is told from another of the
 * same name.
 */
export interface PspKind {
  kind: string;
  /** The package of its Rego. */
  package: string;
  /** The parameters of its schema, in any version. */
  parameters: readonly string[];
  /** What its source has to hold, without blanks; of alternatives in a list one is enough. */
  reads: readonly (string | readonly string[])[];
  /** What its source must not hold: signs of versions that decide otherwise. */
  unlike?: readonly string[];
  /** How many `violation` rules it has, by version. */
  rules: readonly number[];
  /** What the constraint refuses in an object. Throws Undecidable where the answer hangs on what is not known. */
  violations: (subject: Subject) => Violation[];
}

export interface Subject {
  object: Raw;
  /** `spec` of the object. */
  spec: Raw;
  parameters: Raw;
  features: Features;
  /** Containers that the template looks at, without those of exempt images. */
  containers: readonly PodContainer[];
  isPod: boolean;
}

export interface Violation {
  detail: string;
  rests: readonly string[];
}

/** A case of a known kind that cannot be decided. */
export class Undecidable extends Error {}

export function subjectOf(request: AdmissionRequest, parameters: Raw, features: Features): Subject {
  const object = request.object ?? {};
  const isPod = request.kind.group === '' && request.kind.kind === 'Pod';
  const containers = containersOf(object, features.lists).filter(
    ({ raw }) => !isExempt(raw.image, parameters, features),
  );
  return { object, spec: child(object, 'spec'), parameters, features, containers, isPod };
}

/** Violations of single containers: `detail` where `isWrong`. */
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
 * Whether a message of the template quotes a parameter that the constraint does not give: to Rego the message is then
 * undefined, and nothing is refused.
 */
export const isVoid = ({ parameters, features }: Subject, parameter: string): boolean =>
  parameters[parameter] === undefined &&
  new RegExp(`sprintf\\("[^"]*",\\[[^\\]]*input\\.parameters\\.${parameter}\\]`).test(features.rego);

/** A field of `securityContext`; undefined where there is none. */
export const securityOf = (holder: Raw): Raw => child(holder, 'securityContext');
