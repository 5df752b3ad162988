import type { Action, Attack } from '../attack.ts';
import type { Credential } from '../credentials.ts';
import { podSpec } from '../grants.ts';
import { change, create, DRY_RUN } from '../outcome.ts';
import { accountKey, type Manifest, secretKey } from '../world.ts';

/**
 * Creates a pod as each account. Nobody runs pods here: that the server accepts one (in a dry run) stands for a pod that
 * runs, and gives the account and every Secret of the namespace, which such a pod can mount.
 */
export const createPods: Action = {
  name: 'create a pod',
  resources: ['pods'],
  run: (attack, credential) => createWith(attack, credential, 'create a pod', [pod]),
};

/** Creates each kind of workload as each account. No controller makes its pods here; that it would is taken for granted. */
export const createWorkloads: Action = {
  name: 'create a workload',
  resources: [
    ...['deployments', 'daemonsets', 'statefulsets', 'replicasets', 'jobs', 'cronjobs', 'replicationcontrollers'],
  ],
  run: (attack, credential) => createWith(attack, credential, 'create a workload', WORKLOADS),
};

type Template = (namespace: string, name: string, accountName: string) => Manifest;

async function createWith(
  attack: Attack,
  credential: Credential,
  action: string,
  templates: readonly Template[],
): Promise<void> {
  for (const namespace of attack.namespaces) {
    for (const template of templates) {
      for (const accountName of [...new Set([...attack.accountsIn(namespace), 'default'])]) {
        if (!isWorthwhile(attack, namespace, accountName)) continue;
        if (!(await isAccepted(attack, credential, template, namespace, accountName))) continue;
        await attack.runAs(action, { namespace, name: accountName });
        await mountAll(attack, action, namespace);
      }
    }
  }
}

/** Whether a pod as this account would give anything new. */
function isWorthwhile(attack: Attack, namespace: string, accountName: string): boolean {
  const isWanted = attack.accounts.some(({ namespace: in_, name }) => in_ === namespace && name === accountName);
  if (isWanted && !attack.holdsToken(accountKey({ namespace, name: accountName }))) return true;
  return attack.secrets.some(
    (secret) => secret.namespace === namespace && !attack.readSecrets.has(secretKey(namespace, secret.name)),
  );
}

async function isAccepted(
  attack: Attack,
  credential: Credential,
  template: Template,
  namespace: string,
  accountName: string,
): Promise<boolean> {
  const fresh = template(namespace, attack.freshName(), accountName);
  const outcome = await create(credential, fresh, false, DRY_RUN);
  if (outcome !== 'unauthorized') return outcome === 'done';
  for (const name of attack.names.listed(`${fresh.kind.toLowerCase()}s`)) {
    if (attack.world.objects.some(({ kind, metadata }) => kind === fresh.kind && metadata.name === name)) continue;
    if ((await create(credential, template(namespace, name, accountName), true, DRY_RUN)) === 'done') return true;
  }
  return false;
}

async function mountAll(attack: Attack, action: string, namespace: string): Promise<void> {
  for (const secret of attack.secrets)
    if (secret.namespace === namespace && !attack.readSecrets.has(secretKey(namespace, secret.name)))
      await attack.seeSecret(action, secret);
}

/** Changes the pod template of each workload that exists, so that its next pods run as another account. */
export const changeWorkloads: Action = {
  name: 'change a workload',
  resources: createWorkloads.resources,
  async run(attack, credential) {
    for (const object of attack.world.objects.filter(({ kind }) => kind in TEMPLATE_PATHS)) {
      const { namespace = '' } = object.metadata;
      for (const accountName of [...new Set([...attack.accountsIn(namespace), 'default'])]) {
        if (!isWorthwhile(attack, namespace, accountName)) continue;
        const changed = workload(object.kind, namespace, object.metadata.name, accountName, 'other');
        if ((await change(credential, object, { spec: changed.spec }, DRY_RUN)) !== 'done') continue;
        await attack.runAs(this.name, { namespace, name: accountName });
        await mountAll(attack, this.name, namespace);
      }
    }
  },
};

const pod: Template = (namespace, name, accountName) => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name } },
  spec: podSpec(accountName),
});

/** A workload of this kind whose pods run as this account. */
export function workload(kind: string, namespace: string, name: string, accountName: string, image = 'app'): Manifest {
  const labels = { app: 'any' };
  const isBatch = kind === 'Job' || kind === 'CronJob';
  const template = {
    metadata: { labels },
    spec: { ...podSpec(accountName, image), ...(isBatch && { restartPolicy: 'Never' }) },
  };
  const selector = kind === 'ReplicationController' ? labels : { matchLabels: labels };
  const spec = isBatch ? { template } : { selector, template, ...(kind === 'StatefulSet' && { serviceName: 'any' }) };
  return {
    ...{ apiVersion: TEMPLATE_PATHS[kind] ?? '', kind, metadata: { namespace, name } },
    spec: kind === 'CronJob' ? { schedule: '* * * * *', jobTemplate: { spec } } : spec,
  };
}

const TEMPLATE_PATHS: Record<string, string> = {
  ...{ Deployment: 'apps/v1', DaemonSet: 'apps/v1', StatefulSet: 'apps/v1', ReplicaSet: 'apps/v1' },
  ...{ Job: 'batch/v1', CronJob: 'batch/v1', ReplicationController: 'v1' },
};
const WORKLOADS = Object.keys(TEMPLATE_PATHS).map(
  (kind): Template =>
    (namespace, name, accountName) =>
      workload(kind, namespace, name, accountName),
);
