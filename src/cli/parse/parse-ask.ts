import { usageError } from '../../answer/user-error.ts';
import { kindOfNeed } from '../../world/needs.ts';
import { compareVersions, formatVersion, type Version } from '../../world/version.ts';
import type { QuestionCommand } from '../questions/question.ts';
import { parseChange } from './change.ts';
import { OUTPUTS } from './flags.ts';
import type { Ask, Reads, SourceChoice } from './invocation.ts';
import type { Values } from './parser.ts';
import { serverVersionFlag } from './server-version.ts';
import { asksForSeveral } from './several.ts';
import { invalidValue } from './spelling.ts';
import { splitLists } from './split-lists.ts';
import { parseSubject } from './subject.ts';

/** What a question asks for, all but what it shares with other commands. Throws a usage error. */
export function parseAsk(question: QuestionCommand, words: readonly string[], values: Values): Omit<Ask, keyof Reads> {
  const asks = question.parse(words, values);
  const { objects, subjects, files = [], isClusterless = false } = asks.named;
  const allNamespaces = values.is('all-namespaces');
  if (allNamespaces && objects?.refs.some((ref) => kindOfNeed(ref).namespaced))
    throw usageError('error: a resource cannot be retrieved by name across all namespaces');
  const source = parseSource(values, isClusterless);
  const change = parseChange(values);
  checkStdin([...files, ...(change?.files ?? [])], source);
  checkChange(change, values, isClusterless);
  const subject = values.text('subject');
  const subjectGroups = splitLists(values.list('subject-group'));
  const named = subjects ?? (subject === undefined ? [] : [subject]);
  const isUser = named.length === 1 && parseSubject(named[0] ?? '', 'default').kind === 'User';
  if (subjectGroups.length > 0 && !isUser)
    throw usageError(`error: --subject-group completes a user: it needs ${subjects ? '' : '--subject '}user/NAME`);
  if (values.is('verify') && source.kind !== 'live')
    throw usageError(
      `error: --verify asks the server: it cannot be used with --${source.kind === 'none' ? 'level' : source.kind}`,
    );
  return {
    action: 'ask',
    asks,
    source,
    change,
    allNamespaces,
    subject,
    subjectGroups,
    accept: splitLists(values.list('accept')),
    direct: values.is('direct'),
    expand: values.is('expand'),
    verify: values.is('verify'),
    view: {
      output: parseOutput(values),
      // Whoever asks for the attack asks for the steps that it stands beside.
      explain: values.is('explain') || values.is('show-attack'),
      showAttack: values.is('show-attack'),
      showSystem: values.is('show-system'),
      noHeaders: values.is('no-headers'),
      asList: asksForSeveral(asks.named),
    },
    exitCode: values.is('exit-code'),
    strict: values.is('strict'),
  };
}

/** The server answers for what is, and a level asks no cluster. */
function checkChange(change: Ask['change'], values: Values, isClusterless: boolean): void {
  if (change === null) return;
  const flag = change.files.length > 0 ? '--with' : '--without';
  if (isClusterless) throw usageError(`error: --level asks no cluster: it cannot be used with ${flag}`);
  if (values.is('verify'))
    throw usageError(`error: --verify asks the server about what is: it cannot be used with ${flag}`);
}

/** Read twice, it would be empty the second time. */
function checkStdin(paths: readonly string[], source: SourceChoice): void {
  const uses = [...paths, ...(source.kind === 'input' ? [source.path] : [])].filter((path) => path === '-');
  if (uses.length > 1) throw usageError('error: standard input cannot be used for multiple arguments');
}

function parseSource(values: Values, isClusterless: boolean): SourceChoice {
  const path = values.text('input') || undefined;
  const demo = values.is('demo');
  const version = parseServerVersion(values);
  if (path !== undefined && demo) throw usageError('error: --input and --demo cannot be used together');
  if (values.is('complete') && path === undefined) throw usageError('error: --complete can only be used with --input');
  if (isClusterless && (path !== undefined || demo))
    throw usageError(`error: --level asks no cluster: it cannot be used with --${demo ? 'demo' : 'input'}`);
  if (isClusterless && version !== null && compareVersions(version, POD_SECURITY) < 0)
    throw usageError(
      `error: Kubernetes ${formatVersion(version)} has no Pod Security: it came with ${formatVersion(POD_SECURITY)}`,
    );
  if (isClusterless) return { kind: 'none', version };
  if (version !== null && path === undefined && !demo)
    throw usageError('error: --server-version can only be used with --input or --demo');
  if (path !== undefined) return { kind: 'input', path, complete: values.is('complete'), version };
  return demo ? { kind: 'demo', version } : { kind: 'live' };
}

function parseServerVersion(values: Values): Version | null {
  const text = values.text('server-version');
  return text === undefined ? null : serverVersionFlag(text);
}

function parseOutput(values: Values): Ask['view']['output'] {
  const text = values.text('output') || 'default';
  const found = (['default', ...OUTPUTS] as const).find((output) => output === text);
  if (found) return found;
  throw usageError(
    `error: unable to match a printer suitable for the output format "${text}", allowed formats are: ${OUTPUTS.join(',')}`,
  );
}

/** The value of a flag that knows only some; undefined where it is not given. */
export function oneOf<T extends string>(values: Values, name: string, allowed: readonly T[]): T | undefined {
  const text = values.text(name);
  const found = allowed.find((each) => each === text);
  if (text !== undefined && found === undefined)
    throw invalidValue(`--${name}`, text, `must be one of: ${allowed.join(', ')}`);
  return found;
}

/** Alpha then. */
const POD_SECURITY: Version = { major: 1, minor: 22 };
