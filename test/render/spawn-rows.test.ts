import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../src/answer/answer.ts';
import type { SpawnFacts } from '../../src/answer/facts/privileged.ts';
import { answer, finding, options } from '../helpers/answers.ts';
import { account, user } from '../helpers/cluster.ts';
import { render } from '../helpers/rendered.ts';

const MESH = 'webhook sidecar.istio.io (MutatingWebhookConfiguration istio)';
const jane = { ...user('jane'), members: null };
const deployer = { ...account('ci', 'deployer'), members: null };
const places = (count: number, start = 'mesh'): string[] =>
  Array.from({ length: count }, (_, index) => `${start}-${index}`);

/** A way of somebody in these namespaces, null for what is a matter of none. */
function way(namespaces: string[] | null, facts: Partial<SpawnFacts> = {}, parts: Partial<Finding> = {}): Finding {
  const spawn = {
    strongest: 'node root',
    maybe: null,
    namespaces,
    escapes: [],
    refusals: [],
    accounts: { count: 0, powerful: [] },
    ...facts,
  };
  return finding({
    id: 'pod-create',
    subject: jane,
    object: { kind: 'Pod', namespace: null, name: '', container: null },
    spawn,
    ...parts,
  });
}
const open = (namespaces: string[] | null, what = MESH, parts: Partial<Finding> = {}): Finding =>
  way(
    namespaces,
    { strongest: null, maybe: 'node root' },
    {
      verdict: 'depends',
      leaning: 'yes',
      unknowns: [{ kind: 'opaque', what, why: 'it may refuse', affects: 'whether it is admitted' }],
      ...parts,
    },
  );

function screen(findings: readonly Finding[], target: 'one' | 'everybody' = 'everybody'): string[] {
  const about = target === 'one' ? { kind: 'User', namespace: null, name: 'jane' } : null;
  const text = render(
    [
      answer({
        question: 'privileged',
        target: about,
        scope: { namespace: null, selector: null },
        findings: [...findings],
      }),
    ],
    {
      ...options(),
      width: 200,
    },
  );
  return text.split('\n').map((line) => line.replaceAll(/ {2,}/g, '  ').trim());
}

const rowsOf = (lines: readonly string[]): string[] =>
  lines.filter((line) => /jane|deployer/.test(line) && line.includes('  '));

const cases: [why: string, findings: Finding[], rows: RegExp[], more: RegExp[]][] = [
  [
    'sure and open namespaces stand in one row',
    [way(['ci']), open(places(24))],
    [/jane.* ci \(\+24 depend\)/],
    [/^24 more namespaces depend on webhook sidecar/],
  ],
  [
    'whichever comes first',
    [open(places(2)), way(['ci'])],
    [/jane.* ci \(\+2 depend\)/],
    [/^2 more namespaces depend on/],
  ],
  [
    'one namespace is singular',
    [way(['ci']), open(['mesh'])],
    [/jane.* ci \(\+1 depend\)/],
    [/^1 more namespace depends on/],
  ],
  [
    'where it is sure by another way, it does not depend',
    [way(['ci', 'mesh-0']), open(['mesh-0', 'mesh-1'])],
    [/ci,mesh-0 \(\+1 depend\)/],
    [/^1 more namespace depends on/],
  ],
  [
    'where all of it is sure, nothing is said',
    [way(['ci']), open(['ci'])],
    [/jane {2}pod-create {2}node root {2}ci {2}/],
    [],
  ],
  ['what depends everywhere has its own verdict', [open(places(2))], [/jane.*probably {2}mesh-0,mesh-1 {2}/], []],
  [
    'a weaker pod elsewhere is counted',
    [way(['ci']), way(['dev'], { strongest: 'host namespaces only' })],
    [/node root {2}ci \(\+1 weaker\)/],
    [],
  ],
  [
    'and not where the stronger one is',
    [way(['ci']), way(['ci'], { strongest: 'host namespaces only' })],
    [/node root {2}ci {2}/],
    [],
  ],
  [
    'all three',
    [way(['ci']), way(['dev'], { strongest: 'host namespaces only' }), open(places(3))],
    [/node root {2}ci \(\+1 weaker, \+3 depend\)/],
    [/^3 more namespaces/],
  ],
  [
    'a sure weaker pod comes before an open stronger one',
    [open(['a']), way(['b'], { strongest: 'host namespaces only' })],
    [/host namespaces only {2}b \(\+1 depend\)/],
    [/^1 more namespace/],
  ],
  ['a matter of no namespace', [way(null), open(places(2))], [/<cluster> \(\+2 depend\)/], [/^2 more namespaces/]],
  [
    'each subject once, and namespaces of all of them once',
    [
      way(['ci']),
      open(places(2)),
      way(['ci'], {}, { subject: deployer }),
      open(places(2), MESH, { subject: deployer }),
    ],
    [/jane.*ci \(\+2 depend\)/, /deployer.*ci \(\+2 depend\)/],
    [/^2 more namespaces depend on/],
  ],
  [
    'what depends on different things is told apart',
    [
      way(['ci']),
      open(places(2)),
      way(['ci'], {}, { subject: deployer }),
      open(['x'], 'webhook images', { subject: deployer }),
    ],
    [/jane/, /deployer/],
    [/^2 more namespaces depend on webhook sidecar/, /^1 more namespace depends on webhook images/],
  ],
];
for (const [why, findings, rows, more] of cases)
  test(`everybody: ${why}`, () => {
    const lines = screen(findings);
    const shown = rowsOf(lines);
    assert.equal(shown.length, rows.length, lines.join('\n'));
    for (const [index, row] of rows.entries()) assert.match(shown[index] ?? '', row);
    const told = lines.filter((line) => /more namespaces? depend/.test(line));
    assert.equal(told.length, more.length, lines.join('\n'));
    for (const [index, line] of more.entries()) assert.match(told[index] ?? '', line);
  });

test('of one subject each way is a row, with the places where it is open', () => {
  const other = { id: 'workload-create' };
  const lines = screen([way(['ci']), open(places(2)), way(['ci'], {}, other), open(places(2), MESH, other)], 'one');
  const rows = lines.filter((line) => /^(pod|workload)-create/.test(line));
  assert.deepEqual(
    rows.map((line) => line.split('  ').slice(0, 3)),
    [
      ['pod-create', 'node root', 'ci (+2 depend)'],
      ['workload-create', 'node root', 'ci (+2 depend)'],
    ],
  );
});

test('wide output tells every finding apart', () => {
  const text = render([answer({ question: 'privileged', target: null, findings: [way(['ci']), open(places(2))] })], {
    ...options({ output: 'wide' }),
    width: 300,
  });
  assert.equal(text.split('\n').filter((line) => line.includes('jane')).length, 2);
});
