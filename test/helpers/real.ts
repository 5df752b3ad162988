import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { controlPlaneBinaries } from '../../scripts/controlplane.mjs';
import { type ControlPlane, type Options, startControlPlane } from './control-plane.ts';

/**
 * Why there can be no real API server here, as node:test's `skip`; false where there can. Throws with CI=true instead.
 */
export async function skipReason(): Promise<string | false> {
  const binaries = await controlPlaneBinaries();
  return 'missing' in binaries && `no real API server here: ${binaries.missing}`;
}

/** A started control plane, or node:test's options for the tests that wanted one. */
async function controlPlaneOrSkip(options: Options = {}): Promise<ControlPlane | { skip: string }> {
  const skip = await skipReason();
  return skip ? { skip } : startControlPlane(options);
}

/**
 * For a whole test file: declares its tests on a running control plane, which stops after the last; or skips them all
 * in one line.
 */
export async function withControlPlane(
  options: Options,
  declare: (plane: ControlPlane) => void | Promise<void>,
): Promise<void> {
  const plane = await controlPlaneOrSkip(options);
  if ('skip' in plane) return void test('against a real API server', plane, () => {});
  after(() => plane.stop());
  await declare(plane);
}

/** Waits until what the API answers at `path` satisfies `predicate`, and returns it. */
export async function waitFor(
  plane: ControlPlane,
  path: string,
  predicate: (body: unknown, status: number) => boolean,
): Promise<unknown> {
  for (const deadline = Date.now() + 90_000; ; await sleep(50)) {
    const { status, body } = await plane.request('GET', path);
    if (predicate(body, status)) return body;
    if (Date.now() > deadline)
      throw new Error(`still not as expected: ${path}: ${status} ${JSON.stringify(body).slice(0, 500)}`);
  }
}

/** Waits for the `default` ServiceAccount of a namespace, without which pods can't be created there. */
export async function waitForServiceAccount(plane: ControlPlane, namespace: string, name = 'default'): Promise<void> {
  await waitFor(plane, `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`, (_, status) => status === 200);
}

/** Waits until admin, edit and view hold the rules of everything that aggregates to them. */
export async function waitForAggregation(plane: ControlPlane): Promise<void> {
  const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
  const { items } = (await plane.request('GET', path)).body as { items: ClusterRole[] };
  for (const [name, labels] of Object.entries(AGGREGATED)) {
    const parts = items.filter(({ metadata }) =>
      labels.some((label) => metadata.labels?.[`${AGGREGATE}${label}`] === 'true'),
    );
    const verbs = new Set(parts.flatMap(atoms));
    await waitFor(plane, `${path}/${name}`, (body) => verbs.isSubsetOf(new Set(atoms(body as ClusterRole))));
  }
}

type ClusterRole = { metadata: { name: string; labels?: Record<string, string> }; rules: unknown[] | null };

function atoms({ rules }: ClusterRole): string[] {
  return (rules ?? []).map((rule) => JSON.stringify(rule));
}

const AGGREGATE = 'rbac.authorization.k8s.io/aggregate-to-';
const AGGREGATED = { edit: ['edit', 'view'], admin: ['admin', 'edit', 'view'], view: ['view'] };
