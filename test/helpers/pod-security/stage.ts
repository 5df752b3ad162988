import type { Raw } from '../../../src/world/raw.ts';
import type { ControlPlane } from '../control-plane.ts';
import { waitForServiceAccount } from '../real.ts';
import type { Case } from './cases.ts';
import { LABEL_SETS, type LabelSet } from './label-sets.ts';

/** What the server said to a pod that was sent as a dry run. */
export interface Reply {
  status: number;
  /** The object for a success, the Status else. */
  body: Raw;
}

/**
 * One namespace for each set of labels. What Pod Security would not let anybody write goes through namespaces/status,
 * which it does not look at.
 */
export async function makeNamespaces(plane: ControlPlane, sets: readonly LabelSet[] = LABEL_SETS): Promise<void> {
  await bareNamespaces(plane, sets);
  await label(plane, sets);
}

export async function bareNamespaces(plane: ControlPlane, sets: readonly LabelSet[]): Promise<void> {
  await Promise.all(
    sets.map(({ namespace }) => must(plane, 'POST', '/api/v1/namespaces', { metadata: { name: namespace } })),
  );
  await Promise.all(sets.map(({ namespace }) => waitForServiceAccount(plane, namespace)));
}

/**
 * Returns when the plug-in has noticed: it hears of namespaces in the order in which they are written, and so of one
 * that is written last.
 */
export async function label(plane: ControlPlane, sets: readonly LabelSet[]): Promise<void> {
  canaries += 1;
  const canary = { namespace: `canary-${canaries}`, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } };
  await bareNamespaces(plane, [canary]);
  await Promise.all(sets.map((set) => relabel(plane, set)));
  await relabel(plane, canary);
  const pod = { metadata: { name: 'canary' }, spec: { containers: [{ name: 'canary', image: 'i' }] } };
  const path = `/api/v1/namespaces/${canary.namespace}/pods?dryRun=All`;
  while ((await plane.request('POST', path, pod)).status !== 403);
}

let canaries = 0;

async function relabel(plane: ControlPlane, { namespace, labels }: LabelSet): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}`;
  const { body } = await plane.request('GET', path);
  const { metadata } = body as { metadata: Raw & { labels: object } };
  await must(plane, 'PUT', `${path}/status`, {
    ...(body as Raw),
    metadata: { ...metadata, labels: { ...metadata.labels, ...labels } },
  });
}

/** The server's word on each case, in the same order. */
export const ask = (plane: ControlPlane, cases: readonly Case[]): Promise<Reply[]> =>
  Promise.all(
    cases.map(async ({ set, pod }) => {
      const { status, body } = await plane.request('POST', `/api/v1/namespaces/${set.namespace}/pods?dryRun=All`, pod);
      return { status, body: body as Raw };
    }),
  );

export async function must(plane: ControlPlane, method: string, path: string, content?: unknown): Promise<Raw> {
  const { status, body } = await plane.request(method, path, content);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body).slice(0, 500)}`);
  return body as Raw;
}
