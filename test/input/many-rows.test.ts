import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../helpers/run-main.ts';
import { place } from './inputs.ts';

/** More rows than the stack holds arguments: some 120,000. */
const MANY = 160_000;
const RBAC = 'rbac.authorization.k8s.io';
const line = (object: object): string => `${JSON.stringify(object)}\n`;
const user = (index: number) => ({ kind: 'User', apiGroup: RBAC, name: `u${index}` });

test(`${MANY} holders of a right are ${MANY} rows`, async () => {
  const folder = place({
    'many.jsonl': [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } },
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'ClusterRole',
        metadata: { name: 'r' },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
      },
      {
        ...{
          apiVersion: `${RBAC}/v1`,
          kind: 'ClusterRoleBinding',
          metadata: { name: 'b' },
          roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'r' },
        },
        subjects: Array.from({ length: MANY }, (_, index) => user(index)),
      },
    ]
      .map(line)
      .join(''),
  });
  const { code, stdout, stderr } = await main(`who get pods -n x -o name --input ${join(folder, 'many.jsonl')}`);
  assert.deepEqual([code, stderr], [0, '']);
  assert.ok(stdout.trimEnd().split('\n').length >= MANY);
});
