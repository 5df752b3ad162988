/** A flag, as pflag knows it: the command line is read as kubectl reads its own. */
export interface Flag {
  name: string;
  short?: string;
  /**
   * `list` collects its values; of the others the last one wins, unless it is `alone`. `level` may stand without a
   * value.
   */
  type: 'string' | 'list' | 'boolean' | 'level';
  /** The group in which the help shows it; null for a flag that only users of kubectl look for. */
  group: FlagGroup | null;
  help: string;
  /** Two values that differ are an error, where leaving the first out would answer another question than was asked. */
  alone?: true;
  /** All values that it may have, where these are few: completion offers them. */
  values?: readonly string[];
}

export type FlagGroup = 'Target' | 'Question' | 'What if' | 'Source' | 'Output';

/** What several commands take alike. */
export type FlagSet = keyof typeof SETS;

export const flag = (
  name: string,
  type: Flag['type'],
  group: FlagGroup | null,
  help: string,
  more: Partial<Flag> = {},
): Flag => ({ name, type, group, help, ...more });

const alone = true;

/** When there is colour. */
export const COLORS = ['auto', 'always', 'never'] as const;

/** How an answer can be printed, besides as it is by default. */
export const OUTPUTS = ['dot', 'json', 'mermaid', 'name', 'wide', 'yaml'] as const;

