import type { Reply } from '../../helpers/api-client.ts';
import { collectionPath } from '../../helpers/load.ts';
import type { Credential } from './credentials.ts';
import { objectPath } from './stage.ts';
import type { Manifest } from './world.ts';

/**
 * `unauthorized`: the request itself is not allowed; `uncovered`: the request would be, but grants more than is held;
 * `other`: it is allowed and fails, such as in a namespace that does not exist.
 */
export type Outcome = 'done' | 'unauthorized' | 'uncovered' | 'other';

export function outcomeOf({ status, body }: Reply): Outcome {
  if (status < 300) return 'done';
  if (status !== 403) return 'other';
  const { message = '' } = body as { message?: string };
  if (message.includes('attempting to grant') || message.includes('must have cluster-admin')) return 'uncovered';
  return / cannot \S+ (resource|path)/.test(message) ? 'unauthorized' : 'other';
}

/**
 * Creates an object by POST, and by its name where that is not allowed: by server-side apply, then by PUT. The ways
 * differ in more than their verbs: a POST has no name in the eyes of rules that list names, `escalate` among them.
 */
export async function create({ send }: Credential, object: Manifest, byName: boolean, query = ''): Promise<Outcome> {
  const ways = [() => send('POST', collectionPath(object) + (query && `?${query}`), object)];
  if (byName) ways.push(() => apply({ send }, object, query));
  if (byName && object.apiVersion.startsWith('rbac.')) ways.push(() => send('PUT', objectPath(object), object));
  const outcomes: Outcome[] = [];
  for (const way of ways) {
    const outcome = outcomeOf(await way());
    if (outcome === 'done') return outcome;
    outcomes.push(outcome);
  }
  return (['uncovered', 'other'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'unauthorized';
}

export const apply = ({ send }: Pick<Credential, 'send'>, object: Manifest, query = ''): Promise<Reply> =>
  send('PATCH', `${objectPath(object)}?fieldManager=attacker&force=true${query && `&${query}`}`, object, APPLY);

/** Changes fields of an object by PATCH, and where that is not allowed by a PUT of the whole. */
export async function change({ send }: Credential, object: Manifest, changes: object, query = ''): Promise<Outcome> {
  const path = objectPath(object) + (query && `?${query}`);
  const patched = outcomeOf(await send('PATCH', path, changes, MERGE));
  return patched === 'unauthorized' ? outcomeOf(await send('PUT', path, { ...object, ...changes })) : patched;
}

export const MERGE = { 'content-type': 'application/merge-patch+json' };
export const DRY_RUN = 'dryRun=All';
const APPLY = { 'content-type': 'application/apply-patch+yaml' };
