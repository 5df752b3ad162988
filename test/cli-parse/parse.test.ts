import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ask, Invocation } from '../../src/cli/parse/invocation.ts';
import { parseArgs } from '../../src/cli/parse/parse.ts';

/** Words of a command line; `''` is an empty one. */
const words = (line: string): string[] =>
  line === '' ? [] : line.split(' ').map((word) => (word === "''" ? '' : word));
const parse = (line: string, env = {}): Invocation => parseArgs(words(line), env);

function parseAsk(line: string, env = {}): Ask {
  const invocation = parse(line, env);
  assert.equal(invocation.action, 'ask', JSON.stringify(invocation));
  return invocation as Ask;
}

function asked(line: string): { question: string; target: unknown } {
  const { question, target } = parseAsk(line).asks;
  return { question: question.name, target };
}

const pods = (...names: string[]) => names.map((name) => ({ kind: 'pods', name }));

test('everything that an invocation says', () => {
  const { asks, ...rest } = parseAsk('exec web-0');
  assert.deepEqual([asks.question.name, asks.target], ['exec', { refs: pods('web-0'), selector: null }]);
  assert.deepEqual(rest, {
    action: 'ask',
    source: { kind: 'live' },
    change: null,
    allNamespaces: false,
    subject: undefined,
    subjectGroups: [],
    accept: [],
    direct: false,
    expand: false,
    verify: false,
    view: { output: 'default', explain: false, showAttack: false, showSystem: false, noHeaders: false, asList: false },
    exitCode: false,
    strict: false,
    connect: {},
    requestTimeout: undefined,
    color: 'auto',
    quiet: false,
    verbosity: 0,
  });
});

const others: [line: string, expected: Invocation][] = [
  ['', { action: 'help', command: undefined }],
  ['--help', { action: 'help', command: undefined }],
  ['-h', { action: 'help', command: undefined }],
  ['help', { action: 'help', command: undefined }],
  ['help exec', { action: 'help', command: 'exec' }],
  ['exec --help', { action: 'help', command: 'exec' }],
  ['exec web-0 -o json -h', { action: 'help', command: 'exec' }],
  ['-n shop', { action: 'help', command: undefined }],
  ['--version', { action: 'version' }],
  ['exec --version', { action: 'version' }],
];
for (const [line, expected] of others)
  test(`\`${line}\` is ${expected.action}`, () => assert.deepEqual(parse(line), expected));

const podScopes: [line: string, target: object, allNamespaces: boolean, why: string][] = [
  ['raw-sockets', { refs: [], selector: null }, false, 'all pods of the namespace'],
  ['raw-sockets -A', { refs: [], selector: null }, true, 'all pods there are'],
  ['raw-sockets -l app=web', { refs: [], selector: 'app=web' }, false, 'those that a selector selects'],
  ['raw-sockets pods -l app=web -A', { refs: [], selector: 'app=web' }, true, 'with their type, in any namespace'],
  ['raw-sockets web-0 db-0', { refs: pods('web-0', 'db-0'), selector: null }, false, 'by name'],
  ['raw-sockets deployment/web', { refs: [{ kind: 'deployments', name: 'web' }], selector: null }, false, 'a workload'],
];
for (const [line, target, allNamespaces, why] of podScopes)
  test(`\`${line}\`: ${why}`, () => {
    const { asks, allNamespaces: isAny } = parseAsk(line);
    assert.deepEqual([asks.question.name, asks.target, isAny], ['raw-sockets', target, allNamespaces]);
  });

