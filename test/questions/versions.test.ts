import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admit } from '../../src/questions/admit/admit.ts';
import { exec, who } from '../../src/questions/index.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import type { Result } from '../../src/questions/question.ts';
import { rawSockets } from '../../src/questions/raw-sockets/raw-sockets.ts';
import type { World } from '../../src/world/world.ts';
import { cluster, user } from '../helpers/cluster.ts';
import { asked, objects, right } from '../helpers/question.ts';

const podKind = { group: '', version: 'v1', resource: 'pods', kind: 'Pod' };
const raw = { metadata: { name: 'a' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
const files = {
  objects: [{ kind: podKind, raw, from: 'f:1' }],
  namespaces: [],
  accounts: [],
  errors: [],
  warnings: [],
};

const questions: Record<string, (world: World) => Result> = {
  exec: (world) => asked(exec, objects('shop', 'web-0'), world),
  who: (world) => asked(who, right('get pods', 'shop'), world),
  pod: (world) => asked(pod, objects('shop', 'web-0'), world),
  privileged: (world) => asked(privileged, { subjects: [user('jane')], pods: null, namespace: null }, world),
  'privileged -n': (world) => asked(privileged, { subjects: [], pods: null, namespace: 'shop' }, world),
  'raw-sockets': (world) => asked(rawSockets, { refs: [], selector: null, namespace: 'shop' }, world),
  admit: (world) => asked(admit, { ...files, namespace: 'shop', given: null, level: null }, world),
  'admit --level': (world) =>
    asked(admit, { ...files, namespace: 'shop', given: null, level: { level: 'baseline', version: 'latest' } }, world),
};
const said = (name: string, facts: Parameters<typeof cluster>[0]): string[] => {
  const world = cluster(facts).namespace('shop').pod('shop', 'web-0').world();
  return questions[name]?.(world).asked.flatMap(({ answer }) => answer.assumptions) ?? [];
};

for (const name of Object.keys(questions)) {
  test(`${name} says that a server is newer, or older, than what is known here`, () => {
    const newer = 'the rules of Kubernetes 1.37, the newest known here, hold for 1.40';
    const older = 'the rules of Kubernetes 1.29, the oldest known here, hold for 1.27';
    assert.ok(said(name, { version: { major: 1, minor: 40 }, gitVersion: 'v1.40.0' }).includes(newer));
    assert.ok(said(name, { version: { major: 1, minor: 27 }, gitVersion: 'v1.27.0' }).includes(older));
    assert.ok(
      !said(name, { version: { major: 1, minor: 37 } }).some((each) => each.startsWith('the rules of Kubernetes')),
    );
  });
  test(`${name} says that what a server calls its version is none`, () => {
    const unknown =
      'v4.16.1 is no version of Kubernetes that is known here: what changed between versions is left open';
    assert.ok(said(name, { version: null, gitVersion: 'v4.16.1' }).includes(unknown));
  });
}
