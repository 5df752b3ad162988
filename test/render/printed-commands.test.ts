import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { options } from '../helpers/answers.ts';
import { type Class, classesOf, classOf, commandsOn } from '../helpers/printed-commands.ts';
import { render } from '../helpers/rendered.ts';
import { main } from '../helpers/run-main.ts';
import { RAW_SOCKETS_STORIES } from './raw-sockets-stories.ts';
import { SPAWN_STORIES } from './spawn-stories.ts';
import { STORIES } from './stories.ts';

/** Each is judged once, those of a screen by one shell. */
const judged = new Map<string, Class>();
function judgeAll(commands: readonly string[]): void {
  const lines = [...new Set(commands)].filter((line) => !judged.has(line));
  if (lines.length === 0) return;
  for (const [index, found] of classesOf(lines).entries()) judged.set(lines[index] ?? '', found);
}

function judge(line: string): Class {
  judgeAll([line]);
  return judged.get(line) ?? 'harm';
}

/** Nothing that changes anything stands outside of a fix. */
function assertSafe(screen: string): number {
  const commands = commandsOn(screen);
  judgeAll(commands);
  for (const command of commands) {
    const found = judge(command);
    assert.notEqual(found, 'harm', command);
    if (found === 'fix') assert.match(screen.slice(0, screen.indexOf(command)), /^.*Fix|^ *fix:/ms, command);
  }
  return commands.length;
}

describe('what is not on the list of what is allowed is harm', () => {
  const cases: [string, Class][] = [
    ['kubectl get pod x -n y -o json', 'reads'],
    ['kubectl auth can-i create pods --as=jane && kubectl auth can-i list pods --as=jane', 'reads'],
    ["printf %s '{}' | kubectl create --dry-run=server --as=jane -f -", 'dry-run'],
    ["printf %s '{}' | kubectl create --dry-run=server -f -", 'harm'],
    ["printf %s '{}' | kubectl create --dry-run=client --as=jane -f -", 'harm'],
    ["printf %s '{}' | kubectl apply --server-side -f -", 'harm'],
    ["printf %s '{}' | kubectl create --raw /api --dry-run=server --as=jane -f -", 'harm'],
    ['kubectl create token x --dry-run=server --as=jane', 'harm'],
    ['kubectl get --raw /api/v1/namespaces/a/pods/b/proxy/', 'harm'],
    ['kubectl label --dry-run=server --overwrite namespace/x a=b', 'dry-run'],
    ['kubectl label --overwrite namespace/x a=b', 'fix'],
    ['kubectl label --overwrite namespace/x a=--dry-run=server', 'fix'],
    ['kubectl get pods && kubectl delete pod/x', 'harm'],
    ['kubectl exec -it pod/x -- sh', 'harm'],
    ['kubectl delete pod/x --dry-run=server --as=jane', 'harm'],
    ['kubectl edit x', 'harm'],
    ["kubectl get pod x -o 'json", 'harm'],
    ['kubectl get pod x; (', 'harm'],
    ['kubectl get pod x; }', 'harm'],
    ['kubectl get pod x\n(', 'harm'],
    ['kubectl get pod x\n}; {', 'harm'],
    ['kubectl get pod x; ) ; ( kubectl get pod y', 'harm'],
    ['kubectl get pod x; } ; { kubectl get pod y;', 'harm'],
    ['kubectl get pod x # }', 'reads'],
  ];
  for (const [line, expected] of cases) test(`${line}: ${expected}`, () => assert.equal(classOf(line), expected));
});

test('screens of stories', () => {
  const folder = new URL('../golden/', import.meta.url);
  const found = readdirSync(folder).map((name) =>
    assertSafe(readFileSync(new URL(name, folder), 'utf8').replace(/^ *command: /gm, '')),
  );
  assert.ok(found.reduce((sum, each) => sum + each, 0) > 60);
});

test('stories, as trees and as documents', () => {
  for (const { answers } of [...STORIES, ...SPAWN_STORIES, ...RAW_SOCKETS_STORIES])
    for (const width of [80, Number.POSITIVE_INFINITY])
      assertSafe(render(answers, options({ explain: true, showSystem: true, width })));
});

const DEMO = [
  'pod web-0 -n shop',
  'port-forward web-0 -n shop',
  'exec -n shop web-0',
  'attach web-0 -n shop',
  'debug web-0 -n shop',
  'logs web-0 -n shop',
  'proxy web-0 -n shop',
  'proxy node/worker-1',
  'privileged -A',
  'privileged sa/deployer -n ci',
  'privileged sa/builder -n ci',
  'privileged user/jane',
  'privileged user/priya',
  'raw-sockets -A',
  'raw-sockets web-0 -n shop',
  'raw-sockets deployment/checkout -n shop',
  'who create pods/exec -A',
  'who get /metrics',
];

describe('the demo', () => {
  for (const question of DEMO)
    test(question, async () => {
      for (const flags of ['--explain', '-o wide', ''])
        for (const terminal of [undefined, { columns: 80 }]) {
          const { stdout, stderr, code } = await main(`${question} --demo ${flags}`.trim(), terminal);
          assert.equal(code, 0, stderr);
          assertSafe(stdout + stderr);
        }
      const { stdout } = await main(`${question} --demo -o json`);
      JSON.parse(stdout, (key, value: unknown) => {
        assert.notEqual(key, 'attack');
        if (key === 'command' && typeof value === 'string') assert.match(judge(value), /^(reads|dry-run)$/, value);
        if (key === 'fix') assertFix(value as string[]);
        return value;
      });
    });
});

/** Each change is tried first. */
function assertFix(lines: readonly string[]): void {
  assert.equal(lines.length % 2, 0);
  for (const [index, line] of lines.entries())
    assert.match(judge(line), index % 2 === 0 ? /^(dry-run|reads)$/ : /^fix$/, line);
}

describe('--show-attack', () => {
  for (const question of [
    'privileged -A',
    'privileged sa/deployer -n ci',
    'exec web-0 -n shop',
    'pod web-0 -n shop',
    'proxy node/worker-1',
  ])
    test(`${question}: each attack stands below a line that says so, for whom and where`, async () => {
      const { stdout } = await main(`${question} --demo --show-attack`);
      const lines = stdout.split('\n');
      let found = 0;
      for (const [index, line] of lines.entries()) {
        const isHarm = commandsOn(line).some((command) => judge(command) === 'harm');
        if (!isHarm) continue;
        found += 1;
        assert.match(lines[index - 1] ?? '', /ATTACK.* as \S+ in the cluster of context demo/, line);
      }
      assert.ok(found > 0, 'there is one');
      const { stdout: json } = await main(`${question} --demo --show-attack -o json`);
      assert.match(json, /"attack": "/);
    });

  test('questions without an attack do not take it', async () => {
    for (const question of ['who get pods', 'raw-sockets', 'admit -f x']) {
      const { code, stderr } = await main(`${question} --demo --show-attack`);
      assert.deepEqual([code, /unknown flag: --show-attack/.test(stderr)], [2, true], stderr);
    }
  });
});
