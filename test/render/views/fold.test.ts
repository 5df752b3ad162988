import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../../src/answer/answer.ts';
import { foldAnswers } from '../../../src/render/views/fold.ts';
import { answer, check, finding, grant, roleBinding, step } from '../../helpers/answers.ts';

const unknown = (affects: string) => ({ kind: 'unreadable', what: 'nodes', why: '403', affects }) as const;

/** An answer about pod shop/NAME, the same for every name. */
function about(name: string, parts: Partial<Answer> = {}): Answer {
  const ref = { kind: 'Pod', namespace: 'shop', name };
  return answer({
    target: ref,
    summary: `1 subject can port-forward to pod shop/${name}`,
    findings: [
      finding({
        object: { ...ref, container: null },
        evidence: [step([grant()], { gains: ref, command: check(name) })],
      }),
    ],
    unknowns: [unknown(`pod shop/${name}`)],
    ...parts,
  });
}

const throughOwn = (name: string): Answer =>
  about(name, { findings: [finding({ evidence: [step([grant(roleBinding(`${name}-debug`))])] })] });
const limitedTo = (name: string): Answer =>
  about(name, { findings: [finding({ scope: { namespace: 'shop', names: [name] } })] });

const cases: [string, Answer[], number[]][] = [
  ['equal but for the name of the pod', [about('web-0'), about('web-1')], [2]],
  ['order of the first of each', [about('web-0'), about('web-1', { verdict: 'no' }), about('web-2')], [2, 1]],
  ['another verdict', [about('web-0'), about('web-1', { verdict: 'depends' })], [1, 1]],
  ['bindings that are only called alike', [throughOwn('web-0'), throughOwn('web-1')], [1, 1]],
  ['resourceNames that are only alike', [limitedTo('web-0'), limitedTo('web-1')], [1, 1]],
  ['another unknown', [about('web-0'), about('web-1', { unknowns: [] })], [1, 1]],
  [
    'another namespace',
    [about('web-0'), { ...about('web-0'), target: { kind: 'Pod', namespace: 'other', name: 'web-0' } }],
    [1, 1],
  ],
  ['a name that is part of another word', [about('a', { summary: 'xa' }), about('b', { summary: 'xb' })], [1, 1]],
  ['no target at all', [answer({ target: null }), answer({ target: null, verdict: 'no' })], [1, 1]],
];
for (const [why, answers, expected] of cases) {
  test(`folds ${expected.join(' + ')}: ${why}`, () =>
    assert.deepEqual(
      foldAnswers(answers, true).map((group) => group.length),
      expected,
    ));
}
