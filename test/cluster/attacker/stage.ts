import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import { collectionPath, load } from '../../helpers/load.ts';
import { waitForServiceAccount } from '../../helpers/real.ts';
import { seen } from '../../helpers/staging.ts';
import { aggregated } from './aggregation.ts';
import { RBAC_VERSION, TOKEN_TYPE } from './grants.ts';
import { type AttackWorld, type Manifest, namesOf } from './world.ts';

/** Puts worlds on a server one after the other. */
export interface AttackStage {
  plane: ControlPlane;
  /** The server's own roles, bindings, namespaces and accounts. */
  upstream: readonly Manifest[];
  /** Throws where the server refuses an object of it. */
  place(world: AttackWorld): Promise<void>;
  /** Waits until roles are aggregated, and the authorizer has seen every role and binding that was written before. */
  settle(): Promise<void>;
  /** What is to be deleted with the world, beside its namespaces, roles and bindings. */
  discard(path: string): void;
  /** Takes the last world away, and restores the server's own roles and bindings. */
  clear(): Promise<void>;
}

export async function attackStage(plane: ControlPlane): Promise<AttackStage> {
  await waitForServiceAccount(plane, 'kube-system', 'clusterrole-aggregation-controller');
  await aggregated(plane);
  const rbac = new Map((await listRbac(plane)).map((object) => [objectPath(object), object]));
  const others = await Promise.all([
    list(plane, '/api/v1/namespaces', 'v1', 'Namespace'),
    list(plane, '/api/v1/serviceaccounts', 'v1', 'ServiceAccount'),
  ]);
  await load(plane, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: SENTINELS } }]);
  let sentinels = 0;
  let discarded: string[] = [];

  const settle = async (): Promise<void> => {
    sentinels += 1;
    await aggregated(plane);
    await seen(plane, `sentinel-${sentinels}`, SENTINELS);
  };
  return {
    plane,
    upstream: [...rbac.values(), ...others.flat()],
    settle,
    discard: (path) => discarded.push(path),
    async place(world) {
      const pods = world.objects.filter(({ kind }) => kind === 'Pod');
      const { namespaces } = namesOf(world);
      await load(
        plane,
        world.objects.filter((object) => !pods.includes(object)),
      );
      await Promise.all(namespaces.map((name) => waitForServiceAccount(plane, name)));
      await load(plane, pods);
      const tokens = world.objects.filter(({ type }) => type === TOKEN_TYPE);
      await Promise.all(tokens.map((secret) => filledToken(plane, objectPath(secret))));
      discarded = namespaces.map((name) => `/api/v1/namespaces/${name}`);
      await settle();
    },
    async clear() {
      const now = await listRbac(plane);
      const strange = now.filter((object) => !rbac.has(objectPath(object))).map(objectPath);
      await Promise.all([...strange, ...discarded].map((path) => plane.request('DELETE', path)));
      await Promise.all(now.map((object) => restore(plane, object, rbac.get(objectPath(object)))));
      discarded = [];
    },
  };
}

/** Waits until the token controller has filled a Secret, and returns its token; null where it is deleted instead. */
export async function filledToken(plane: ControlPlane, path: string, accountUid?: string): Promise<string | null> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(5)) {
    const { status, body } = await plane.request('GET', path);
    if (status === 404) return null;
    const { data, metadata } = body as { data?: { token?: string }; metadata: Manifest['metadata'] };
    const uid = metadata.annotations?.['kubernetes.io/service-account.uid'];
    if (data?.token && (accountUid === undefined || uid === accountUid))
      return Buffer.from(data.token, 'base64').toString();
  }
  throw new Error(`the token controller never filled ${path}`);
}

async function restore(plane: ControlPlane, now: Manifest, original: Manifest | undefined): Promise<void> {
  // The controller restores an aggregated role as soon as the roles that it selects are what they were.
  if (original === undefined || original.aggregationRule !== undefined) return;
  if (now.metadata.resourceVersion === original.metadata.resourceVersion) return;
  const path = objectPath(original);
  const content = ({ rules, subjects, metadata }: Manifest) => JSON.stringify([rules, subjects, metadata.labels]);
  const { name, namespace, labels, annotations } = original.metadata;
  const metadata = {
    name,
    ...(namespace && { namespace }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
  };
  for (let current = now, tries = 0; content(current) !== content(original); tries += 1) {
    if (tries === 100) throw new Error(`cannot restore ${path}`);
    await plane.request('PUT', path, { ...original, metadata });
    current = (await plane.request('GET', path)).body as Manifest;
  }
}

async function listRbac(plane: ControlPlane): Promise<Manifest[]> {
  const kinds = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'];
  const lists = kinds.map((kind) => list(plane, `/apis/${RBAC_VERSION}/${kind.toLowerCase()}s`, RBAC_VERSION, kind));
  return (await Promise.all(lists)).flat();
}

async function list(plane: ControlPlane, path: string, apiVersion: string, kind: string): Promise<Manifest[]> {
  const { items } = (await plane.request('GET', path)).body as { items: Manifest[] };
  return items.map((item) => ({ ...item, apiVersion, kind }));
}

/** The path of an object by its name. */
export const objectPath = (object: Manifest): string => `${collectionPath(object)}/${object.metadata.name}`;

const SENTINELS = 'sentinels';
