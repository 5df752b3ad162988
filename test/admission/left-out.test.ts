import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { isMatched, MatchSubject } from '../../src/admission/engines/kyverno/match.ts';
import type { validate } from '../../src/admission/engines/kyverno/validate.ts';
import type { expression } from '../../src/cel/expression.ts';
import type { CelUnknown } from '../../src/cel/values.ts';
import type { viewOf } from '../../src/cel/views.ts';
import { kept } from '../../src/world/kept/index.ts';
import { WHY_LEFT_OUT } from '../../src/world/kept/left-out.ts';
import type { Raw } from '../../src/world/raw.ts';
import { importMutant, mistakes } from '../helpers/mutate.ts';
import { EXPRESSIONS, VALIDATIONS } from '../input/judged-clusters.ts';

/** Pods that differ in what a snapshot leaves out, and in whether it is there. */
const PODS: readonly Raw[] = ['insecure', 'safe', ''].flatMap((mode) => [
  { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'registry.example/app:1' }] } },
  {
    metadata: { name: 'p', annotations: { mode } },
    spec: {
      newField: mode,
      hostPID: mode === 'safe',
      volumes: [{ name: 'v', csi: { driver: 'd', volumeAttributes: { mode } } }],
      containers: [
        {
          ...{ name: 'c', image: 'docker.io/app', command: [mode === 'safe' ? 'app' : 'sh'], args: [`--${mode}`] },
          ...{ env: [{ name: 'MODE', value: mode }], livenessProbe: { httpGet: { port: 1, path: `/${mode}` } } },
        },
      ],
    },
  },
]);

interface Engine {
  expression: typeof expression;
  viewOf: typeof viewOf;
  validate: typeof validate;
  isMatched: typeof isMatched;
}

const SRC = join(import.meta.dirname, '../../src');
const ENTRIES = [
  'cel/expression.ts',
  'cel/views.ts',
  'admission/engines/kyverno/validate.ts',
  'admission/engines/kyverno/match.ts',
];

/** Of all values of expressions, `null` where one is not known for what was left out. */
function celValue(engine: Engine, source: string, raw: Raw): unknown {
  const object = engine.viewOf(raw, () => undefined);
  const value = engine
    .expression(source)
    .evaluate((name) =>
      name === 'object' ? object : name === 'oldObject' ? engine.viewOf({}, () => undefined) : undefined,
    );
  const { unknowns } = Object(value) as Partial<CelUnknown>;
  if (unknowns === undefined)
    return typeof value === 'boolean' ? value : `error ${(value as { message: string }).message}`;
  assert.ok(
    unknowns.some(({ why }) => why === WHY_LEFT_OUT),
    JSON.stringify(unknowns),
  );
  return null;
}

function outcomeOf(engine: Engine, rule: Raw, raw: Raw): unknown {
  try {
    return engine.validate(rule, raw, { request: { object: raw } }).status;
  } catch (error) {
    assert.match((error as Error).message, new RegExp(WHY_LEFT_OUT));
    return null;
  }
}

function matchOf(engine: Engine, pattern: string, object: Raw): unknown {
  const subject = {
    request: { operation: 'CREATE', subresource: '', kind: { kind: 'Pod' } },
    object,
    kind: { group: '', version: 'v1', kind: 'Pod' },
    user: null,
  } as unknown as MatchSubject;
  return (
    engine.isMatched({ match: { resources: { kinds: ['Pod'], annotations: { mode: pattern } } } }, subject) ?? null
  );
}

const withoutCel = VALIDATIONS.filter((each) => !('podSecurity' in each || 'cel' in each)) as Raw[];

/** What an engine says of whole pods, and of what a snapshot keeps of them. Throws where it says something else. */
function examine(engine: Engine): { same: number; left: number } {
  const count = { same: 0, left: 0 };
  const compare = (live: unknown, stored: unknown, what: string): void => {
    if (stored === null) count.left += 1;
    else {
      assert.equal(stored, live, what);
      count.same += 1;
    }
  };
  for (const raw of PODS) {
    const stored = kept({ group: '', kind: 'Pod' }, raw);
    for (const source of EXPRESSIONS)
      compare(celValue(engine, source, raw), celValue(engine, source, stored), `${source} of ${JSON.stringify(raw)}`);
    for (const rule of withoutCel)
      compare(
        outcomeOf(engine, rule, raw),
        outcomeOf(engine, rule, stored),
        `${JSON.stringify(rule)} of ${JSON.stringify(raw)}`,
      );
    for (const pattern of ['in*', '*', 'safe'])
      compare(matchOf(engine, pattern, raw), matchOf(engine, pattern, stored), pattern);
  }
  return count;
}

const engine: Engine = Object.assign({}, ...(await Promise.all(ENTRIES.map((entry) => import(join(SRC, entry))))));

test('what is kept of a pod is judged as the pod is, or not at all', () => {
  const { same, left } = examine(engine);
  assert.ok(same >= 100 && left >= 50, `${same} the same, ${left} left out`);
});

const mutations = [
  ...mistakes('cel/views.ts', [['a value that is left out is a text', 'if (isLeftOut(raw)) {', 'if (raw === 0) {']]),
  ...mistakes('cel/compare.ts', [
    ['an unknown within a map is another value', 'if (each instanceof CelUnknown) throw new Undecided(each);', ';'],
  ]),
  ...mistakes('cel/expression.ts', [
    ['what is undecided is thrown', 'if (error instanceof Undecided) return error.unknown;', ''],
  ]),
  ...mistakes('admission/engines/kyverno/pattern/match-pattern.ts', [
    ['patterns look at what is left out', 'if (isLeftOut(resource)) throw leftOut(fieldOf(path));', ''],
  ]),
  ...mistakes('admission/engines/kyverno/conditions.ts', [
    ['conditions compare what is left out', 'if (holdsLeftOut([key, value]))', 'if (key === 0)'],
  ]),
  ...mistakes('admission/engines/kyverno/jmespath/evaluate.ts', [
    ['expressions compare what is left out', 'if (holdsLeftOut([left, right]))', 'if (left === Number.NaN)'],
    ['functions look at what is left out', '!BY_SHAPE.has(name) && holdsLeftOut(args)', 'BY_SHAPE.size === 0'],
  ]),
  ...mistakes('admission/engines/kyverno/match.ts', [
    [
      'an annotation that is left out does not match',
      '? undefined : false;\n}\n\n/** Whether a rule',
      '? false : false;\n}\n\n/** Whether a rule',
    ],
  ]),
];
for (const mutation of mutations)
  test(`${mutation.name}: is noticed`, async () => {
    const mutant = await importMutant<Engine>(SRC, ENTRIES, mutation);
    assert.throws(() => examine(mutant));
  });
