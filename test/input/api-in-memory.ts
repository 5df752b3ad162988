import type { Connection, WireRequest } from '../../src/cluster/connect/connection.ts';
import type { OpenLive } from '../../src/cluster/input/snapshot/write.ts';
import { LiveSource } from '../../src/cluster/live/live.ts';
import { ApiClient } from '../../src/cluster/transport/transport.ts';
import { ALL_KINDS, type Kind, type KindName } from '../../src/world/kinds.ts';
import { kindOfNeed } from '../../src/world/needs.ts';
import { listOf, typeOf } from '../helpers/api-lists.ts';
import { failed } from '../helpers/faulty-server.ts';

export interface Stored {
  kind: KindName;
  /** As the API lists it: without apiVersion and kind. */
  raw: { metadata: { name: unknown; namespace?: string }; [field: string]: unknown };
}

/**
 * A live source on an API server that is a list of objects; `isRefused` says which paths (without query) are forbidden.
 */
export function liveOn(objects: readonly Stored[], isRefused: (path: string) => boolean = () => false): OpenLive {
  const send = async ({ method, path }: WireRequest) => {
    const { pathname } = new URL(path, 'http://server');
    const found = answerOf(objects, method, pathname);
    const body = isRefused(pathname)
      ? failed(403, 'Forbidden', `${pathname} is forbidden`)
      : (found ?? failed(404, 'NotFound', `${pathname} not found`));
    return { status: 'code' in body ? Number(body.code) : 200, headers: {}, body: Buffer.from(JSON.stringify(body)) };
  };
  const connection: Connection = {
    context: 'memory',
    namespace: 'shop',
    server: 'http://server',
    send,
    close: () => undefined,
  };
  return (onRaw) => new LiveSource(new ApiClient(connection), { onRaw });
}

/** What the API answers at a path: an object, a list, a review of nobody's rights; null where there is nothing. */
export const answerOf = (objects: readonly Stored[], method: string, path: string): object | null =>
  method === 'POST'
    ? { ...REVIEW, status: { resourceRules: [], nonResourceRules: [], incomplete: false } }
    : read(objects, path);

const REVIEW = { kind: 'SelfSubjectRulesReview', apiVersion: 'authorization.k8s.io/v1' };

/** `/api/v1/namespaces/shop/pods` and its like. */
function read(objects: readonly Stored[], path: string): object | null {
  if (path === '/version') return { major: '1', minor: '37', gitVersion: 'v1.37.2' };
  for (const kindName of ALL_KINDS) {
    const kind = kindOfNeed({ kind: kindName });
    const place = within(kind, path);
    if (!place) continue;
    const [namespace, name] = place;
    const items = objects.filter(
      ({ kind: each, raw }) => each === kindName && (namespace === null || raw.metadata.namespace === namespace),
    );
    if (name === null)
      return listOf(
        kindName,
        items.map(({ raw }) => raw),
      );
    const found = items.find(({ raw }) => raw.metadata.name === name && kind.namespaced === (namespace !== null));
    return found ? { ...typeOf(kindName), ...found.raw } : null;
  }
  return null;
}

function within(
  { group, version, resource }: Kind,
  path: string,
): [namespace: string | null, name: string | null] | null {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const match = new RegExp(`^${root}(?:/namespaces/([^/]+))?/${resource}(?:/([^/]+))?$`).exec(path);
  return match && [decoded(match[1]), decoded(match[2])];
}

const decoded = (text: string | undefined): string | null => (text === undefined ? null : decodeURIComponent(text));
