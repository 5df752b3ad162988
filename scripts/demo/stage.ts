import type { Raw } from '../../src/world/raw.ts';
import type { ControlPlane } from '../../test/helpers/control-plane.ts';
import { collectionPath, load } from '../../test/helpers/load.ts';
import { waitFor, waitForAggregation, waitForServiceAccount } from '../../test/helpers/real.ts';
import type { Story } from './story.ts';

/** Creates all objects of the story. Throws where the server refuses one. */
export async function stage(plane: ControlPlane, story: Story): Promise<void> {
  const objects = story.entries.map(({ object }) => object);
  await load(
    plane,
    objects.filter(({ kind }) => kind === 'Namespace'),
  );
  const { items } = (await plane.request('GET', '/api/v1/namespaces')).body as {
    items: { metadata: { name: string } }[];
  };
  await Promise.all(items.map(({ metadata }) => waitForServiceAccount(plane, metadata.name)));
  await createControllerAccounts(plane);
  await load(
    plane,
    objects.filter(({ kind }) => kind !== 'Namespace'),
  );
  await Promise.all(story.entries.map(({ object, status }) => status && setStatus(plane, object as Item, status)));
  await Promise.all(objects.filter(({ kind }) => kind === 'Node').map((node) => removeTaints(plane, node as Item)));
  await waitForAggregation(plane);
}

type Item = { apiVersion: string; kind: string; metadata: { name: string; namespace?: string }; spec?: Raw };

/** The accounts that a whole kube-controller-manager makes: those that upstream's bindings name. */
async function createControllerAccounts(plane: ControlPlane): Promise<void> {
  await waitFor(
    plane,
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/system:controller:ttl-controller',
    (_, status) => status === 200,
  );
  const { body } = await plane.request('GET', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings');
  const bindings = (body as { items: { subjects?: { kind: string; name: string; namespace?: string }[] }[] }).items;
  const accounts = bindings.flatMap(({ subjects = [] }) =>
    subjects.filter(({ kind, namespace }) => kind === 'ServiceAccount' && namespace === 'kube-system'),
  );
  for (const { name } of accounts) {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'kube-system' } };
    const { status } = await plane.request('POST', collectionPath(account), account);
    if (status !== 201 && status !== 409) throw new Error(`account ${name}: ${status}`);
  }
}

const setStatus = (plane: ControlPlane, object: Item, status: Raw): Promise<void> =>
  patch(plane, `${pathOf(object)}/status`, { status });

/** Nodes are tainted until something says that they are ready; they keep their own. */
const removeTaints = (plane: ControlPlane, node: Item): Promise<void> =>
  patch(plane, pathOf(node), { spec: { taints: node.spec?.taints } });

async function patch(plane: ControlPlane, path: string, body: Raw): Promise<void> {
  const reply = await plane.request('PATCH', path, body, {
    headers: { 'content-type': 'application/merge-patch+json' },
  });
  if (reply.status !== 200) throw new Error(`PATCH of ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
}

const pathOf = (object: Item): string => `${collectionPath(object)}/${object.metadata.name}`;
