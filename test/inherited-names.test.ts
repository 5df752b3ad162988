import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podUsage } from '../src/admission/built-in/quota/usage.ts';
import { avoiding, meeting } from '../src/admission/exempt-labels.ts';
import { MergeError, merged } from '../src/admission/mutation/merge.ts';
import { ownValue } from '../src/answer/own-value.ts';
import { differenceOf } from '../src/cluster/live/identity-check.ts';
import { whyDead } from '../src/questions/pod/dead-part.ts';
import { isUsedVerb, unservedNote } from '../src/questions/who/verbs.ts';
import type { LabelSelector } from '../src/world/objects.ts';
import { reduceVolumes } from '../src/world/reduce/volumes.ts';
import { matchesSelector } from '../src/world/selectors.ts';
import { main } from './helpers/run-main.ts';
import { worldOf } from './helpers/world-of.ts';

/*
 * What users and clusters call things may be what every JavaScript object inherits something by. A table that is looked
 * up by such a name without care has an entry for each of them, and a map that is filled with care for none.
 */
const INHERITED = [
  'constructor',
  '__proto__',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  '__defineGetter__',
];

for (const name of INHERITED) {
  const record = (value: unknown): Record<string, unknown> =>
    JSON.parse(JSON.stringify({ X: value }).replace('X', name));

  test(`a record has ${name} where it has it itself`, () => {
    assert.equal(ownValue({}, name), undefined);
    assert.equal(ownValue(record(1), name), 1);
  });

  for (const operator of ['Exists', 'In'])
    test(`labels can be made to meet a selector that wants the label ${name} (${operator}), and to avoid it`, () => {
      const selector: LabelSelector = {
        matchLabels: {},
        matchExpressions: [{ key: name, operator, values: operator === 'In' ? ['b'] : [] }],
      };
      const change = meeting(selector, {});
      assert.ok(change && Object.hasOwn(change, name));
      assert.ok(matchesSelector(selector, { ...(change as Record<string, string>) }));
      assert.deepEqual(Object.keys(avoiding(selector) ?? {}), [name]);
    });

  test(`a pod has no volume of the type ${name}`, () =>
    assert.deepEqual(
      reduceVolumes(
        {
          volumes: [
            { name: 'x', ...record({}) },
            { name: 'y', hostPath: { path: '/' } },
          ],
        },
        'p',
      ).map((each) => each.name),
      ['y'],
    ));

  test(`a pod asks for nothing of ${name}`, () => {
    const pod = { spec: { overhead: {}, containers: [{ name: 'a', resources: { requests: {}, limits: {} } }] } };
    assert.deepEqual([...podUsage(pod, [`requests.${name}`, 'requests.cpu'])], []);
  });

  test(`what is applied has no field ${name}, and what is free may have it`, () => {
    const shape = { fields: { spec: { fields: { a: 'any' } } } } as const;
    assert.throws(() => merged({ spec: {} }, { spec: record({ b: 1 }) }, shape), MergeError);
    assert.deepEqual(merged({ spec: { a: record({ b: 1 }) } }, { spec: { a: { c: 2 } } }, shape), {
      spec: { a: { ...record({ b: 1 }), c: 2 } },
    });
  });

  test(`a proxy that drops the extra ${name} is found out`, () => {
    const seen = { name: 'jane', groups: [], uid: '', extra: {} };
    assert.match(
      differenceOf({ user: 'jane', extra: record(['x']) as Record<string, string[]> }, seen) ?? '',
      new RegExp(`without the extra "${name}"`),
    );
    assert.equal(differenceOf({ user: 'jane', extra: {} }, seen), null);
  });

  test(`pods/${name} is no subresource that has verbs`, () => {
    const pods = { group: '', resource: 'pods', verbs: ['get'], subresources: { log: ['get'] } };
    assert.deepEqual([isUsedVerb('x', pods, name), unservedNote('get', pods, name)], [false, '']);
    assert.equal(whyDead({ verb: 'get', group: '', resource: `pods/${name}` }, false, [], worldOf([])), null);
  });

  const lines = [
    `who get pods --subresource=${name} -A`,
    `who * * --subresource=${name} -A`,
    `who get pods/${name} -A`,
    `who get ${name} -A`,
    `who get ${name}.${name} -A`,
    `who ${name} pods -A`,
    `who ${name} ${name} -A`,
    `who ${name} /${name}`,
    `pod ${name} -n shop`,
    `exec ${name}/${name} -n shop`,
    `exec web-0 -n ${name}`,
    `privileged sa/${name} -n ci`,
    `privileged user/${name} --subject-group ${name}`,
    `raw-sockets -A -l ${name}=${name}`,
    `raw-sockets -A -l ${name}`,
    `exec web-0 -n shop -o ${name}`,
    `exec web-0 -n shop --${name}`,
    name,
  ];
  for (const line of lines)
    test(`${line} is answered, or refused in words that are ours`, async () => {
      const { code, stderr } = await main(`${line}${line === name ? '' : ' --demo'}`);
      assert.doesNotMatch(stderr, /internal error|is not a function|undefined|native code/);
      assert.ok([0, 1, 2].includes(code), `${code}`);
    });
}