const targets: [line: string, refs: { kind: string; name: string }[], why: string][] = [
  ['exec web-0', pods('web-0'), 'a bare name is a pod'],
  ['exec web-0 web-1', pods('web-0', 'web-1'), 'several names'],
  ['exec deployment', pods('deployment'), 'a single word is a name, whatever it looks like'],
  ['exec pod/web-0', pods('web-0'), 'TYPE/NAME'],
  ['exec pods web-0 web-1', pods('web-0', 'web-1'), 'a type first'],
  ['exec po/web-0', pods('web-0'), 'a short name'],
  ['exec PODS/web-0', pods('web-0'), 'types know no case'],
  ['exec Pod web-0', pods('web-0'), 'a kind'],
  ['exec pods.v1/web-0', pods('web-0'), 'the core group by its version'],
  ['exec deployment/web', [{ kind: 'deployments', name: 'web' }], 'a workload'],
  ['exec deploy web', [{ kind: 'deployments', name: 'web' }], 'a workload by short name'],
  ['exec deployments.apps/web', [{ kind: 'deployments', name: 'web' }], 'with its group'],
  ['exec deployment.v1.apps/web', [{ kind: 'deployments', name: 'web' }], 'with version and group'],
  [
    'exec sts/a ds/b',
    [
      { kind: 'statefulsets', name: 'a' },
      { kind: 'daemonsets', name: 'b' },
    ],
    'mixed types',
  ],
  [
    'exec rs/a rc/b',
    [
      { kind: 'replicasets', name: 'a' },
      { kind: 'replicationcontrollers', name: 'b' },
    ],
    'more of them',
  ],
  [
    'exec job/a jobs/b cj/c',
    [
      { kind: 'jobs', name: 'a' },
      { kind: 'jobs', name: 'b' },
      { kind: 'cronjobs', name: 'c' },
    ],
    'jobs',
  ],
  ['exec web-0 deploy/web', [...pods('web-0'), { kind: 'deployments', name: 'web' }], 'a bare name among others'],
  ['exec pods,deploy web', [...pods('web'), { kind: 'deployments', name: 'web' }], 'several types'],
  ['proxy web-0', pods('web-0'), 'a pod for the proxy too'],
  ['proxy svc/web', [{ kind: 'services', name: 'web' }], 'a service'],
  [
    'proxy service/https:web:8443',
    [{ kind: 'services', name: 'https:web:8443' }],
    'a spelling that only the proxy takes',
  ],
  [
    'proxy nodes n1 n2',
    [
      { kind: 'nodes', name: 'n1' },
      { kind: 'nodes', name: 'n2' },
    ],
    'nodes',
  ],
  ['pod pod', pods('pod'), 'a pod called like the command'],
  ['exec -- -odd', pods('-odd'), 'after -- nothing is a flag'],
];
for (const [line, refs, why] of targets)
  test(`\`${line}\`: ${why}`, () => assert.deepEqual(parseAsk(line).asks.target, { refs, selector: null }));

const selectors: [line: string, selector: string][] = [
  ['exec -l app=web', 'app=web'],
  ['exec pods -l app=web', 'app=web'],
  ['exec -lapp=web', 'app=web'],
  ['exec --selector=app!=web,tier', 'app!=web,tier'],
];
for (const [line, selector] of selectors)
  test(`\`${line}\` selects`, () => assert.deepEqual(parseAsk(line).asks.target, { refs: [], selector }));

const rights: [line: string, expected: object][] = [
  ['who create pods/portforward', { verb: 'create', resource: 'pods/portforward' }],
  ['who get secrets db-pass', { verb: 'get', resource: 'secrets', name: 'db-pass' }],
  ['who get secrets/db-pass', { verb: 'get', resource: 'secrets/db-pass' }],
  ['who create pods --subresource portforward', { verb: 'create', resource: 'pods', subresource: 'portforward' }],
  [
    'who create pods web-0 --subresource=exec',
    { verb: 'create', resource: 'pods', name: 'web-0', subresource: 'exec' },
  ],
  ['who get /metrics', { verb: 'get', url: '/metrics' }],
  ['who * *', { verb: '*', resource: '*' }],
  ['who -- -verb -resource', { verb: '-verb', resource: '-resource' }],
];
for (const [line, expected] of rights)
  test(`\`${line}\``, () =>
    assert.deepEqual(parseAsk(line).asks.target, {
      url: null,
      resource: null,
      subresource: null,
      name: null,
      ...expected,
    }));

