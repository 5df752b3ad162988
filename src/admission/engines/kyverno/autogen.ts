import { child, children, isRaw, type Raw, text, texts } from '../../../world/raw.ts';
import type { AdmissionRequest } from '../../request/request.ts';
import { matchesKind } from './match.ts';
import type { Policy } from './policy.ts';

/** The pod that a workload creates, as the object that a policy on pods is applied to. */
export interface Template {
  pod: Raw;
  /** The prefix of the rule's name. */
  prefix: string;
}

/**
 * The template of a workload to which a policy's rules on pods are also applied; null where they are not. Kyverno does
 * not extend policies that select by name, label or annotation, nor those that mix pods with other kinds. Mirrors
 * kyverno pkg/autogen/v1/autogen.go CanAutoGen.
 */
export function templateOf(
  policy: Policy,
  { kind, object }: Pick<AdmissionRequest, 'kind' | 'object'>,
): Template | null {
  const path = PATHS.get(`${kind.kind}.${kind.group}`);
  if (!path || !object || !canExtend(policy)) return null;
  if (policy.autogen !== null && !policy.autogen.includes(kind.kind)) return null;
  const template = path.reduce(child, object);
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: child(template, 'metadata'), spec: child(template, 'spec') };
  return { pod, prefix: kind.kind === 'CronJob' ? 'autogen-cronjob-' : 'autogen-' };
}

/** Whether a rule selects pods, so that it is extended to workloads. */
export const isOnPods = (rule: Raw): boolean =>
  filtersOf(child(rule, 'match')).some((filter) =>
    kindsOf(filter).some((each) => matchesKind(each, POD, '') && !each.includes('*')),
  );

function canExtend({ rules }: Policy): boolean {
  const filters = rules.flatMap(({ raw }) => [...filtersOf(child(raw, 'match')), ...filtersOf(child(raw, 'exclude'))]);
  if (rules.some(({ raw }) => isRaw(raw.generate))) return false;
  return filters.some((filter) => kindsOf(filter).some((each) => WORKLOADS.has(each))) && filters.every(isPlain);
}

function isPlain(filter: Raw): boolean {
  const resources = child(filter, 'resources');
  const isNamed = (text(resources, 'name') ?? '') !== '' || texts(resources, 'names').length > 0;
  const kinds = kindsOf(filter);
  const isMixed = kinds.length > 1 && kinds.some((each) => matchesKind(each, POD, ''));
  return !isNamed && !isRaw(resources.selector) && !isRaw(resources.annotations) && !isMixed;
}

const filtersOf = (block: Raw): Raw[] => [...children(block, 'any'), ...children(block, 'all'), block];

const kindsOf = (filter: Raw): readonly string[] => texts(child(filter, 'resources'), 'kinds');

const POD = { group: '', version: 'v1', kind: 'Pod' };
const TEMPLATE = ['spec', 'template'];
const PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ...['DaemonSet', 'Deployment', 'StatefulSet', 'ReplicaSet'].map((kind): [string, readonly string[]] => [
    `${kind}.apps`,
    TEMPLATE,
  ]),
  ['Job.batch', TEMPLATE],
  ['ReplicationController.', TEMPLATE],
  ['CronJob.batch', ['spec', 'jobTemplate', ...TEMPLATE]],
]);
const WORKLOADS: ReadonlySet<string> = new Set([
  'Pod',
  ...[...PATHS.keys()].map((each) => each.slice(0, each.indexOf('.'))),
]);
