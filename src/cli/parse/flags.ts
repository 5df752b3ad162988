import type { Command } from './commands.ts';

/** A flag, as pflag knows it: the command line is read as kubectl reads its own. */
export interface Flag {
  name: string;
  short?: string;
  /**
   * `list` collects its values; of the others the last one wins, unless it is `alone`. `level` may stand without a
   * value.
   */
  type: 'string' | 'list' | 'boolean' | 'level';
  /** Where the help shows it; null for what only kubectl's users look for. */
  group: FlagGroup | null;
  help: string;
  /** Two values that differ are an error, where leaving the first out would answer another question than was asked. */
  alone?: true;
  /** The commands that take it; absent: all. */
  commands?: readonly CommandSet[];
}

export type FlagGroup = 'Target' | 'Question' | 'Source' | 'Output';
/** `objects` are the questions about named objects. */
export type CommandSet = Command['set'];

const QUESTIONS: readonly CommandSet[] = ['objects', 'who', 'subjects', 'pods', 'files'];
/** Those about objects of the cluster. */
const OF_CLUSTER = { commands: ['objects', 'who', 'subjects', 'pods'] } as const;
/** Those that the server can be asked about too. */
const VERIFIABLE = { commands: ['objects', 'who', 'subjects', 'files'] } as const;
/** Those that are about somebody. */
const ABOUT_SUBJECTS = { commands: ['objects', 'who', 'subjects'] } as const;
/** Those that ask who holds something. */
const HOLDERS = { commands: ['objects', 'who'] } as const;

/** Those whose proofs somebody could carry out. */
const ATTACKS = { commands: ['objects', 'subjects'] } as const;

const flag = (
  name: string,
  type: Flag['type'],
  group: FlagGroup | null,
  help: string,
  more: Partial<Flag> = {},
): Flag => ({
  name,
  type,
  group,
  help,
  ...more,
});

const question = { commands: QUESTIONS };
const alone = true;

/** Every flag. Those of kubectl are in cli-runtime pkg/genericclioptions/config_flags.go and kubectl pkg/cmd/cmd.go. */
export const FLAGS: readonly Flag[] = [
  flag('namespace', 'string', 'Target', "Namespace of the target; without it, the context's.", { short: 'n' }),
  flag('all-namespaces', 'boolean', 'Target', 'In any namespace. Wins over -n.', { short: 'A', ...OF_CLUSTER }),
  flag('selector', 'string', 'Target', 'All pods with these labels, as in kubectl get -l.', {
    short: 'l',
    commands: ['objects', 'subjects', 'pods'],
  }),
  flag('filename', 'list', 'Target', 'FILE, DIR or - : manifests of pods and workloads. Repeatable, or with commas.', {
    short: 'f',
    commands: ['files'],
  }),
  flag('level', 'string', 'Target', 'Ask Pod Security alone, and no cluster: privileged, baseline or restricted.', {
    commands: ['files'],
    alone,
  }),
  flag('level-version', 'string', 'Target', "Of that level's checks: latest, or v1.34 and the like.", {
    commands: ['files'],
    alone,
  }),
  flag('subresource', 'string', 'Target', 'Subresource of RESOURCE, such as portforward.', {
    commands: ['who'],
    alone,
  }),

  flag(
    'subject',
    'string',
    'Question',
    'Ask about one subject: sa/NAME, system:serviceaccount:NS:NAME, user/NAME or group/NAME.',
    {
      ...HOLDERS,
      alone,
    },
  ),
  flag(
    'subject-group',
    'list',
    'Question',
    'A group of that user, whose groups no cluster knows. Repeatable, or with commas.',
    ABOUT_SUBJECTS,
  ),
  flag(
    'accept',
    'list',
    'Question',
    'SUBJECT, or FILE with one a line, that is meant to hold this: listed apart, not counted. Repeatable, or with commas.',
    ABOUT_SUBJECTS,
  ),
  flag('direct', 'boolean', 'Question', 'Only who holds the right itself: no second, wider round of reads.', HOLDERS),
  flag('expand', 'boolean', 'Question', 'List the members of groups of service accounts.', HOLDERS),
  flag(
    'verify',
    'boolean',
    'Question',
    'Let the server check the answer, by SubjectAccessReviews; privileged and admit by dry runs of pods.',
    VERIFIABLE,
  ),

  flag('context', 'string', 'Source', 'The kubeconfig context to use.'),
  flag('kubeconfig', 'string', 'Source', 'Path to the kubeconfig file.'),
  flag(
    'input',
    'string',
    'Source',
    'Ask a FILE, a DIR or - : a snapshot, the output of kubectl get -o json|yaml, or manifests.',
    {
      ...question,
      alone,
    },
  ),
  flag(
    'complete',
    'boolean',
    'Source',
    'The input is the whole cluster: a kind that it does not have does not exist.',
    question,
  ),
  flag('server-version', 'string', 'Source', "The cluster's version, such as 1.34, where the input does not say.", {
    ...question,
    alone,
  }),
  flag('demo', 'boolean', 'Source', 'Ask the built-in example cluster.', question),
  flag('request-timeout', 'string', 'Source', 'How long to wait for a single request, such as 5s or 1m. 0: for ever.'),

  flag('output', 'string', 'Output', 'One of: json, name, wide, yaml.', { short: 'o', ...question }),
  flag('explain', 'boolean', 'Output', 'Show what each row rests on, step by step.', question),
  flag(
    'show-attack',
    'boolean',
    'Output',
    'With --explain, also the commands that would carry it out. They change the cluster: run them only where you may.',
    ATTACKS,
  ),
  flag('show-system', 'boolean', 'Output', 'List what Kubernetes itself creates, one by one.', ABOUT_SUBJECTS),
  flag('no-headers', 'boolean', 'Output', 'Leave out the column titles.', question),
  flag('color', 'string', 'Output', 'auto, always or never.'),
  flag('quiet', 'boolean', 'Output', 'No hints and no progress.', { short: 'q' }),
  flag(
    'exit-code',
    'boolean',
    'Output',
    'Exit with 0 for no, 3 for yes and 4 for depends (admit: 0 yes, 3 no).',
    question,
  ),
  flag('strict', 'boolean', 'Output', 'Exit with 1 if something that the answer needs could not be read.', question),
  flag('v', 'level', 'Output', 'Say more about errors.', { short: 'v' }),
  flag('help', 'boolean', 'Output', 'Show the help of a command.', { short: 'h' }),
  flag('version', 'boolean', 'Output', "Show this program's version."),

  ...[
    'as',
    'as-uid',
    'cluster',
    'user',
    'token',
    'username',
    'password',
    'client-certificate',
    'client-key',
    'certificate-authority',
  ].map((name) => flag(name, 'string', null, '')),
  flag('server', 'string', null, '', { short: 's' }),
  flag('tls-server-name', 'string', null, ''),
  flag('proxy-url', 'string', null, ''),
  flag('as-group', 'list', null, ''),
  flag('as-user-extra', 'list', null, ''),
  flag('insecure-skip-tls-verify', 'boolean', null, ''),
  flag('disable-compression', 'boolean', null, ''),

  // Without a meaning here: taken so that a command line made for kubectl works.
  ...['cache-dir', 'log-flush-frequency', 'profile', 'profile-output', 'vmodule'].map((name) =>
    flag(name, 'string', null, ''),
  ),
  ...['match-server-version', 'warnings-as-errors'].map((name) => flag(name, 'boolean', null, '')),
];