/** What was typed decides the shape of a document, not what is found. */
const shapes: [line: string, asList: boolean, why: string][] = [
  ['exec web-0', false, 'a pod'],
  ['exec pod/web-0', false, 'a pod by its type'],
  ['logs po web-0', false, 'a type and a name'],
  ['raw-sockets web-0', false, 'a pod'],
  ['pod web-0', false, 'a card'],
  ['exec web-0 web-1', true, 'two pods'],
  ['exec web-0 web-0', true, 'one pod twice, which is one answer'],
  ['exec pods web-0 web-1', true, 'two names of a type'],
  ['exec -l app=web', true, 'a selector, whatever it selects'],
  ['pod po -l app=web', true, 'a type and a selector'],
  ['raw-sockets -l app=web', true, 'a selector'],
  ['raw-sockets -l app=web -A', true, 'a selector in any namespace'],
  ['privileged -l app=web', true, 'a selector'],
  ['exec deployment/web', true, 'a workload, which stands for its pods'],
  ['logs sts web', true, 'a workload of any kind'],
  ['debug cj/backup', true, 'a CronJob'],
  ['pod job/once', true, 'a Job'],
  ['raw-sockets ds/agent', true, 'a DaemonSet'],
  ['privileged rs/web', true, 'a ReplicaSet'],
  ['proxy svc/web', false, 'a service is itself'],
  ['proxy node/n1 -A', false, 'a node too'],
  ['proxy pods,svc web', true, 'two types of one name'],
  ['proxy svc/web node/n1', true, 'a service and a node'],
  ['raw-sockets', false, 'a namespace'],
  ['raw-sockets -A', false, 'the cluster'],
  ['privileged', false, 'everybody'],
  ['privileged -A', false, 'everybody, anywhere'],
  ['privileged sa/a', false, 'a subject'],
  ['privileged sa a', false, 'a type and a subject'],
  ['privileged web-0', false, 'a pod that stands for its account'],
  ['privileged sa/a sa/b', true, 'two subjects'],
  ['privileged sa/a web-0', true, 'a subject and a pod'],
  ['who get secrets -A', false, 'a right'],
  ['who get secrets/a', false, 'a right over an object'],
  ['admit -f a -f b', false, 'files are judged together'],
];
for (const [line, asList, why] of shapes)
  test(`\`${line}\` prints ${asList ? 'a list' : 'one answer'}: ${why}`, () => {
    for (const output of ['json', 'yaml']) assert.equal(parseAsk(`${line} -o ${output}`).view.asList, asList);
  });

const latest = (level: string) => ({ level, version: 'latest' });
const files: [line: string, paths: string[], level: object | null, why: string][] = [
  ['admit -f a.yaml', ['a.yaml'], null, 'a file'],
  ['admit --filename=a.yaml -fb.yaml', ['a.yaml', 'b.yaml'], null, 'several'],
  ['admit -f a.yaml,b.yaml -f dir', ['a.yaml', 'b.yaml', 'dir'], null, 'with commas'],
  ['admit -f "a,b.yaml",c', ['a,b.yaml', 'c'], null, 'a comma in quotes'],
  ['admit -f -', ['-'], null, 'standard input'],
  ['admit -f a --level restricted', ['a'], latest('restricted'), 'a level'],
  ['admit -f a --level=baseline --level-version latest', ['a'], latest('baseline'), 'in its latest version'],
  [
    'admit -f a --level privileged --level-version v1.0',
    ['a'],
    { level: 'privileged', version: { major: 1, minor: 0 } },
    'in its first',
  ],
];
for (const [line, paths, level, why] of files)
  test(`\`${line}\`: ${why}`, () => assert.deepEqual(asked(line), { question: 'admit', target: { paths, level } }));

