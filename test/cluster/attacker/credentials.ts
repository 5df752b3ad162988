import { apiClient, type Reply } from '../../helpers/api-client.ts';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import { account, user } from './grants.ts';
import { type Account, accountKey, type RbacSubject, userKey } from './world.ts';

/** How a request is sent by somebody. Answers whatever the server says. */
type Send = (method: string, path: string, body?: unknown, headers?: Headers) => Promise<Reply>;

type Headers = Record<string, string | string[]>;

/** Who somebody is to the server: an account or a user. */
export interface Identity {
  key: string;
  /** As a binding names it. */
  subject: RbacSubject;
  /** As the server names it. */
  userName: string;
}

/** Something that requests can be made with. */
export interface Credential {
  /** Two credentials with one id are worth the same. */
  id: string;
  identity: Identity;
  /** Somebody who is impersonated can not impersonate further. */
  impersonated: boolean;
  send: Send;
}

export const accountIdentity = ({ namespace, name }: Account): Identity => ({
  key: accountKey({ namespace, name }),
  subject: account(namespace, name),
  userName: `system:serviceaccount:${namespace}:${name}`,
});
export const userIdentity = (name: string): Identity => ({ key: userKey(name), subject: user(name), userName: name });

export function tokenCredential(plane: ControlPlane, identity: Identity, token: string): Credential {
  const send: Send = (method, path, body, headers = {}) => plane.request(method, path, body, { token, headers });
  return { id: identity.key, identity, impersonated: false, send };
}

/** A client certificate that names these groups. `close` ends its connections. */
export function certificateCredential(
  plane: ControlPlane,
  identity: Identity,
  groups: readonly string[],
  certificate: { cert: string; key: string },
): Credential & { close(): void } {
  const { request, close } = apiClient(plane.url, plane.caData, null, certificate);
  const send: Send = (method, path, body, headers = {}) => request(method, path, body, { token: null, headers });
  return { id: `${identity.key} certified in ${groups.join(', ')}`, identity, impersonated: false, send, close };
}

/** Somebody who impersonates `identity` with exactly these groups; with none, an account has those of every account. */
export function impersonation(by: Credential, identity: Identity, groups: readonly string[]): Credential {
  const who: Headers = {
    'Impersonate-User': identity.userName,
    ...(groups.length > 0 && { 'Impersonate-Group': [...groups] }),
  };
  return {
    id: groups.length > 0 ? `${identity.key} impersonated in ${groups.join(', ')}` : `${identity.key} impersonated`,
    ...{ identity, impersonated: true },
    send: (method, path, body, headers = {}) => by.send(method, path, body, { ...who, ...headers }),
  };
}
