import type { Template } from '../template.ts';
import { CONTAINER_KINDS } from './containers.ts';
import { HOST_KINDS } from './host.ts';
import type { PspKind } from './kind.ts';
import { PROFILE_KINDS } from './profiles.ts';
import { USER_KINDS } from './users.ts';

/** The kinds of constraints in the gatekeeper-library's pod-security-policy folder that are modelled here. */
export const PSP_KINDS: readonly PspKind[] = [...CONTAINER_KINDS, ...HOST_KINDS, ...PROFILE_KINDS, ...USER_KINDS];

/**
 * The kind that a template defines, if it looks like the one in the library; undefined for any other template, whatever
 * its name. The template has to have a schema, the library's name, package, number of rules and parameters, read the
 * fields in question, and read nothing else of the cluster or the network. A changed template for which all of this
 * still holds is assumed to be the library's.
 */
export function recognise(template: Template): PspKind | undefined {
  const kind = BY_NAME.get(template.kind);
  if (
    !kind ||
    template.name !== template.kind.toLowerCase() ||
    !template.isDescribed ||
    template.package !== kind.package
  )
    return undefined;
  if (!kind.rules.includes(template.violations) || !template.parameters.every((each) => kind.parameters.includes(each)))
    return undefined;
  if ([...FOREIGN, ...(kind.unlike ?? [])].some((each) => template.rego.includes(each))) return undefined;
  const has = (needle: string | readonly string[]): boolean =>
    typeof needle === 'string' ? template.rego.includes(needle) : needle.some((each) => template.rego.includes(each));
  return kind.reads.every(has) ? kind : undefined;
}

/** Signs of something that none of these templates does. */
const FOREIGN = [
  'data.inventory',
  'http.send',
  'external_data',
  'review.userInfo',
  'review.dryRun',
  'metadata.labels',
  'metadata.namespace',
];

const BY_NAME: ReadonlyMap<string, PspKind> = new Map(PSP_KINDS.map((each) => [each.kind, each]));