const flags: [line: string, expected: object, why: string][] = [
  ['exec a -n shop', { connect: { namespace: 'shop' } }, 'apart'],
  ['exec a -nshop', { connect: { namespace: 'shop' } }, 'attached'],
  ['exec a -n=shop', { connect: { namespace: 'shop' } }, 'with an equals sign'],
  ['exec a --namespace shop', { connect: { namespace: 'shop' } }, 'long'],
  ['exec a --namespace=shop', { connect: { namespace: 'shop' } }, 'long with an equals sign'],
  ['-n shop exec a', { connect: { namespace: 'shop' } }, 'before the command'],
  ['-n pod exec a', { connect: { namespace: 'pod' } }, 'a value that is called like a command'],
  ['exec a -n one -n two', { connect: { namespace: 'two' } }, 'the last one wins'],
  ['exec a -n 0x10', { connect: { namespace: '0x10' } }, 'no value is a number'],
  ['exec a -n --context', { connect: { namespace: '--context' } }, 'a value that looks like a flag'],
  ['exec a --context=-x=y', { connect: { context: '-x=y' } }, 'a value with dashes and equals signs'],
  ["exec a -n ''", { connect: { namespace: '' } }, 'an empty value'],
  [
    'exec a --as-group=a,b --as-group c --as x',
    { connect: { as: 'x', asGroup: ['a,b', 'c'] } },
    'groups collect, commas do not split',
  ],
  ['exec a --as-user-extra k=v=w', { connect: { asUserExtra: ['k=v=w'] } }, 'extras'],
  ['exec a -s https://h:1', { connect: { server: 'https://h:1' } }, 'the server by its short name'],
  ['exec a --insecure-skip-tls-verify', { connect: { insecureSkipTlsVerify: true } }, 'a boolean of kubectl'],
  ['exec a --insecure-skip-tls-verify=false', { connect: {} }, 'a boolean that is off'],
  ['exec a --tls-server-name x --proxy-url y', { connect: { tlsServerName: 'x', proxyUrl: 'y' } }, 'the long names'],
  [
    'exec a --cache-dir /x --match-server-version --profile=cpu',
    { connect: {} },
    'kubectl flags without a meaning here',
  ],
  ['exec -l a -Aojson', { allNamespaces: true, view: { output: 'json' } }, 'bundled short flags'],
  ['exec -l a -A=false -q', { allNamespaces: false, quiet: true }, 'a short boolean with a value'],
  ['exec a --no-headers', { view: { noHeaders: true } }, 'a name that begins with no-'],
  ['exec a --no-headers=0', { view: { noHeaders: false } }, 'Go spells false in many ways'],
  ['exec a --explain --explain=F', { view: { explain: false } }, 'the last boolean wins'],
  ['exec a -owide --show-system', { view: { output: 'wide', showSystem: true } }, 'output'],
  ['exec a -v', { verbosity: 1 }, 'a level without a value'],
  ['exec a -v=6', { verbosity: 6 }, 'a level'],
  ['exec a -v 6', { verbosity: 6 }, 'a level apart'],
  ['exec a -v6', { verbosity: 6 }, 'a level attached'],
  ['exec -v web-0', { verbosity: 1 }, 'what is no level is a target'],
  ['exec a --v 3', { verbosity: 3 }, 'a long level'],
  ['exec a --request-timeout=5', { requestTimeout: 5000 }, 'seconds'],
  ['exec a --request-timeout 1m30s', { requestTimeout: 90_000 }, 'a Go duration'],
  ['exec a --request-timeout=0', { requestTimeout: 0 }, 'for ever'],
  ['exec a --subject sa/builder', { subject: 'sa/builder' }, 'a subject stays as typed'],
  [
    'exec a --subject user/jane --subject-group ops --subject-group=x,y',
    { subjectGroups: ['ops', 'x', 'y'] },
    'groups of a user',
  ],
  ['exec a --subject user/jane --subject-group dev,ops', { subjectGroups: ['dev', 'ops'] }, 'several at once'],
  [
    'exec a --subject user/jane --subject-group "CN=ops,OU=x",dev',
    { subjectGroups: ['CN=ops,OU=x', 'dev'] },
    'a comma in quotes',
  ],
  ['exec a --subject user/jane --subject-group a"b,c', { subjectGroups: ['a"b', 'c'] }, 'a quote that opens nothing'],
  ['exec a --subject user/jane --subject-group ,dev,', { subjectGroups: ['dev'] }, 'empty ones are none'],
  ['exec a --subject user/jane --subject user/jane', { subject: 'user/jane' }, 'the same twice is one'],
  ['exec a -n shop -n ci', { connect: { namespace: 'ci' } }, "of kubectl's own flags the last one wins"],
  ['privileged user/jane --subject-group dev,ops', { subjectGroups: ['dev', 'ops'] }, 'of any question'],
  ['exec a --accept sa/x,user/jane,@file', { accept: ['sa/x', 'user/jane', '@file'] }, 'several who are accepted'],
  ['exec a --accept "user/CN=x,OU=y",sa/b', { accept: ['user/CN=x,OU=y', 'sa/b'] }, 'a name with a comma'],
  ['exec a --accept sa/x --accept @file', { accept: ['sa/x', '@file'] }, 'who is accepted'],
  [
    'exec a --input - --complete',
    { source: { kind: 'input', path: '-', complete: true, version: null } },
    'standard input',
  ],
  [
    'exec a --input f --server-version v1.33.4-eks',
    { source: { kind: 'input', path: 'f', complete: false, version: { major: 1, minor: 33 } } },
    'a version of a distribution',
  ],
  ['exec a --demo', { source: { kind: 'demo', version: null } }, 'the demo'],
  ['exec a --direct --expand --verify', { direct: true, expand: true, verify: true }, 'how to ask'],
  ['exec a --exit-code --strict', { exitCode: true, strict: true }, 'how to end'],
  ['proxy node/n1 -A', { allNamespaces: true }, 'a node has no namespace'],
  [
    'admit -f a -n shop',
    { connect: { namespace: 'shop' }, source: { kind: 'live' } },
    'a namespace to be admitted into',
  ],
  ['admit -f a --level baseline', { source: { kind: 'none', version: null } }, 'a level asks nobody'],
  [
    'admit -f a --level baseline --server-version 1.34',
    { source: { kind: 'none', version: { major: 1, minor: 34 } } },
    'of a version',
  ],
  ['admit -f - --demo', { source: { kind: 'demo', version: null } }, 'the demo'],
  [
    'admit -f a --verify --exit-code --strict -oyaml',
    { verify: true, exitCode: true, strict: true },
    'as other questions',
  ],
];
for (const [line, expected, why] of flags)
  test(`\`${line}\`: ${why}`, () => assert.partialDeepStrictEqual(parseAsk(line), expected));

