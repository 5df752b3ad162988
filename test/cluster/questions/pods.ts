import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debug } from '../../../src/questions/access/debug.ts';
import { attach, exec, logs, portForward, proxy } from '../../../src/questions/index.ts';
import type { Question } from '../../../src/questions/question.ts';
import type { ObjectsTarget } from '../../../src/questions/targets.ts';
import { caller } from '../../helpers/caller.ts';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import { type Alternatives, anyOf, type Oracle } from '../../helpers/oracle.ts';
import { objects } from '../../helpers/question.ts';
import { agreeOnHolders } from './agree.ts';

interface Case {
  question: Question<ObjectsTarget>;
  target: string;
  /** What lets somebody in, by the id of the finding that says so. */
  ways: Readonly<Record<string, Alternatives>>;
  /** What may let somebody in, if the holder reaches the kubelet's port. */
  maybe?: Alternatives;
}

const on = (verbs: string, what: string, ...names: string[]): Alternatives => {
  const [resource = '', subresource = ''] = what.split('/');
  const namespace = resource === 'nodes' ? '' : 'shop';
  return anyOf(verbs.split(' '), names, { group: '', resource, subresource, namespace });
};
const node = (verbs: string): Alternatives => on(verbs, 'nodes/proxy', 'n1', 'https:n1:10250');
const EVERY_METHOD = 'get create update patch delete';

/** `streaming`: the verbs that open exec, attach and port-forward. */
const cases = (streaming: string): Case[] => [
  {
    ...{ question: portForward, target: 'web-0' },
    ways: { 'pod-port-forward': on(streaming, 'pods/portforward', 'web-0'), 'node-proxy-kubelet': node('create get') },
  },
  {
    ...{ question: exec, target: 'web-0', maybe: on('get', 'nodes/proxy', 'n1') },
    ways: { 'pod-exec': on(streaming, 'pods/exec', 'web-0'), 'node-proxy-kubelet': node('create') },
  },
  {
    ...{ question: attach, target: 'web-0', maybe: on('get', 'nodes/proxy', 'n1') },
    ways: { 'pod-attach': on(streaming, 'pods/attach', 'web-0'), 'node-proxy-kubelet': node('create') },
  },
  {
    question: debug,
    target: 'web-0',
    ways: { 'pod-ephemeral-container': on('patch update', 'pods/ephemeralcontainers', 'web-0') },
  },
  {
    question: logs,
    target: 'web-0',
    ways: { 'pod-log-read': on('get', 'pods/log', 'web-0'), 'node-proxy-kubelet': node('get') },
  },
  {
    // It has no node yet: whoever reaches every kubelet will reach its.
    ...{ question: exec, target: 'idle', maybe: on('get', 'nodes/proxy', 'a-node-to-come') },
    ways: {
      'pod-exec': on(streaming, 'pods/exec', 'idle'),
      'node-proxy-kubelet': on('create', 'nodes/proxy', 'a-node-to-come'),
    },
  },
  {
    ...{ question: proxy, target: 'web-0' },
    ways: {
      'pod-proxy': on(EVERY_METHOD, 'pods/proxy', 'web-0', 'https:web-0:8443'),
      'service-proxy': on(EVERY_METHOD, 'services/proxy', 'web', 'web:80'),
      'node-proxy-kubelet': node('create get'),
    },
  },
  {
    question: proxy,
    target: 'services/web',
    ways: { 'service-proxy': on(EVERY_METHOD, 'services/proxy', 'web', 'web:80') },
  },
  {
    ...{ question: proxy, target: 'nodes/n1' },
    ways: { 'node-proxy-http': on(EVERY_METHOD, 'nodes/proxy', 'n1', 'https:n1:10250', 'n1:8080') },
  },
];

/** Who gets in by each door, against the server's word about everybody. */
export const declarePodQuestions = (plane: ControlPlane, server: Oracle): void =>
  declare(plane, server, cases('create'));

/** Those of the doors alone that opened to other verbs on older servers. */
export const declareOldDoors = (plane: ControlPlane, server: Oracle): void =>
  declare(
    plane,
    server,
    cases('create get').filter(({ question }) => [portForward, exec, attach].includes(question)),
  );

function declare(plane: ControlPlane, server: Oracle, cases: readonly Case[]): void {
  for (const { question, target, ways, maybe } of cases) {
    test(`${question.name} ${target}: whom the server lets in, and nobody else`, async (t) => {
      const { answer } = await caller(t, plane, plane.adminToken);
      const said = await answer(question, objects('shop', target));
      assert.deepEqual(
        said.unknowns.filter(({ kind }) => kind === 'unreadable'),
        [],
      );
      await agreeOnHolders(t, server, said, {
        held: Object.values(ways).flat(),
        maybe: maybe ?? [],
        claims: ({ id }) => [ways[id] ?? assert.fail(`an unexpected way: ${id}`)],
      });
    });
  }
}
