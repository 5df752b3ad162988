import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { HOME, plugin } from '../helpers/plugin.ts';

const file = (name: string, content: string | Buffer): void => writeFileSync(join(HOME, name), content);

file('not-yaml', 'a: [');
file('text', 'hello');
file('binary', Buffer.of(0, 1, 2, 255));
file(
  'no-server',
  JSON.stringify({ contexts: [{ name: 'x', context: { cluster: 'gone', user: 'u' } }], 'current-context': 'x' }),
);
file('dead', kubeconfig('https://127.0.0.1:1'));
const execPlugin = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: 'sh',
  args: ['-c', 'echo "$SAYS"'],
  interactiveMode: 'Never',
};
const says = JSON.stringify({ kind: 'ExecCredential', apiVersion: execPlugin.apiVersion, status: { token: 'sesame' } });
file(
  'dead-by-plugin',
  kubeconfig('https://127.0.0.1:1', { exec: { ...execPlugin, env: [{ name: 'SAYS', value: says }] } }),
);
file(
  'dead-without-plugin',
  kubeconfig('https://127.0.0.1:1', { exec: { ...execPlugin, command: 'no-such-plugin', installHint: 'Install it.' } }),
);
file(
  'pod.yaml',
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  }),
);
mkdirSync(join(HOME, 'directory'));

/**
 * Each is one line in kubectl's words on stderr and nothing on stdout; where the command line is wrong, another says
 * where the help is.
 */