for (const [line, connect] of [
  ['exec a --as-group a,b', { asGroup: ['a,b'] }],
  ['exec a -n x -n y', { namespace: 'y' }],
] as const)
  test(`\`${line}\` says nothing else about the connection`, () => assert.deepEqual(parseAsk(line).connect, connect));

const colors: [env: Record<string, string>, line: string, color: Ask['color']][] = [
  [{}, 'exec a', 'auto'],
  [{ NO_COLOR: '1' }, 'exec a', 'never'],
  [{ NO_COLOR: '' }, 'exec a', 'auto'],
  [{ TERM: 'dumb' }, 'exec a', 'never'],
  [{ NO_COLOR: '1', TERM: 'dumb' }, 'exec a --color always', 'always'],
  [{}, 'exec a --color=never', 'never'],
];
for (const [env, line, color] of colors)
  test(`colour of \`${line}\` with ${JSON.stringify(env)}: ${color}`, () =>
    assert.equal(parseAsk(line, env).color, color));

test('a snapshot', () => {
  assert.deepEqual(parse('snapshot out.jsonl.gz --context prod -q'), {
    action: 'snapshot',
    file: 'out.jsonl.gz',
    connect: { context: 'prod' },
    requestTimeout: undefined,
    color: 'auto',
    quiet: true,
    verbosity: 0,
  });
});

