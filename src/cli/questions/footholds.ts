import { usageError } from '../../answer/user-error.ts';
import { asking, flag } from '../parse/flags.ts';
import { checkGoal, type Foothold, parseFootholds, placeFootholds } from '../parse/footholds.ts';
import { splitLists } from '../parse/split-lists.ts';
import { question } from './question.ts';

export const GOAL = flag(
  'to',
  'list',
  'Question',
  'One goal: cluster-admin, node/N, namespace/N, pod/P, sa/S, secret/S, user/U or group/G. Repeatable.',
);

/** The flags of every question about footholds. */
const flags = () => [...asking('groups', 'system', 'attack'), GOAL];

interface Typed {
  footholds: Foothold[];
  goals: string[];
}

/** A question about what somebody who holds something can come to control. */
const foothold = (row: {
  name: string;
  usage: string;
  summary: string;
  details: string[];
  examples: [string, string][];
  parse: (words: readonly string[]) => Foothold[];
}) =>
  question({
    ...row,
    flags: flags(),
    parse: (words, values): Typed => ({
      footholds: row.parse(words),
      goals: splitLists(values.list('to')).map(checkGoal),
    }),
    named: ({ footholds }) => ({
      ...(footholds.some(({ kind }) => kind === 'token') ? { files: ['-'] } : {}),
      subjects: footholds.flatMap(({ kind, text }) => (kind === 'subject' ? [text] : [])),
    }),
    read: async ({ footholds }, stdin) =>
      footholds.some(({ kind }) => kind === 'token')
        ? (await import('../../cluster/input/token.ts')).readToken(stdin)
        : null,
    place: (typed, { home }, token) => placeFootholds(typed, home, token),
    load: async () => (await import('../../questions/become/become.ts')).become,
    view: async () => (await import('../../render/views/become.ts')).becomeView,
    keepsPodsWhole: true,
  });

const MORE = [
  'Several footholds are one attacker: sa/a pod/b node/n.',
  'Without --to: everything that can be reached, worst first.',
];

/** What `pod POD --to GOAL` asks. */
export const podFoothold = foothold({
  name: 'pod',
  usage: 'POD',
  summary: '',
  details: [],
  examples: [],
  parse: (words) => parseFootholds(words, 'pod'),
});

export const sa = foothold({
  name: 'sa',
  usage: 'NAME',
  summary: 'What an account may do, and what it can become',
  details: MORE,
  examples: [
    ['What does the token of this account lead to?', 'sa/builder -n ci'],
    ['Can it get to cluster-admin, and if not, what is missing?', 'sa/builder -n ci --to cluster-admin'],
  ],
  parse: (words) => parseFootholds(words, 'sa'),
});

export const user = foothold({
  name: 'user',
  usage: 'NAME',
  summary: 'What a user may do, and what it can become',
  details: MORE,
  examples: [['What can jane become, who is in group dev?', 'user jane --subject-group dev']],
  parse: (words) => parseFootholds(words, 'user'),
});

export const group = foothold({
  name: 'group',
  usage: 'NAME',
  summary: 'What any member of a group can become',
  details: MORE,
  examples: [['What can every member of ops become?', 'group ops']],
  parse: (words) => parseFootholds(words, 'group'),
});

export const node = foothold({
  name: 'node',
  usage: 'NODE',
  summary: 'What root on a node leads to',
  details: MORE,
  examples: [['A node is lost. What is lost with it?', 'node worker-1']],
  parse: (words) => parseFootholds(words, 'node'),
});

export const token = foothold({
  name: 'token',
  usage: '-',
  summary: 'What a leaked token leads to',
  details: ['The token is read from standard input, decoded here, and never sent or printed.', ...MORE],
  examples: [['A token has leaked. What can be done with it?', 'token - < token.txt']],
  parse: (words) => {
    if (words[0] !== '-') throw usageError('error: token reads standard input: say token -');
    return parseFootholds(['token', ...words], 'sa');
  },
});

export const me = foothold({
  name: 'me',
  usage: '',
  summary: 'What you may do, and what you can become',
  details: ['The server says who you are.'],
  examples: [['What could somebody do with my kubeconfig?', 'me']],
  parse: (words) => [{ kind: 'me', text: '' }, ...(words.length > 0 ? parseFootholds(words, 'sa') : [])],
});
