import type { Flag } from './flags.ts';

/** What the program can be asked to do: the source of the help, and of the table in the README. */
export type Command = (
  | { set: 'objects'; name: ObjectsQuestion }
  | { set: 'who'; name: 'who' }
  | { set: 'subjects'; name: 'privileged' }
  | { set: 'pods'; name: 'raw-sockets' }
  | { set: 'files'; name: 'admit' }
  | { set: 'snapshot'; name: 'snapshot' }
) & {
  /** Follows the name in usage lines. */
  usage: string;
  /** One line: what it answers. */
  summary: string;
  /** What else is worth knowing before asking, in lines. */
  details: readonly string[];
  /** Each with the question that it asks. */
  examples: readonly (readonly [question: string, words: string])[];
};

/** A question about objects that are named. */
export type ObjectsQuestion = 'port-forward' | 'exec' | 'attach' | 'debug' | 'logs' | 'proxy' | 'pod';
/** One that takes pods, or what stands for them. */
export type TargetQuestion = ObjectsQuestion | 'privileged' | 'raw-sockets';
export type CommandName = Command['name'];

/** How the program is called. */
export const PROGRAM = 'kubectl whocan-escalate';

const POD = [
  'POD is a name, several, TYPE/NAME or TYPE NAME, or all that -l selects.',
  'A workload, such as deployment/web, stands for its pods.',
];

export const COMMANDS: readonly Command[] = [
  {
    name: 'pod',
    usage: 'POD',
    set: 'objects',
    summary: 'Who can get in, and what can be done from there',
    details: POD,
    examples: [
      ['A pod has been breached. Where do we stand?', 'pod web-0 -n shop'],
      ['The same for all pods of a deployment', 'pod deployment/web -n shop'],
    ],
  },
  {
    name: 'port-forward',
    usage: 'POD',
    set: 'objects',
    summary: 'Who can open a tunnel to the ports of a pod',
    details: POD,
    examples: [
      ['Who can tunnel to this pod?', 'port-forward web-0 -n shop'],
      ['Can this service account, and if not, why not?', 'port-forward web-0 -n shop --subject sa/builder'],
      ['Let the server check the answer', 'port-forward web-0 -n shop --verify'],
    ],
  },
  {
    name: 'exec',
    usage: 'POD',
    set: 'objects',
    summary: 'Who can run commands in a pod',
    details: POD,
    examples: [
      ['Who can run commands in this pod, and through which bindings?', 'exec web-0 -n shop --explain'],
      ['Fail a pipeline if anybody else can', 'exec web-0 --accept @deployers.txt --exit-code'],
    ],
  },
  {
    name: 'attach',
    usage: 'POD',
    set: 'objects',
    summary: 'Who can attach to a running process of a pod',
    details: POD,
    examples: [['Who can attach to this pod?', 'attach web-0 -n shop']],
  },
  {
    name: 'debug',
    usage: 'POD',
    set: 'objects',
    summary: 'Who can put an ephemeral container into a pod',
    details: POD,
    examples: [['Who can add a container to this pod?', 'debug web-0 -n shop']],
  },
  {
    name: 'logs',
    usage: 'POD',
    set: 'objects',
    summary: 'Who can read the logs of a pod',
    details: POD,
    examples: [['Who can read the logs of this pod?', 'logs web-0 -n shop']],
  },
  {
    name: 'proxy',
    usage: 'POD|SERVICE|NODE',
    set: 'objects',
    summary: 'Who can send HTTP to it through the API server',
    details: [
      'A bare name is a pod; svc/NAME is a service and node/NAME a node. In the form',
      '[SCHEME:]NAME[:PORT] it is that one spelling, which RBAC tells from the others.',
    ],
    examples: [
      ['Who can reach this pod through the API server?', 'proxy web-0 -n shop'],
      ['Who can reach a service, and who the kubelet of a node?', 'proxy svc/web node/worker-1 -n shop'],
    ],
  },
  {
    name: 'who',
    usage: 'VERB RESOURCE[/NAME]|URL',
    set: 'who',
    summary: 'Who holds a right, where, and through what',
    details: ["RESOURCE is spelled as kubectl takes it, or a subresource (pods/exec), or '*'."],
    examples: [
      ['Who can read this secret?', 'who get secrets/db-password -n shop'],
      ['Who can create tunnels anywhere?', 'who create pods/portforward -A'],
      ['Who can read a URL?', 'who get /metrics'],
    ],
  },
  {
    name: 'privileged',
    usage: '[SUBJECT|POD]',
    set: 'subjects',
    summary: 'Who can get a pod onto a node, and what stops it',
    details: [
      'SUBJECT is sa/NAME, user/NAME, group/NAME or system:serviceaccount:NS:NAME;',
      'a POD stands for its account. All namespaces are looked at. Without either',
      'everybody is asked about, in the namespace, or with -A in any.',
    ],
    examples: [
      ['Can this service account get onto a node, in which namespaces?', 'privileged sa/builder -n ci'],
      ['This pod has been breached. Can it spawn something stronger?', 'privileged web-0 -n shop --explain'],
      ['Who can, anywhere?', 'privileged -A'],
    ],
  },
  {
    name: 'raw-sockets',
    usage: '[POD]',
    set: 'pods',
    summary: 'Which containers can open raw sockets, and why',
    details: [
      'By what the runtime of the node gives by default, what is added and dropped,',
      'the user, and whether it can gain privileges. Without POD all pods of the',
      'namespace are asked about, with -A those of any. A workload stands for its pods.',
      '',
      'yes         a process of the container opens them itself',
      'via-binary  only a setuid-root or file-capability program in it does',
      'unknown     it depends, and on what',
      'no          nothing in it does',
    ],
    examples: [
      ['Which pods of this namespace can, and why?', 'raw-sockets -n shop'],
      ['What has to be changed, and what would not be enough?', 'raw-sockets web-0 -n shop --explain'],
      ['Every container of the cluster, one a line', 'raw-sockets -A -o wide'],
    ],
  },
  {
    name: 'admit',
    usage: '-f FILE|DIR',
    set: 'files',
    summary: 'Would these pods be admitted, and if not, why',
    details: [
      'Pods, and those of workloads: into the namespace, by all that decides there; or',
      'with --level by Pod Security alone, without a cluster. A workload is accepted',
      'even where its pods are refused later: the answer is about the pods.',
      '',
      'yes means that all are admitted, no that at least one is refused. With',
      '--exit-code: 0 for yes, 3 for no, 4 where that depends.',
    ],
    examples: [
      ['Would these be admitted, and if not, why not?', 'admit -f deploy.yaml -n shop'],
      ['Fail a pipeline where one would be refused', 'admit -f chart/ -n shop --exit-code'],
      ['Does a chart meet a level? No cluster is asked', 'admit -f chart/ --level restricted'],
      ['The same by the checks of an older version', 'admit -f - --level baseline --level-version v1.31'],
    ],
  },
  {
    name: 'snapshot',
    usage: 'FILE',
    set: 'snapshot',
    summary: 'Write what questions read to a file, for later',
    details: [
      'JSON Lines, without values of secrets, ConfigMaps or environment variables;',
      'gzip where FILE ends in .gz.',
    ],
    examples: [
      ['Read now', 'snapshot cluster.jsonl.gz'],
      ['Ask later', 'exec web-0 -n shop --input cluster.jsonl.gz'],
    ],
  },
];

export const takes = ({ set }: Command, { commands }: Flag): boolean =>
  commands === undefined || commands.includes(set);

export const findCommand = (name: string | undefined): Command | undefined =>
  COMMANDS.find((command) => command.name === name);
