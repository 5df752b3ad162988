import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, type Source } from '../../src/questions/ask.ts';
import type { Question } from '../../src/questions/question.ts';
import { list, needKey } from '../../src/world/needs.ts';
import { OPTIONS } from '../helpers/question.ts';
import { worldOf } from '../helpers/world-of.ts';

const NAMESPACES: Question<string> = {
  name: 'namespaces',
  discovery: (target) => target === 'discovery',
  needs: () => [list('namespaces')],
  answer: (_target, world) => ({ asked: [], errors: [], warnings: [String(world.facts.gitVersion)] }),
};

/** A source that writes down what it is asked, in order. */
function recorded(): { source: Source; calls: string[] } {
  const calls: string[] = [];
  const source: Source = {
    async facts(discovery) {
      calls.push('facts');
      calls.push(`discovery: ${await discovery}`);
      return { ...worldOf([]).facts, gitVersion: 'v1.37.2' };
    },
    async read(needs, world) {
      calls.push(...needs.map(needKey));
      for (const need of needs) world.add(need, { read: true }, []);
    },
  };
  return { source, calls };
}

test('the facts are asked for while the question is loaded', async () => {
  const { source, calls } = recorded();
  const { promise, resolve } = Promise.withResolvers<Question<string>>();
  const asking = ask(promise, 'discovery', source, OPTIONS);
  assert.deepEqual(calls, ['facts']);
  resolve(NAMESPACES);
  assert.deepEqual((await asking).warnings, ['v1.37.2']);
  assert.deepEqual(calls.toSorted(), [needKey(list('namespaces')), 'discovery: true', 'facts'].toSorted());
});

test('a question that cannot be loaded is an error', async () => {
  await assert.rejects(ask(Promise.reject(new Error('broken')), '', recorded().source, OPTIONS), /broken/);
});

test('a source that has no server is an error, whatever else fails', async () => {
  const facts = () => Promise.reject(new Error('no server'));
  const read = () => Promise.reject(new Error('nor lists'));
  await assert.rejects(ask(NAMESPACES, '', { facts, read }, OPTIONS), /no server/);
});
