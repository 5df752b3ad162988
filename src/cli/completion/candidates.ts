import { COMMANDS } from '../commands.ts';
import type { Flag } from '../parse/flags.ts';
import { flagsOf, type Line } from './line.ts';
import { resourceNames, VERBS } from './rights.ts';

/** What a word may become, with what it means. */
export interface Candidate {
  value: string;
  help?: string;
}

/** Names that only the cluster or the kubeconfig knows. They reject where they cannot be had. */
export interface Names {
  /** Of objects; in the namespace that the line is about, where they are in one. */
  objects(resource: string): Promise<string[]>;
  /** Of contexts, clusters or users of the kubeconfig. */
  configured(kind: 'contexts' | 'clusters' | 'users'): Promise<string[]>;
}

/** All that the word which is being typed may become. */
export interface Completion {
  candidates: Candidate[];
  /** More follows after the candidate, such as a name after `sa/`: no blank is put there. */
  isOpen?: boolean;
  /** The shell completes names of files. */
  isFile?: boolean;
}

type Complete = (line: Line, names: Names) => Completion | Promise<Completion>;

/** Completes a command line. Rejects where names that it needs cannot be had. */
export async function complete(line: Line, names: Names): Promise<Completion> {
  const { candidates, ...rest } = await completerOf(line)(line, names);
  return { candidates: candidates.filter(({ value }) => value.startsWith(line.current)), ...rest };
}

function completerOf({ command, words, current, flag }: Line): Complete {
  if (flag) return flag.values ? () => plain(flag.values ?? []) : (VALUES[flag.name] ?? nothing);
  if (current.startsWith('-')) return flagNames;
  if (command) return TARGETS[command.name] ?? nothing;
  if (words.length > 0) return nothing;
  // `sa/builder` stands for its question.
  return current.includes('/') ? objects(['pod', 'sa', 'node']) : commands;
}

const commands: Complete = () => ({
  candidates: COMMANDS.map(({ name, summary }) => ({ value: name, help: summary })),
});

/** Those that the help shows; the others, which only users of kubectl look for, once their name has been begun. */
const flagNames: Complete = ({ command, current }) => ({
  candidates: flagsOf(command)
    .filter(({ group }) => group !== null || current.length > '--'.length)
    .map(nameOf),
});

const nameOf = ({ name, help }: Flag): Candidate => ({ value: `--${name}`, ...(help !== '' && { help }) });

/** Names of objects, bare for the first of these types, and `TYPE/` for all of them. */
function objects(types: readonly (keyof typeof TYPES)[], bare?: keyof typeof TYPES): Complete {
  return async ({ current }, names) => {
    const slash = current.indexOf('/');
    if (slash === -1) {
      const own = bare ? await names.objects(TYPES[bare]) : [];
      const open = types.map((type) => `${type}/`).filter((type) => type.startsWith(current) && current !== '');
      // Where only a type is left, its name follows.
      if (open.length > 0 && !own.some((name) => name.startsWith(current))) return { ...plain(open), isOpen: true };
      return plain(own);
    }
    const type = types.find((each) => current.startsWith(`${each}/`));
    if (!type || TYPES[type] === '') return NOTHING;
    return plain((await names.objects(TYPES[type])).map((name) => `${type}/${name}`));
  };
}

const goals: Complete = async (line, names) =>
  line.current.includes('/') || !'cluster-admin'.startsWith(line.current)
    ? objects(['node', 'namespace', 'pod', 'sa', 'secret'])(line, names)
    : plain(['cluster-admin']);

/** `get`, then `secrets`, then names of secrets. */
const rights: Complete = async ({ words }, names) => {
  const [, resource] = words;
  if (words.length === 0) return plain(VERBS);
  if (words.length === 1) return plain(resourceNames());
  return words.length === 2 && resource && !resource.includes('/') ? plain(await names.objects(resource)) : NOTHING;
};

const nothing: Complete = () => NOTHING;
const files: Complete = () => ({ candidates: [], isFile: true });
const plain = (values: readonly string[]): Completion => ({ candidates: values.map((value) => ({ value })) });

const NOTHING: Completion = { candidates: [] };

/** How targets are typed, and the resources that they are names of; users and groups are listed nowhere. */
const TYPES = {
  ...{ pod: 'pods', deployment: 'deployments', statefulset: 'statefulsets', daemonset: 'daemonsets', job: 'jobs' },
  ...{ cronjob: 'cronjobs', service: 'services', node: 'nodes', namespace: 'namespaces', sa: 'serviceaccounts' },
  ...{ secret: 'secrets', user: '', group: '' },
} as const;

const PODS = ['pod', 'deployment', 'statefulset', 'daemonset', 'job', 'cronjob'] as const;
const SUBJECTS = ['sa', 'user', 'group'] as const;

/** What the words of a question may be. A question that is not here has no names that could be listed. */
const TARGETS: Readonly<Record<string, Complete>> = {
  ...Object.fromEntries(
    ['pod', 'port-forward', 'exec', 'attach', 'debug', 'logs', 'raw-sockets'].map((name) => [
      name,
      objects(PODS, 'pod'),
    ]),
  ),
  proxy: objects([...PODS, 'service', 'node'], 'pod'),
  privileged: objects([...PODS, ...SUBJECTS], 'pod'),
  sa: objects(['sa', 'pod', 'node'], 'sa'),
  node: objects(['node', 'sa', 'pod'], 'node'),
  reach: goals,
  who: rights,
  snapshot: files,
};

/** What the value of a flag may be, where it is not one of a few. */
const VALUES: Readonly<Record<string, Complete>> = {
  namespace: async (_, names) => plain(await names.objects('namespaces')),
  context: async (_, names) => plain(await names.configured('contexts')),
  cluster: async (_, names) => plain(await names.configured('clusters')),
  user: async (_, names) => plain(await names.configured('users')),
  subject: objects(SUBJECTS),
  accept: objects(SUBJECTS),
  to: goals,
  ...Object.fromEntries(
    ['kubeconfig', 'input', 'filename', 'client-certificate', 'client-key', 'certificate-authority'].map((name) => [
      name,
      files,
    ]),
  ),
};
