import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import {
  asDryRun,
  attackText,
  changes,
  fixes,
  fixTexts,
  getObject,
  inTurn,
  reads,
  replacementTexts,
  safeText,
} from '../../src/answer/command.ts';
import { canI, impersonation } from '../../src/rbac/can-i.ts';
import { identityOf } from '../../src/rbac/subjects.ts';

const jane = ['--as=jane'];
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', annotations: { note: "it's \\ \n\u202e!$(id) 山" } },
};

describe('what is no read is never taken for one', () => {
  const harmful = [
    ['delete', 'pod/x'],
    ['create', '-f', '-'],
    ['exec', '-it', 'pod/x', '--', 'sh'],
    ['auth', 'reconcile', '-f', '-'],
    ['get', '--raw', '/api/v1/namespaces/x/pods/x/proxy/delete-all'],
    ['label', 'namespace/x', 'a=b'],
    ['edit', 'x/y'],
    ['patch', 'pod/x', '-p', '{}'],
    ['port-forward', 'pod/x', ':80'],
    ['debug', 'pod/x'],
    ['drain', 'n1'],
    ['create', 'token', 'x'],
    ['auth'],
    [],
  ];
  for (const words of harmful)
    test(`kubectl ${words.join(' ')}`, () => assert.throws(() => reads(...words), /not known to change nothing/));
});

describe('a dry run is the same command, tried by the server as somebody', () => {
  const cases: [ReturnType<typeof changes>, RegExp | null, string][] = [
    [
      changes(['create'], POD),
      /^printf %s '\{.*\}' \| kubectl create --dry-run=server --as=jane -f -$/,
      'an object that is created',
    ],
    [
      changes(['apply', '--server-side'], POD),
      /kubectl apply --server-side --dry-run=server --as=jane -f -$/,
      'or applied',
    ],
    [changes(['create', '--raw', '/api/v1/pods'], POD), null, 'kubectl ignores --dry-run where a path is posted to'],
    [changes(['replace', '--raw', '/x'], POD), null, 'or replaced'],
    [changes(['delete', 'pod/x']), null, 'a deletion is not tried'],
    [changes(['exec', 'pod/x', '--', 'sh']), null, 'a session knows none'],
    [changes(['create', 'token', 'x']), null, 'a token is always a real one'],
    [changes(['edit', 'pod/x']), null, 'nor does an editor'],
  ];
  for (const [command, expected, why] of cases)
    test(why, () => {
      const tried = asDryRun(command, jane);
      if (expected === null) assert.equal(tried, null);
      else assert.match(tried ? safeText(tried) : '', expected);
    });
  test('as nobody in particular there is none', () => assert.equal(asDryRun(changes(['create'], POD), []), null));
  test('of several each is', () => {
    const both = inTurn([changes(['create'], POD), changes(['apply', '--server-side'], POD)]);
    assert.equal(
      (both && safeText(asDryRun(both, jane) ?? reads('get')))?.match(/--dry-run=server --as=jane/g)?.length,
      2,
    );
  });
  test('of several that one cannot be tried, none is', () => {
    const both = inTurn([changes(['create'], POD), changes(['delete', 'pod/x'])]);
    assert.equal(both && asDryRun(both, jane), null);
  });
});

test('the same cluster is reached, before what goes to a container', () => {
  const kubectl = ['--context', 'a b'];
  assert.equal(safeText(getObject('Pod', 'x', 'y'), kubectl), "kubectl get pod x -n y --context 'a b'");
  assert.equal(attackText(changes(['exec', 'pod/x', '--', 'sh']), kubectl), "kubectl exec pod/x --context 'a b' -- sh");
});

test('a fix is tried, then done, on the same object', () => {
  assert.deepEqual(fixTexts(fixes('label', '--overwrite', 'namespace/x', 'a=b')), [
    'kubectl label --dry-run=server --overwrite namespace/x a=b',
    'kubectl label --overwrite namespace/x a=b',
  ]);
  assert.deepEqual(replacementTexts(['patch', 'pod/x', '-p', '{}']), [
    "kubectl patch pod/x -p '{}' --dry-run=client -o json",
    "kubectl patch pod/x -p '{}' --dry-run=client -o json | kubectl replace --force -f -",
  ]);
});

/** What a shell hands to kubectl, a line a word, and what stands on its standard input. */
function heard(line: string, shell: string): { words: string[]; input: string } {
  const script = `kubectl() { printf '%s\\0' "$@"; printf '%s\\0' ==; cat; }; ${line}`;
  const output = execFileSync(shell, shell === 'bash' ? ['--norc', '-c', script] : ['-c', script], {
    encoding: 'utf8',
    env: { LC_ALL: 'C.UTF-8' },
    input: '',
  });
  const [words = '', input = ''] = output.split('==\0');
  return { words: words.split('\0').slice(0, -1), input };
}

const NASTY = [
  '-x',
  '--',
  "it's",
  'a b',
  '$(id)',
  '`id`',
  '!!',
  'a\nb',
  '\u001b[2J',
  '\u202e',
  '\\u0041',
  '=ls',
  '~',
  '*',
  ';id',
  '#',
  '&',
  '',
];
for (const name of NASTY)
  test(`a shell hands on the name ${JSON.stringify(name)} as it is`, () => {
    const identity = { user: name, groups: [name, 'system:authenticated'] };
    const request = {
      verb: 'get',
      group: '',
      resource: 'pods',
      subresource: '',
      namespace: name || 'x',
      name: name || 'x',
    };
    const { words } = heard(safeText(canI(identity, request)), 'bash');
    for (const word of [`pods/${name || 'x'}`, name || 'x', `--as=${name}`, `--as-group=${name}`])
      assert.ok(words.includes(word), words.join());
  });

test('a verb that looks like a flag stands behind all flags', () => {
  const request = { verb: '--token=x', group: '', resource: 'pods', subresource: '', namespace: 'x', name: '' };
  const { words } = heard(safeText(canI(identityOf({ kind: 'User', namespace: null, name: 'jane' }), request)), 'bash');
  assert.deepEqual(words.slice(-3), ['--', '--token=x', 'pods']);
});

for (const shell of ['bash', 'sh'])
  test(`an object arrives as it is, by ${shell}`, () => {
    const { words, input } = heard(attackText(changes(['create'], POD)), shell);
    assert.deepEqual(words, ['create', '-f', '-']);
    assert.deepEqual(JSON.parse(input), POD);
  });

test('members of a group need a name to be impersonated by', () =>
  assert.deepEqual(impersonation(identityOf({ kind: 'Group', namespace: null, name: 'ops' })), [
    '--as=anyone',
    '--as-group=ops',
  ]));
