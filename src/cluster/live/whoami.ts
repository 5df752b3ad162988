import type { Failure } from '../../world/needs.ts';
import { child, Malformed, type Raw, requiredText, text, texts } from '../../world/raw.ts';
import { understoodOr } from '../../world/understood.ts';
import type { Impersonation } from '../connect/connection.ts';
import { notOfType } from '../lists/asked-for.ts';
import type { ApiClient } from '../transport/transport.ts';

/** The user of a request as the server sees it (authentication/v1 UserInfo). */
export interface UserInfo {
  name: string;
  uid: string;
  groups: readonly string[];
  /** The extras, whose keys the server has in lower case. */
  extra: Readonly<Record<string, readonly string[]>>;
}

export type Seen = { user: UserInfo } | { failure: Failure };

/**
 * Who we are to the server, by a SelfSubjectReview, which stores nothing. With `persistent`, servers before 1.28 are
 * asked in the versions that they know. With `impersonate`, the answer is about a request with that impersonation.
 */
export async function whoami(
  client: ApiClient,
  { persistent = false, impersonate }: WhoamiOptions = {},
): Promise<Seen> {
  const [version = 'v1', ...older] = VERSIONS;
  let seen = await ask(client, version, impersonate);
  for (const each of persistent ? older : []) {
    if ('user' in seen || seen.failure.status !== 404) break;
    seen = await ask(client, each, impersonate);
  }
  return seen;
}

export interface WhoamiOptions {
  persistent?: boolean;
  impersonate?: Impersonation | undefined;
}

async function ask(client: ApiClient, version: string, impersonate: Impersonation | undefined): Promise<Seen> {
  const apiVersion = `authentication.k8s.io/${version}`;
  const result = await client.post(
    `/apis/${apiVersion}/selfsubjectreviews`,
    { apiVersion, kind: 'SelfSubjectReview' },
    impersonate,
  );
  if (!result.ok) return { failure: result.failure };
  return understoodOr(
    () => {
      const other = notOfType(result.value, apiVersion, 'SelfSubjectReview');
      if (other !== null) throw new Malformed(other);
      return { user: userOf(child(child(result.value, 'status'), 'userInfo')) };
    },
    (error) => ({ failure: { kind: 'malformed', status: 200, message: `200 OK: ${error.message}` } }),
  );
}

function userOf(info: Raw): UserInfo {
  const extra = child(info, 'extra');
  return {
    name: requiredText(info, 'username'),
    uid: text(info, 'uid') ?? '',
    groups: texts(info, 'groups'),
    extra: Object.fromEntries(Object.keys(extra).map((key) => [key, texts(extra, key)])),
  };
}

const VERSIONS = ['v1', 'v1beta1', 'v1alpha1'];
