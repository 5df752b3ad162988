import { usageError } from '../../answer/user-error.ts';
import { asking } from '../parse/flags.ts';
import { checkGoal, parseGoal } from '../parse/footholds.ts';
import { question } from './question.ts';

export const reach = question({
  name: 'reach',
  usage: 'GOAL',
  summary: 'Who can get there, by which chain',
  details: [
    'GOAL is cluster-admin, node/N, namespace/N, pod/P, sa/S, secret/S, user/U or',
    'group/G; in another namespace KIND/NAMESPACE/NAME.',
    'In a large cluster a way may have more steps than the shortest one, which',
    "'sa/NAME --to GOAL' finds; so do user and group.",
  ],
  examples: [
    ['Who can become cluster-admin?', 'reach cluster-admin'],
    ['Who gets to this Secret, by whatever way?', 'reach secret/db-password -n shop'],
  ],
  flags: asking('accept', 'system', 'attack'),
  parse: (words) => {
    if (words.length === 0) throw usageError('error: GOAL is required for reach');
    return words.map(checkGoal);
  },
  place: (goals, { home }) => ({ goals: goals.map((goal) => parseGoal(goal, home)) }),
  load: async () => (await import('../../questions/reach/reach.ts')).reach,
  view: async () => (await import('../../render/views/reach.ts')).reachView,
  keepsPodsWhole: true,
});
