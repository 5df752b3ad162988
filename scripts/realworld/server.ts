import { setTimeout as sleep } from 'node:timers/promises';
import { namespacesNamedBy } from '../../src/apply/named-namespaces.ts';
import { discover } from '../../src/cluster/live/discovery/index.ts';
import type { ApiClient } from '../../src/cluster/transport/transport.ts';
import { isRaw, type Raw } from '../../src/world/raw.ts';
import type { ControlPlane } from '../../test/helpers/control-plane.ts';
import { waitFor, waitForServiceAccount } from '../../test/helpers/real.ts';
import { type Manifest, nameOf } from './manifests.ts';

/** What the server made of manifests. */
export interface Applied {
  accepted: Manifest[];
  /** In the server's words. */
  refused: string[];
}

/**
 * Applies manifests on the server's side, those first that others need: definitions, namespaces, accounts. `home`:
 * where those go that do not say.
 */
export async function applyAll(
  plane: ControlPlane,
  client: ApiClient,
  manifests: readonly Manifest[],
  home: string,
): Promise<Applied> {
  const result: Applied = { accepted: [], refused: [] };
  const isDefinition = ({ kind }: Manifest): boolean => kind === 'CustomResourceDefinition';
  await applyStage(plane, client, manifests.filter(isDefinition), home, result);
  for (const { name } of result.accepted) await established(plane, name);
  await makeNamespaces(plane, new Set([home, ...manifests.flatMap(({ raw }) => namespacesNamedBy(raw))]));
  for (const stage of STAGES) {
    const wanted = manifests.filter((each) => !isDefinition(each) && stage(each.kind));
    await applyStage(plane, client, wanted, home, result);
  }
  return result;
}

/** Whether a kind stands in the way of whatever is written later, as long as nothing answers for it. */
export const isWebhook = ({ kind }: Pick<Manifest, 'kind'>): boolean => kind.endsWith('WebhookConfiguration');

const FIRST: ReadonlySet<string> = new Set(['Namespace', 'ServiceAccount', 'PriorityClass', 'RuntimeClass', 'Node']);
const STAGES: readonly ((kind: string) => boolean)[] = [
  (kind) => FIRST.has(kind),
  (kind) => !FIRST.has(kind) && !isWebhook({ kind }),
  (kind) => isWebhook({ kind }),
];

async function applyStage(
  plane: ControlPlane,
  client: ApiClient,
  manifests: readonly Manifest[],
  home: string,
  into: Applied,
): Promise<void> {
  const { resources = [] } = (await discover(client)) ?? {};
  for (const manifest of manifests) {
    const { apiVersion, group, kind, name, raw } = manifest;
    const resource = resources.find((each) => each.group === group && each.kind === kind);
    if (!resource) {
      into.refused.push(`${nameOf(manifest)}: the server has no ${kind} in ${apiVersion}`);
      continue;
    }
    const namespace = resource.namespaced ? (manifest.namespace ?? home) : null;
    const root = group === '' ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
    const path = `${root}${namespace === null ? '' : `/namespaces/${namespace}`}/${resource.resource}/${encodeURIComponent(name)}`;
    const placed = {
      ...raw,
      metadata: {
        ...(isRaw(raw.metadata) ? raw.metadata : {}),
        ...(namespace === null ? { namespace: undefined } : { namespace }),
      },
    };
    const reply = await applyOne(plane, path, placed);
    if (reply === null) into.accepted.push({ ...manifest, namespace, raw: placed });
    else into.refused.push(`${nameOf(manifest)}: ${reply}`);
  }
}

/** Null where it was taken. */
async function applyOne(plane: ControlPlane, path: string, raw: Raw): Promise<string | null> {
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  const { status, body } = await plane.request('PATCH', `${path}?fieldManager=realworld&force=true`, raw, { headers });
  return status < 300 ? null : `${status} ${isRaw(body) ? String(body.message) : ''}`.slice(0, 300);
}

async function makeNamespaces(plane: ControlPlane, names: ReadonlySet<string>): Promise<void> {
  for (const name of names)
    await plane.request('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (const name of names) await waitForServiceAccount(plane, name);
}

async function established(plane: ControlPlane, name: string): Promise<void> {
  await waitFor(plane, `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`, (body) => {
    const { conditions } = isRaw(body) && isRaw(body.status) ? body.status : {};
    return (
      Array.isArray(conditions) &&
      conditions.some((each: unknown) => isRaw(each) && each.type === 'Established' && each.status === 'True')
    );
  });
}

/** The one node that there is, as a manifest, for both sides. */
export const NODE: Manifest = {
  apiVersion: 'v1',
  group: '',
  kind: 'Node',
  name: 'realworld',
  namespace: null,
  raw: {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: 'realworld',
      labels: { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': 'realworld' },
    },
    status: {
      nodeInfo: {
        osImage: 'Debian GNU/Linux 13',
        operatingSystem: 'linux',
        containerRuntimeVersion: 'containerd://2.1.4',
      },
    },
  },
};

/** Makes the node, as a kubelet that is ready leaves it. */
export async function makeNode(plane: ControlPlane): Promise<void> {
  await expect(plane, 'POST', '/api/v1/nodes', NODE.raw);
  const headers = MERGE;
  await expect(plane, 'PATCH', '/api/v1/nodes/realworld', { spec: { taints: null } }, headers);
  await expect(plane, 'PATCH', '/api/v1/nodes/realworld/status', { status: NODE.raw.status }, headers);
}

/**
 * Waits until controllers have made the pods that they make of workloads, some of which are refused, and puts these on
 * the node as running, in place of a scheduler and a kubelet.
 */
export async function settle(plane: ControlPlane): Promise<void> {
  await runCronJobs(plane);
  for (let before = -1, calm = 0; calm < 10; await sleep(300)) {
    const pods = await podsOf(plane);
    calm = pods.length === before ? calm + 1 : 0;
    before = pods.length;
  }
  for (const { metadata, spec } of await podsOf(plane)) {
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
    const target = { kind: 'Node', name: 'realworld' };
    if (!spec.nodeName)
      await expect(plane, 'POST', `${path}/binding`, {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: metadata.name },
        target,
      });
    await expect(plane, 'PATCH', `${path}/status`, { status: { phase: 'Running' } }, MERGE);
  }
}

/** Their time has come, as for `kubectl create job --from`. */
async function runCronJobs(plane: ControlPlane): Promise<void> {
  const { items } = (await plane.request('GET', '/apis/batch/v1/cronjobs')).body as { items: RawCronJob[] };
  for (const { metadata, spec } of items) {
    const { namespace, name, uid } = metadata;
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true };
    const job = { ...spec.jobTemplate, apiVersion: 'batch/v1', kind: 'Job' };
    const placed = { ...job.metadata, name: `${name}-29000000`, namespace, ownerReferences: [owner] };
    await expect(plane, 'POST', `/apis/batch/v1/namespaces/${namespace}/jobs`, { ...job, metadata: placed });
  }
}

interface RawCronJob {
  metadata: { namespace: string; name: string; uid: string };
  spec: { jobTemplate: { metadata?: object; spec: object } };
}

interface RawPod {
  metadata: { namespace: string; name: string };
  spec: { nodeName?: string };
}

const podsOf = async (plane: ControlPlane): Promise<RawPod[]> =>
  ((await plane.request('GET', '/api/v1/pods')).body as { items: RawPod[] }).items;

async function expect(
  plane: ControlPlane,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<void> {
  const reply = await plane.request(method, path, body, { headers });
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
}

const MERGE = { 'content-type': 'application/merge-patch+json' };