/** Every flag that more than one command takes, by who takes it. */
const SETS = {
  /** kubectl's own are in cli-runtime pkg/genericclioptions/config_flags.go and kubectl pkg/cmd/cmd.go. */
  'every command': [
    flag('namespace', 'string', 'Target', "Namespace of the target; without it, the context's.", { short: 'n' }),
    flag('context', 'string', 'Source', 'The kubeconfig context to use.'),
    flag('kubeconfig', 'string', 'Source', 'Path to the kubeconfig file.'),
    flag(
      'request-timeout',
      'string',
      'Source',
      'How long to wait for a single request, such as 5s or 1m. 0: for ever.',
    ),
    flag('color', 'string', 'Output', 'auto, always or never.', { values: COLORS }),
    flag('quiet', 'boolean', 'Output', 'No hints and no progress.', { short: 'q' }),
    flag('v', 'level', 'Output', 'Say more about errors.', { short: 'v' }),
    flag('help', 'boolean', 'Output', 'Show the help of a command.', { short: 'h' }),
    flag('version', 'boolean', 'Output', "Show this program's version."),
    ...[
      ...['as', 'as-uid', 'cluster', 'user', 'token', 'username', 'password'],
      ...['client-certificate', 'client-key', 'certificate-authority', 'tls-server-name', 'proxy-url'],
      // These mean nothing here: they are taken so that a command line made for kubectl works.
      ...['cache-dir', 'log-flush-frequency', 'profile', 'profile-output', 'vmodule'],
    ].map((name) => flag(name, 'string', null, '')),
    flag('server', 'string', null, '', { short: 's' }),
    ...['as-group', 'as-user-extra'].map((name) => flag(name, 'list', null, '')),
    ...[
      ...['insecure-skip-tls-verify', 'disable-compression'],
      // These mean nothing here either.
      ...['match-server-version', 'warnings-as-errors'],
    ].map((name) => flag(name, 'boolean', null, '')),
  ],
  'every question': [
    flag(
      'input',
      'string',
      'Source',
      'Ask a FILE, a DIR or - : a snapshot, the output of kubectl get -o json|yaml, or manifests.',
      { alone },
    ),
    flag(
      'complete',
      'boolean',
      'Source',
      'The input is the whole cluster: a kind that it does not have does not exist.',
    ),
    flag('server-version', 'string', 'Source', "The cluster's version, such as 1.34, where the input does not say.", {
      alone,
    }),
    flag('demo', 'boolean', 'Source', 'Ask the built-in example cluster.'),
    flag(
      'with',
      'list',
      'What if',
      'Ask as if the objects in FILE (or - ) were applied, and show what changes. Repeatable, or with commas.',
    ),
    flag(
      'without',
      'list',
      'What if',
      'Ask as if TYPE/NAME, or TYPE/NAMESPACE/NAME, were deleted, before --with is applied. Repeatable, or with commas.',
    ),
    flag('output', 'string', 'Output', 'One of: json, name, wide, yaml; mermaid or dot: the proofs as a graph.', {
      short: 'o',
      values: OUTPUTS,
    }),
    flag('explain', 'boolean', 'Output', 'Show what each row rests on, step by step.'),
    flag('no-headers', 'boolean', 'Output', 'Leave out the column titles.'),
    flag('exit-code', 'boolean', 'Output', 'Exit with 0 for no, 3 for yes and 4 for depends (admit: 0 yes, 3 no).'),
    flag('strict', 'boolean', 'Output', 'Exit with 1 if something that the answer needs could not be read.'),
  ],
  /** The target may be in any namespace of the cluster. */
  'any namespace': [flag('all-namespaces', 'boolean', 'Target', 'In any namespace. Wins over -n.', { short: 'A' })],
  /** The target may be all pods with a label. */
  selector: [flag('selector', 'string', 'Target', 'All pods with these labels, as in kubectl get -l.', { short: 'l' })],
  /** It asks who holds something, which may be asked of one subject alone. */
  holders: [
    flag(
      'subject',
      'string',
      'Question',
      'Ask about one subject: sa/NAME, system:serviceaccount:NS:NAME, user/NAME or group/NAME.',
      { alone },
    ),
    flag('expand', 'boolean', 'Question', 'List the members of groups of service accounts.'),
  ],
  /** Those who can become somebody that holds it are followed too, unless nobody wants that. */
  direct: [
    flag(
      'direct',
      'boolean',
      'Question',
      'Only who holds the right itself, and not who can become somebody that does: no second, wider round of reads.',
    ),
  ],
  /** A user may be asked about. */
  groups: [
    flag(
      'subject-group',
      'list',
      'Question',
      "A group of that user: Kubernetes does not store users' groups. Repeatable, or with commas.",
    ),
  ],
  /** The answer lists subjects, some of which may be meant to hold it. */
  accept: [
    flag(
      'accept',
      'list',
      'Question',
      'SUBJECT, or FILE with one a line, that is meant to hold this: listed apart, not counted. Repeatable, or with commas.',
    ),
  ],
  /** The answer folds what Kubernetes itself creates. */
  system: [flag('show-system', 'boolean', 'Output', 'List what Kubernetes itself creates, one by one.')],
  /** The server can be asked whether the answer is right. */
  verify: [
    flag(
      'verify',
      'boolean',
      'Question',
      'Let the server check the answer, by SubjectAccessReviews; privileged and admit by dry runs of pods.',
    ),
  ],
  /** Its proofs are steps that somebody could carry out. */
  attack: [
    flag(
      'show-attack',
      'boolean',
      'Output',
      'With --explain, also the commands that would carry it out. They change the cluster: run them only where you may.',
    ),
  ],
} as const satisfies Record<string, readonly Flag[]>;

/** The order in which the help of a command shows them. */
const ORDER = [
  ...['namespace', 'all-namespaces', 'selector'],
  ...['subject', 'subject-group', 'accept', 'direct', 'expand', 'verify'],
  ...['with', 'without'],
  ...['context', 'kubeconfig', 'input', 'complete', 'server-version', 'demo', 'request-timeout'],
  ...['output', 'explain', 'show-attack', 'show-system', 'no-headers', 'color', 'quiet', 'exit-code', 'strict'],
  ...['v', 'help', 'version'],
];

const PLACES: ReadonlyMap<string, number> = new Map(ORDER.map((name, index) => [name, index]));

/** The flags of a command that takes these sets, with those of every command, in the order of the help. */
export const taking = (...sets: readonly FlagSet[]): Flag[] =>
  [...SETS['every command'], ...sets.flatMap((set): readonly Flag[] => SETS[set])].sort((a, b) => place(a) - place(b));

/** The flags of a question: those of every one, and these sets. */
export const asking = (...sets: readonly FlagSet[]): Flag[] => taking('every question', ...sets);

/** The position of a flag in the help; flags that it does not show come last. */
const place = ({ name }: Flag): number => PLACES.get(name) ?? PLACES.size;
