import { after } from 'node:test';
import { ALL_KINDS, type Kind, kindOf } from '../../src/world/kinds.ts';
import { kindOfNeed } from '../../src/world/needs.ts';
import { type FakeServer, startServer } from './http-server.ts';

/** An object as somebody applies it. */
export type Stored = Record<string, unknown> & {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
};

export interface ClusterServer {
  url: string;
  requests: FakeServer['requests'];
  /** Another cluster from now on. */
  load(objects: readonly Stored[]): void;
}

/**
 * An API server on plain http that has these objects, lets everybody read everything, and is gone after the tests.
 * `custom`: kinds that it has besides upstream's.
 */
export async function startCluster(objects: readonly Stored[], custom: readonly Kind[] = []): Promise<ClusterServer> {
  let stored = objects;
  const server = await startServer(({ method, url, body }, response) => {
    const answer = answerOf(method, url, body, stored, custom);
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        answer ?? {
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          reason: 'NotFound',
          code: 404,
          message: 'not found',
        },
      ),
    );
  });
  after(() => server.close());
  return {
    url: server.url,
    requests: server.requests,
    load: (next) => {
      stored = next;
    },
  };
}

/** What such a server answers; null where there is no such thing. */
export function answerOf(
  method: string,
  url: string,
  body: string,
  objects: readonly Stored[],
  custom: readonly Kind[] = [],
): object | null {
  const kinds = [...ALL_KINDS.map((kind) => kindOfNeed({ kind })), ...custom];
  const { pathname, searchParams } = new URL(url, 'http://server');
  return method === 'POST'
    ? reviewed(JSON.parse(body))
    : (fixed(pathname, kinds) ?? read(pathname, searchParams, objects, kinds));
}

/** Reviews of oneself, who may do nothing. */
const reviewed = (review: Record<string, unknown>): object => ({
  ...review,
  status:
    review.kind === 'SelfSubjectReview'
      ? { userInfo: { username: 'olivia', groups: ['system:authenticated'] } }
      : { resourceRules: [], nonResourceRules: [], incomplete: false },
});

function fixed(path: string, kinds: readonly Kind[]): object | null {
  if (path === '/version') return { major: '1', minor: '37', gitVersion: 'v1.37.2' };
  if (path !== '/api' && path !== '/apis') return null;
  const here = kinds.filter(({ group }) => (group === '') === (path === '/api'));
  const items = [...Map.groupBy(here, ({ group }) => group)].map(([group, own]) => ({
    metadata: { name: group },
    versions: [...Map.groupBy(own, ({ version }) => version)].map(([version, each]) => ({
      version,
      freshness: 'Current',
      resources: each.map(resource),
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

const resource = ({ group, version, resource: name, kind, namespaced }: Kind): object => ({
  resource: name,
  responseKind: { group, version, kind },
  scope: namespaced ? 'Namespaced' : 'Cluster',
  singularResource: kind.toLowerCase(),
  verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
});

function read(path: string, query: URLSearchParams, objects: readonly Stored[], kinds: readonly Kind[]): object | null {
  for (const kind of kinds) {
    const root = `${kind.group === '' ? '/api' : `/apis/${kind.group}`}/${kind.version}`;
    if (!path.startsWith(`${root}/`)) continue;
    const parts = path
      .slice(root.length + 1)
      .split('/')
      .map(decodeURIComponent);
    const [namespace, rest] =
      parts[0] === 'namespaces' && parts.length > 2 ? [parts[1] ?? null, parts.slice(2)] : [null, parts];
    if (rest[0] !== kind.resource || rest.length > 2) continue;
    const here = objects.filter(
      (each) => isOf(each, kind) && (namespace === null || each.metadata.namespace === namespace),
    );
    const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
    if (rest[1] !== undefined) return here.find(({ metadata }) => metadata.name === rest[1]) ?? null;
    const items = here.filter((each) => isSelected(each, query)).map(({ apiVersion: _, kind: __, ...item }) => item);
    return { kind: `${kind.kind}List`, apiVersion, metadata: { resourceVersion: '1' }, items };
  }
  return null;
}

const isOf = ({ apiVersion, kind }: Stored, wanted: Kind): boolean =>
  kind === wanted.kind && kindOf(apiVersion, kind) === kindOf(apiOf(wanted), wanted.kind);

const apiOf = ({ group, version }: Kind): string => (group === '' ? version : `${group}/${version}`);

/** Equality alone. */
function isSelected({ metadata, spec }: Stored, query: URLSearchParams): boolean {
  const [field, value] = (query.get('fieldSelector') ?? '').split('=');
  const [label, wanted] = (query.get('labelSelector') ?? '').split('=');
  if (field === 'metadata.name' && metadata.name !== value) return false;
  if (field === 'spec.nodeName' && (spec as { nodeName?: string } | undefined)?.nodeName !== value) return false;
  return !label || metadata.labels?.[label] === wanted;
}