const TIMEOUT =
  'error: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)';
const TWO = 'error: you must specify two arguments: verb resource or verb resource/resourceName.';
const PAIR = 'error: arguments in resource/name form must have a single resource and name';

const misuses: [line: string, message: string][] = [
  ['exec web-0 --bogus', 'error: unknown flag: --bogus'],
  ['exec web-0 --bogus --help', 'error: unknown flag: --bogus'],
  ['exec web-0 --namespac=x', 'error: unknown flag: --namespac'],
  ['exec web-0 --subresource=x', 'error: unknown flag: --subresource'],
  ['exec web-0 --n x', 'error: unknown flag: --n'],
  ['who get pods -l a=b', "error: unknown shorthand flag: 'l' in -l"],
  ['snapshot f -ojson', "error: unknown shorthand flag: 'o' in -ojson"],
  ['exec web-0 -Z', "error: unknown shorthand flag: 'Z' in -Z"],
  ['exec web-0 -AZ', "error: unknown shorthand flag: 'Z' in -Z"],
  ['exec web-0 -=x', "error: unknown shorthand flag: '=' in -=x"],
  ['exec web-0 -n', "error: flag needs an argument: 'n' in -n"],
  ['exec web-0 -qn', "error: flag needs an argument: 'n' in -n"],
  ['exec web-0 --namespace', 'error: flag needs an argument: --namespace'],
  ['exec web-0 --=x', 'error: bad flag syntax: --=x'],
  ['exec web-0 ---x', 'error: bad flag syntax: ---x'],
  [
    'exec web-0 --explain=maybe',
    'error: invalid argument "maybe" for "--explain" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
  ],
  [
    'exec web-0 -A=x',
    'error: invalid argument "x" for "-A, --all-namespaces" flag: strconv.ParseBool: parsing "x": invalid syntax',
  ],
  [
    'exec web-0 -v=abc',
    'error: invalid argument "abc" for "-v, --v" flag: strconv.ParseInt: parsing "abc": invalid syntax',
  ],
  [
    'exec web-0 --color=sometimes',
    'error: invalid argument "sometimes" for "--color" flag: must be one of: auto, always, never',
  ],
  ['exec web-0 --request-timeout=abc', TIMEOUT],
  ['exec web-0 --request-timeout=5x', TIMEOUT],
  ['exec web-0 --request-timeout=1.5', TIMEOUT],
  [
    'exec web-0 -o table',
    'error: unable to match a printer suitable for the output format "table", allowed formats are: dot,json,mermaid,name,wide,yaml',
  ],
  ['exce web-0', 'error: unknown command "exce" for "kubectl whocan-escalate", did you mean "exec"?'],
  [
    'portforward web-0',
    'error: unknown command "portforward" for "kubectl whocan-escalate", did you mean "port-forward"?',
  ],
  ['port web-0', 'error: unknown command "port" for "kubectl whocan-escalate", did you mean "port-forward"?'],
  ['help frobnicate', 'error: unknown command "frobnicate" for "kubectl whocan-escalate"'],
  ["''", 'error: unknown command "" for "kubectl whocan-escalate"'],
  ['exec', 'error: POD or -l SELECTOR is required for exec'],
  ["exec -l ''", 'error: POD or -l SELECTOR is required for exec'],
  ["exec ''", 'error: resource name may not be empty'],
  ["exec pods ''", 'error: resource name may not be empty'],
  ['exec ..', 'error: invalid resource name "..": [may not be \'..\']'],
  ['exec a%b', 'error: invalid resource name "a%b": [may not contain \'%\']'],
  ['exec pods/', PAIR],
  ['exec /web-0', PAIR],
  ['exec pods,deploy/web', PAIR],
  ['exec pods/web/0', 'error: arguments in resource/name form may not have more than one slash'],
  [
    'exec pods pod/web-0',
    "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl whocan-escalate exec pod/web-0')",
  ],
  ['exec frobs/web', 'error: the server doesn\'t have a resource type "frobs"'],
  ['exec pods.apps/web', 'error: the server doesn\'t have a resource type "pods" in group "apps"'],
  ['exec configmap/web', 'error: exec is about pods and what runs them, not about configmap'],
  ['exec svc/web', 'error: exec is about pods and what runs them, not about svc'],
  ['exec rollouts.argoproj.io/web', 'error: exec is about pods and what runs them, not about rollouts.argoproj.io'],
  ['proxy cm web', 'error: proxy is about pods, what runs them, services and nodes, not about cm'],
  ['exec web-0 -l app=web', 'error: name cannot be provided when a selector is specified'],
  ['exec pods web-0 -l app=web', 'error: name cannot be provided when a selector is specified'],
  [
    'exec pod/web-0 -l app=web',
    'error: selectors and the all flag cannot be used when passing resource/name arguments',
  ],
  ['exec deploy -l app=web', 'error: a selector selects pods, not deploy: name the deploy instead'],
  ['exec web-0 -A', 'error: a resource cannot be retrieved by name across all namespaces'],
  ['exec web-0 -n a/b', 'error: invalid namespace "a/b": [may not contain \'/\']'],
  ['who', TWO],
  ['who get', TWO],
  ['who get secrets a b', TWO],
  ["who get ''", TWO],
  ['who get /metrics x', 'error: NonResourceURL and ResourceName can not specified together'],
  ['who get /metrics --subresource x', 'error: --subresource can not be used with NonResourceURL'],
  ['snapshot', 'error: exactly one FILE is required for snapshot'],
  ['snapshot a b', 'error: exactly one FILE is required for snapshot'],
  ['exec web-0 --input f --demo', 'error: --input and --demo cannot be used together'],
  ['exec web-0 --complete', 'error: --complete can only be used with --input'],
  ['exec web-0 --demo --complete', 'error: --complete can only be used with --input'],
  ['exec web-0 --server-version 1.34', 'error: --server-version can only be used with --input or --demo'],
  [
    'exec web-0 --demo --server-version new',
    'error: invalid argument "new" for "--server-version" flag: must be a version of Kubernetes such as 1.34',
  ],
  ['exec web-0 --demo --verify', 'error: --verify asks the server: it cannot be used with --demo'],
  ['exec web-0 --input f --verify', 'error: --verify asks the server: it cannot be used with --input'],
  ['admit', 'error: must specify -f FILE|DIR'],
  ["admit -f ''", 'error: must specify -f FILE|DIR'],
  ['admit -f', "error: flag needs an argument: 'f' in -f"],
  ['admit pod.yaml', 'error: Unexpected args: [pod.yaml]: files are named with -f'],
  ['admit -f a b', 'error: Unexpected args: [b]: files are named with -f'],
  ['admit -f - -f -', 'error: standard input cannot be used for multiple arguments'],
  ['admit -f - --input -', 'error: standard input cannot be used for multiple arguments'],
  ['raw-sockets web-0 -A', 'error: a resource cannot be retrieved by name across all namespaces'],
  ['raw-sockets svc/web', 'error: raw-sockets is about pods and what runs them, not about svc'],
  ['raw-sockets web-0 --subject sa/x', 'error: unknown flag: --subject'],
  ['raw-sockets --verify', 'error: unknown flag: --verify'],
  ['raw-sockets web-0 -l app=web', 'error: name cannot be provided when a selector is specified'],
  [
    'admit -f a --level strict',
    'error: no Pod Security level is called "strict": must be one of privileged, baseline, restricted',
  ],
  [
    "admit -f a --level ''",
    'error: no Pod Security level is called "": must be one of privileged, baseline, restricted',
  ],
  [
    'admit -f a --level baseline --level-version 1.31',
    'error: no Pod Security version is called "1.31": must be "latest" or "v1.x"',
  ],
  [
    'admit -f a --level baseline --level-version v1.99',
    'error: Pod Security version v1.99 is not known: the newest is v1.37',
  ],
  ['admit -f a --level-version latest', 'error: --level-version can only be used with --level'],
  ['admit -f a --level baseline --demo', 'error: --level asks no cluster: it cannot be used with --demo'],
  ['admit -f a --level baseline --input f', 'error: --level asks no cluster: it cannot be used with --input'],
  ['admit -f a --level baseline --verify', 'error: --verify asks the server: it cannot be used with --level'],
  ['admit -f a --server-version 1.34', 'error: --server-version can only be used with --input or --demo'],
  ['admit -f a -A', "error: unknown shorthand flag: 'A' in -A"],
  ['admit -f a -l app=web', "error: unknown shorthand flag: 'l' in -l"],
  ...['subject=sa/x', 'accept=sa/x', 'direct', 'expand', 'show-system'].map((flag): [string, string] => [
    `admit -f a --${flag}`,
    `error: unknown flag: --${flag.replace(/=.*/, '')}`,
  ]),
  ['exec web-0 -f a', "error: unknown shorthand flag: 'f' in -f"],
  ['exec web-0 --level baseline', 'error: unknown flag: --level'],
  ['exec web-0 --subject jane', 'error: invalid subject "jane": say sa/jane, user/jane or group/jane'],
  ['exec web-0 --subject user/a --subject user/b', 'error: --subject takes one value: "user/a", "user/b"'],
  ['who get pods --input a --input=b', 'error: --input takes one value: "a", "b"'],
  [
    'pod p --input a --server-version 1.30 --server-version 1.31',
    'error: --server-version takes one value: "1.30", "1.31"',
  ],
  ['admit -f a --level baseline --level restricted', 'error: --level takes one value: "baseline", "restricted"'],
  ['who get pods --subresource log --subresource exec', 'error: --subresource takes one value: "log", "exec"'],
  ['exec web-0 --subject-group ops', 'error: --subject-group completes a user: it needs --subject user/NAME'],
  [
    'exec web-0 --subject group/ops --subject-group x',
    'error: --subject-group completes a user: it needs --subject user/NAME',
  ],
];
for (const [line, message] of misuses)
  test(`\`${line}\` is refused`, () => assert.partialDeepStrictEqual(parse(line), { action: 'misuse', message }));

test('blanks around commas belong to no value, unless it stands in quotes', () => {
  const groups = (text: string) => {
    const invocation = parseArgs(['exec', 'a', '--subject', 'user/jane', '--subject-group', text], {});
    return invocation.action === 'ask' ? invocation.subjectGroups : invocation;
  };
  assert.deepEqual(groups('dev, ops'), ['dev', 'ops']);
  assert.deepEqual(groups(' dev ,ops '), ['dev', 'ops']);
  assert.deepEqual(groups('dev, ,ops'), ['dev', 'ops']);
  assert.deepEqual(groups('night shift,ops'), ['night shift', 'ops']);
  assert.deepEqual(groups('" dev ",ops'), [' dev ', 'ops']);
});

test('a misuse points to the help of its command, where there is one', () => {
  assert.partialDeepStrictEqual(parse('-n shop exec web-0 --bogus'), { command: 'exec' });
  assert.deepEqual(parse('bogus'), {
    action: 'misuse',
    message: 'error: unknown command "bogus" for "kubectl whocan-escalate"',
    command: undefined,
  });
});
