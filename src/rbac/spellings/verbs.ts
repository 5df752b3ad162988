import { WORDS_FOR_ALL } from './resources.ts';
import { ANYWHERE, isLike, type Spelling } from './spelling.ts';

/** The verb with which a word among the `verbs` of a rule is compared. */
export interface AskedVerb {
  verb: string;
  /** `''` for the resource itself, and for URLs. */
  subresource: string;
}

/** The kinds of misspelt verbs, with the intended verb of each word. */
export const VERB_SPELLINGS: readonly Spelling<AskedVerb>[] = [
  { id: 'http-verb', says: 'is a method of HTTP', forms: (word) => METHODS.get(word) ?? [] },
  {
    id: 'kubectl-verb',
    says: 'is a command of kubectl, or a word that people use',
    forms: (word) => WORDS.get(word) ?? [],
  },
  {
    id: 'subresource-verb',
    says: 'is a command of kubectl and no verb',
    implies: 'subresource',
    forms: (word, { subresource }) => {
      const command = COMMANDS.get(word);
      return command?.subresource === subresource ? command.verbs : [];
    },
  },
  ...ANYWHERE,
  {
    id: 'hyphens',
    says: 'has hyphens, which no verb has',
    forms: (word) => [word.replaceAll(/(?<=[a-z])[-_](?=[a-z])/gi, '')],
  },
  {
    id: 'verb-form',
    says: 'is not how the API spells the verb',
    forms: (word, { verb }) =>
      [`${verb}s`, `${verb}es`, `${verb}d`, `${verb}ing`, `${verb.slice(0, -1)}ing`].includes(word) ? [verb] : [],
  },
  {
    id: 'star-in-word',
    says: 'has a * that is no wildcard',
    forms: (word, { verb }) => (word.includes('*') && word !== '*' && isLike(verb, word) ? [verb] : []),
  },
  { id: 'word-for-all', says: 'is a verb of no API', forms: (word) => (WORDS_FOR_ALL.has(word) ? ['*'] : []) },
];

/** Whether some part of Kubernetes asks for this verb. */
export const isVerb = (word: string): boolean => VERBS.has(word) || word.startsWith('impersonate:');

const VERBS: ReadonlySet<string> = new Set([
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', '*'],
  ...['bind', 'escalate', 'impersonate', 'use', 'approve', 'sign', 'attest', 'proxy'],
]);

const READ = ['get', 'list', 'watch'];
const CHANGE = ['update', 'patch'];
const WRITE = ['create', ...CHANGE, 'delete', 'deletecollection'];

/** Source: apiserver pkg/endpoints/request/requestinfo.go. */
const METHODS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    post: ['create'],
    put: ['update'],
    head: ['get'],
  }),
);

const WORDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    read: READ,
    reader: READ,
    readonly: READ,
    view: READ,
    show: READ,
    describe: ['get', 'list'],
    query: READ,
    fetch: ['get'],
    wait: READ,
    write: WRITE,
    readwrite: [...READ, ...WRITE],
    edit: ['get', ...CHANGE],
    modify: CHANGE,
    change: CHANGE,
    replace: ['update'],
    set: CHANGE,
    label: ['patch'],
    annotate: ['patch'],
    scale: CHANGE,
    apply: ['get', 'create', 'patch'],
    add: ['create'],
    new: ['create'],
    make: ['create'],
    run: ['create'],
    remove: ['delete'],
    rm: ['delete'],
    destroy: ['delete'],
    purge: ['delete', 'deletecollection'],
    deleteall: ['deletecollection'],
    manage: [...READ, ...WRITE],
    admin: [...READ, ...WRITE],
  }),
);

interface Command {
  subresource: string;
  verbs: readonly string[];
}

const EXEC: Command = { subresource: 'exec', verbs: ['create'] };
const FORWARD: Command = { subresource: 'portforward', verbs: ['create'] };
const LOG: Command = { subresource: 'log', verbs: ['get'] };

/** The requests behind each command, by its name. Source: kubectl pkg/cmd. */
const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    exec: EXEC,
    execute: EXEC,
    cp: EXEC,
    'port-forward': FORWARD,
    portforward: FORWARD,
    attach: { subresource: 'attach', verbs: ['create'] },
    log: LOG,
    logs: LOG,
    debug: { subresource: 'ephemeralcontainers', verbs: ['patch', 'update'] },
    evict: { subresource: 'eviction', verbs: ['create'] },
    drain: { subresource: 'eviction', verbs: ['create'] },
    scale: { subresource: 'scale', verbs: CHANGE },
    token: { subresource: 'token', verbs: ['create'] },
    resize: { subresource: 'resize', verbs: CHANGE },
  }),
);
