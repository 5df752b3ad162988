import type { Answer } from '../../src/answer/answer.ts';
import type { World } from '../../src/world/world.ts';
import { binding, PODS, policy, webhooks } from '../admission/policies/objects.ts';
import { options } from '../helpers/answers.ts';
import { account, allow, cluster, group, user } from '../helpers/cluster.ts';
import { objects } from '../helpers/question.ts';
import { type About, askPrivileged, enforce, podWith, put, ROOT } from '../questions/privileged-worlds.ts';
import type { Story } from './stories.ts';

const answerOf = (world: World, about: About): Answer => {
  const [asked] = askPrivileged(world, about).asked;
  if (!asked) throw new Error('no answer');
  return asked.answer;
};

const CREATE = allow('create', 'pods');
const DEPLOYMENTS = allow('create', 'deployments replicasets', { groups: ['apps'] });
const builder = account('ci', 'builder');
const NO_PRIVILEGE = policy('no-privilege', {
  validations: [
    {
      expression:
        '!object.spec.?hostPID.orValue(false) && !object.spec.?hostNetwork.orValue(false) && !object.spec.?hostIPC.orValue(false)',
      message: 'no namespaces of the host',
    },
    { expression: '!object.spec.?volumes.orValue([]).exists(v, has(v.hostPath))', message: 'no hostPath' },
    {
      expression: 'object.spec.containers.all(c, !c.?securityContext.?privileged.orValue(false))',
      message: 'no privileged containers',
    },
    {
      expression: 'object.spec.containers.all(c, c.?securityContext.?capabilities.?add.orValue([]).size() == 0)',
      message: 'no capabilities',
    },
  ],
});
const bound = (namespace: string) =>
  binding('no-privilege', 'no-privilege', {
    matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
  });

/** ci is open, shop enforces restricted, pay is guarded by a policy, and eight teams enforce baseline. */
function company() {
  const teams = Array.from({ length: 8 }, (_, index) => `team-${index}`);
  const all = cluster({ context: 'prod', namespace: 'ci' })
    .namespace('ci')
    .namespace('shop', enforce('restricted'))
    .namespace('pay');
  for (const team of teams) all.namespace(team, enforce('baseline'));
  put(all, NO_PRIVILEGE, bound('pay'));
  return all
    .account('ci', 'builder')
    .account('ci', 'deployer')
    .clusterRole('edit', [CREATE, DEPLOYMENTS])
    .clusterRole('all', [{ ...allow('*', '*'), apiGroups: ['*'] }]);
}

const everywhere = company()
  .clusterBinding('builders', 'ClusterRole/edit', builder)
  .clusterBinding('deployers', 'ClusterRole/all', account('ci', 'deployer'));
const stopped = company()
  .binding('shop', 'builders', 'ClusterRole/edit', builder)
  .binding('pay', 'builders', 'ClusterRole/edit', builder)
  .binding('team-1', 'builders', 'ClusterRole/edit', builder)
  .binding('team-2', 'builders', 'ClusterRole/edit', builder);
const around = company()
  .role('shop', 'owner', [CREATE, allow('patch', 'namespaces')])
  .binding('shop', 'owners', 'Role/owner', user('jane'));
const open = put(company(), webhooks('images', [{ name: 'images.example.com', rules: [PODS] }])).binding(
  'ci',
  'builders',
  'ClusterRole/edit',
  builder,
);
const crowd = company()
  .binding('ci', 'builders', 'ClusterRole/edit', builder, group('ops'))
  .binding('shop', 'devs', 'ClusterRole/edit', user('bob'), user('carol'))
  .binding('team-1', 'devs', 'ClusterRole/edit', user('bob'))
  .clusterBinding('deployers', 'ClusterRole/all', account('ci', 'deployer'));
const taken = cluster({ context: 'prod' })
  .namespace('kube-system')
  .role('kube-system', 'debug', [allow('patch', 'pods')])
  .binding('kube-system', 'debuggers', 'Role/debug', user('jane'))
  .pod('kube-system', 'proxy', podWith(ROOT))
  .pod('kube-system', 'web', { serviceAccount: 'web' });
const about = (subject: ReturnType<typeof user>): About => ({ subjects: [subject] });
const bare = company().pod('shop', 'web', { serviceAccount: 'web' });

const yes = answerOf(everywhere.world(), about(builder));
const no = answerOf(stopped.world(), about(builder));
const relabels = answerOf(around.world(), about(user('jane')));
const depends = answerOf(open.world(), about(builder));
const everybody = answerOf(crowd.world(), {});

/** Screens of `privileged`, of answers as the question gives them. */
export const SPAWN_STORIES: Story[] = [
  { file: 'privileged-yes', verdict: ['yes'], answers: [yes], options: options() },
  { file: 'privileged-yes-wide', verdict: ['yes'], answers: [yes], options: options({ output: 'wide' }) },
  {
    file: 'privileged-yes-explained',
    verdict: ['yes'],
    answers: [answerOf(taken.world(), about(user('jane')))],
    options: options({ explain: true }),
  },
  { file: 'privileged-no', verdict: ['no'], answers: [no], options: options() },
  { file: 'privileged-no-explained', verdict: ['no'], answers: [no], options: options({ explain: true }) },
  {
    file: 'privileged-no-right',
    verdict: ['no'],
    answers: [answerOf(bare.world(), { pods: objects('shop', 'web') })],
    options: options(),
  },
  { file: 'privileged-around', verdict: ['yes'], answers: [relabels], options: options() },
  { file: 'privileged-around-explained', verdict: ['yes'], answers: [relabels], options: options({ explain: true }) },
  { file: 'privileged-depends', verdict: ['depends'], answers: [depends], options: options() },
  { file: 'privileged-everybody', verdict: ['yes'], answers: [everybody], options: options() },
  { file: 'privileged-everybody-wide', verdict: ['yes'], answers: [everybody], options: options({ output: 'wide' }) },
  {
    file: 'privileged-yaml',
    verdict: ['no'],
    answers: [
      answerOf(
        cluster()
          .namespace('shop', enforce('baseline'))
          .role('shop', 'r', [CREATE])
          .binding('shop', 'b', 'Role/r', user('jane'))
          .world(),
        about(user('jane')),
      ),
    ],
    options: options({ output: 'yaml' }),
  },
];