const ERRORS: [words: string, code: 1 | 2, stderr: string | RegExp][] = [
  // wrong command lines
  ['nonsense', 2, 'error: unknown command "nonsense" for "kubectl whocan-escalate"'],
  ['nope', 2, 'error: unknown command "nope" for "kubectl whocan-escalate", did you mean "node"?'],
  ['exe web-0', 2, 'error: unknown command "exe" for "kubectl whocan-escalate", did you mean "exec"?'],
  ['help nonsense', 2, 'error: unknown command "nonsense" for "kubectl whocan-escalate"'],
  ['exec --demo', 2, 'error: POD or -l SELECTOR is required for exec'],
  ['exec web-0 --nope', 2, 'error: unknown flag: --nope'],
  ['exec web-0 -z', 2, "error: unknown shorthand flag: 'z' in -z"],
  ['exec web-0 -n', 2, "error: flag needs an argument: 'n' in -n"],
  ['exec web-0 --subresource log', 2, 'error: unknown flag: --subresource'],
  [
    'exec web-0 --demo -o xml',
    2,
    'error: unable to match a printer suitable for the output format "xml", allowed formats are: dot,json,mermaid,name,wide,yaml',
  ],
  ['exec .. --demo', 2, `error: invalid resource name "..": [may not be '..']`],
  ['exec pod/%2e%2e --demo', 2, `error: invalid resource name "%2e%2e": [may not contain '%']`],
  ['exec web-0 --demo -n ..', 2, `error: invalid namespace "..": [may not be '..']`],
  ['privileged sa/.. --demo', 2, 'error: invalid subject "sa/..": no service account can be called ".."'],
  ['exec web-0 --demo --subject sa/../x', 2, 'error: invalid subject "sa/../x": no namespace can be called ".."'],
  ['exec web-0 --demo -n a/b', 2, 'error: invalid namespace "a/b": [may not contain \'/\']'],
  ['exec a/b/c --demo', 2, 'error: arguments in resource/name form may not have more than one slash'],
  ['exec nosuch/web --demo', 2, 'error: the server doesn\'t have a resource type "nosuch"'],
  ['exec svc/web --demo', 2, 'error: exec is about pods and what runs them, not about svc'],
  ['exec web-0 -A --demo', 2, 'error: a resource cannot be retrieved by name across all namespaces'],
  ['exec web-0 -l app=web --demo', 2, 'error: name cannot be provided when a selector is specified'],
  ['exec -l app=,=b --demo', 2, /^error: unable to parse requirement: /],
  ['exec web-0 --demo --input x', 2, 'error: --input and --demo cannot be used together'],
  ['exec web-0 --demo --verify', 2, 'error: --verify asks the server: it cannot be used with --demo'],
  ['exec web-0 --demo --subject jane', 2, 'error: invalid subject "jane": say sa/jane, user/jane or group/jane'],
  [
    'exec web-0 --demo --server-version x',
    2,
    'error: invalid argument "x" for "--server-version" flag: must be a version of Kubernetes such as 1.34',
  ],
  [
    'exec web-0 --demo --color red',
    2,
    'error: invalid argument "red" for "--color" flag: must be one of: auto, always, never',
  ],
  ['exec web-0 --request-timeout x', 2, /^error: Invalid timeout value\./],
  ['who get --demo', 2, 'error: you must specify two arguments: verb resource or verb resource/resourceName.'],
  ['snapshot', 2, 'error: exactly one FILE is required for snapshot'],
  // what is not there
  ['exec nope --demo', 1, 'Error from server (NotFound): pods "nope" not found in namespace shop'],
  [
    'exec web-9 --demo',
    1,
    'Error from server (NotFound): pods "web-9" not found in namespace shop, did you mean "web-0"?',
  ],
  [
    'exec web-0 -n dev --demo',
    1,
    'Error from server (NotFound): pods "web-0" not found in namespace dev; there is one in shop',
  ],
  [
    'pod web-0 -n shpo --demo',
    1,
    'Error from server (NotFound): pods "web-0" not found in namespace shpo; there is one in shop (namespaces "shpo" not found, did you mean "shop"?)',
  ],
  ['exec deploy/nope --demo', 1, 'Error from server (NotFound): deployments.apps "nope" not found in namespace shop'],
  ['proxy svc/nope --demo', 1, 'Error from server (NotFound): services "nope" not found in namespace shop'],
  ['proxy node/nope --demo', 1, 'Error from server (NotFound): nodes "nope" not found'],
  ['exec -l app=nope --demo', 1, 'No resources found in shop namespace.'],
  ['exec -A -l app=nope --demo', 1, 'No resources found'],
  ['who get nosuch --demo', 1, 'error: the server doesn\'t have a resource type "nosuch"'],
  [
    'who get deploymets --demo',
    1,
    'error: the server doesn\'t have a resource type "deploymets", did you mean "deployments"?',
  ],
  [
    'exec deploymet/web --demo',
    2,
    'error: the server doesn\'t have a resource type "deploymet", did you mean "deployment"?',
  ],
  ['who get pods -n nope --demo', 1, 'Error from server (NotFound): namespaces "nope" not found'],
  ['who get pods -n shpo --demo', 1, 'Error from server (NotFound): namespaces "shpo" not found, did you mean "shop"?'],
  ['raw-sockets -n shpo --demo', 1, 'Error from server (NotFound): namespaces "shpo" not found, did you mean "shop"?'],
  [
    'raw-sockets -l app=web -n shpo --demo',
    1,
    'Error from server (NotFound): namespaces "shpo" not found, did you mean "shop"?',
  ],
  ['privileged -n shpo --demo', 1, 'Error from server (NotFound): namespaces "shpo" not found, did you mean "shop"?'],
  [
    'exec -l app=web -n shpo --demo',
    1,
    'Error from server (NotFound): namespaces "shpo" not found, did you mean "shop"?',
  ],
  [
    'admit -f pod.yaml -n shpo --demo',
    1,
    'Error from server (NotFound): namespaces "shpo" not found, did you mean "shop"?',
  ],
  ['privileged sa/nope --demo', 1, 'Error from server (NotFound): serviceaccounts "nope" not found in namespace shop'],
  [
    'exec web-0 --subject sa/deployer --demo',
    1,
    'Error from server (NotFound): serviceaccounts "deployer" not found in namespace shop; there are some in ci and dev',
  ],
  ['raw-sockets -l app=nope --demo', 1, 'No resources found in shop namespace.'],
  ['exec web-0 --input nope', 1, 'error: the path "nope" does not exist'],
  // kubeconfigs
  ['exec web-0', 1, /^error: no configuration has been provided: /],
  ['exec web-0 --kubeconfig nope', 1, 'error: stat nope: no such file or directory'],
  [
    'exec web-0 --kubeconfig directory',
    1,
    'error: error loading config file "directory": read directory: is a directory',
  ],
  ['exec web-0 --kubeconfig not-yaml', 1, /^error: error loading config file "not-yaml": yaml: /],
  [
    'exec web-0 --kubeconfig text',
    1,
    /^error: error loading config file "text": couldn't get version\/kind; json parse error: /,
  ],
  ['exec web-0 --kubeconfig binary', 1, /^error: error loading config file "binary": /],
  ['exec web-0 --kubeconfig dead --context nope', 1, 'error: context "nope" does not exist'],
  ['exec web-0 --kubeconfig no-server', 1, /^(error|invalid configuration): .*"gone"/],
  [
    'exec web-0 --kubeconfig dead',
    1,
    'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
  ],
  [
    'exec web-0 --kubeconfig dead-by-plugin',
    1,
    'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
  ],
  [
    'exec web-0 --kubeconfig dead-without-plugin',
    1,
    'Unable to connect to the server: getting credentials: exec: executable no-such-plugin not found: Install it.',
  ],
  [
    'snapshot out.jsonl --kubeconfig dead',
    1,
    'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
  ],
];

