import { child, children, isRaw, type Raw, text } from '../../../../world/raw.ts';
import type { PodContainer } from '../../../request/pod-containers.ts';
import { type PspKind, type Subject, securityOf, type Violation } from './kind.ts';

/** Constraints on users and groups. */
export const USER_KINDS: readonly PspKind[] = [
  {
    kind: 'K8sPSPAllowedUsers',
    package: 'k8spspallowedusers',
    parameters: ['exemptImages', 'runAsUser', 'runAsGroup', 'supplementalGroups', 'fsGroup'],
    reads: [
      '"runAsUser","runAsGroup","supplementalGroups","fsGroup"',
      '"MustRunAsNonRoot"',
      '"MustRunAs"',
      '"MayRunAs"',
      '"RunAsAny"',
    ],
    rules: [1],
    violations: (subject) =>
      subject.containers.flatMap((each) => FIELDS.flatMap((field) => allowedUser(subject, field, each))),
  },
  {
    kind: 'K8sPSPFSGroup',
    package: 'k8spspfsgroup',
    parameters: ['rule', 'ranges'],
    reads: [
      'parameters.rule=="RunAsAny"',
      'parameters.rule=="MustRunAs"',
      'parameters.rule=="MayRunAs"',
      'securityContext.fsGroup',
    ],
    rules: [1],
    violations: ({ spec, parameters }) => {
      const group = securityOf(spec).fsGroup;
      const isIn = typeof group === 'number' && inRanges(group, parameters);
      const rule = text(parameters, 'rule');
      const isAllowed =
        rule === 'RunAsAny' || (rule === 'MustRunAs' && isIn) || (rule === 'MayRunAs' && (group === undefined || isIn));
      return isAllowed
        ? []
        : [{ detail: 'The provided pod spec fsGroup is not allowed', rests: ['spec.securityContext.fsGroup'] }];
    },
  },
];

const FIELDS = ['runAsUser', 'runAsGroup', 'supplementalGroups', 'fsGroup'] as const;

function allowedUser(subject: Subject, field: (typeof FIELDS)[number], container: PodContainer): Violation[] {
  if (!isRaw(subject.parameters[field])) return [];
  const rule = child(subject.parameters, field);
  const value = settingOf(subject, field, container);
  const detail =
    field === 'runAsUser'
      ? userProblem(rule, value, settingOf(subject, 'runAsNonRoot', container))
      : groupProblem(rule, value);
  const rests = [`spec.${container.list}[*].securityContext.${field}`, `spec.securityContext.${field}`];
  return detail === null
    ? []
    : [{ detail: `Container ${container.name} is attempting to run ${detail} ${field}`, rests }];
}

/** The container's own value, or else the pod's. */
const settingOf = ({ spec, isPod }: Subject, field: string, { raw }: PodContainer): unknown =>
  securityOf(raw)[field] ?? (isPod ? securityOf(spec)[field] : undefined);

function userProblem(rule: Raw, user: unknown, runAsNonRoot: unknown): string | null {
  const name = text(rule, 'rule');
  if (user === undefined) {
    const isMissing =
      name === 'MustRunAs' || (name === 'MustRunAsNonRoot' && (runAsNonRoot === undefined || runAsNonRoot === false));
    return isMissing ? 'without a required' : null;
  }
  if (name === null || name === 'RunAsAny') return null;
  const isAllowed =
    name === 'MustRunAsNonRoot' ? user !== 0 : name === 'MustRunAs' && typeof user === 'number' && inRanges(user, rule);
  return isAllowed ? null : 'as a disallowed';
}

function groupProblem(rule: Raw, value: unknown): string | null {
  const name = text(rule, 'rule');
  if (value === undefined) return name === 'MustRunAs' ? 'without a required' : null;
  if (name === null || name === 'RunAsAny') return null;
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const isAllowed =
    ['MustRunAs', 'MayRunAs'].includes(name) &&
    values.every((each) => typeof each === 'number' && inRanges(each, rule));
  return isAllowed || values.length === 0 ? null : 'as a disallowed';
}

const inRanges = (value: number, rule: Raw): boolean =>
  children(rule, 'ranges').some(
    ({ min, max }) => typeof min === 'number' && typeof max === 'number' && value >= min && value <= max,
  );