describe('errors', { concurrency: 4 }, () => {
  for (const [words, code, says] of ERRORS)
    test(`${words}: ${says}`, async () => {
      const outcome = await plugin(words);
      const [first = '', ...others] = outcome.stderr.split('\n');
      if (typeof says === 'string') assert.equal(first, says);
      else assert.match(first, says);
      const help = code === 2 ? [/^See 'kubectl whocan-escalate( [a-z-]+)? --help' for usage\.$/] : [];
      assert.equal(others.length, help.length + 1, outcome.stderr);
      for (const [index, line] of help.entries()) assert.match(others[index] ?? '', line);
      assert.deepEqual([outcome.code, outcome.stdout], [code, '']);
    });

  const noVerbs: [words: string, says: string | RegExp][] = [
    [
      'who exec pods -n prod',
      'error: "exec" is no verb of pods: ask who create pods/exec -n prod, or exec -n prod POD\n',
    ],
    [
      'who scale deploy -n shop',
      'error: "scale" is no verb of deployments: ask who patch deployments.apps/scale -n shop\n',
    ],
    ['who approve csr', /^error: "approve" is no verb of certificatesigningrequests: ask .* who approve signers\n$/],
  ];
  for (const [words, says] of noVerbs)
    test(`${words}: ${says}`, async () => {
      const { code, stdout, stderr } = await plugin(`${words} --demo`);
      assert.deepEqual([code, stdout], [2, '']);
      if (typeof says === 'string') assert.equal(stderr, says);
      else assert.match(stderr, says);
    });

  test('a subresource that does not exist is refused with those that do', async () => {
    const { code, stdout, stderr } = await plugin('who create pods/exce --demo');
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^error: there is no subresource "exce": pods has attach, .* and status [^\n]*\n$/);
  });

  test('a KUBECONFIG of nothing but missing files is no configuration', async () => {
    const { code, stderr } = await plugin('exec web-0', { env: { KUBECONFIG: 'nope:neither' } });
    assert.equal(code, 1);
    assert.match(stderr, /^error: no configuration has been provided: [^\n]+\n$/);
  });
});

function kubeconfig(server: string, user: object = { token: 'sesame' }): string {
  return JSON.stringify({
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}
