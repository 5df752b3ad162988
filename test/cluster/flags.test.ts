import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import { PROBES } from '../../src/spawn/probes/probes.ts';
import type { Raw } from '../../src/world/raw.ts';
import { caller } from '../helpers/caller.ts';
import { allow, user } from '../helpers/cluster.ts';
import { type ControlPlane, startControlPlane } from '../helpers/control-plane.ts';
import { load } from '../helpers/load.ts';
import { skipReason, waitForServiceAccount } from '../helpers/real.ts';
import { seen } from '../helpers/staging.ts';

/** What the API server's own flags, which it shows at /flagz, mean for whoever may create pods. */
const skip = await skipReason();

const config = join(tmpdir(), `whocan-escalate-admission-${process.pid}.json`);
writeFileSync(
  config,
  JSON.stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AdmissionConfiguration', plugins: [] }),
);

type Row = [
  why: string,
  flags: string[],
  emulatedVersion: string | null,
  labels: Record<string, string>,
  verdict: string,
  leaning: string | null,
];

const BASELINE = { 'pod-security.kubernetes.io/enforce': 'baseline' };
const rows: Row[] = [
  ['Pod Security is switched off', ['--disable-admission-plugins=PodSecurity'], null, BASELINE, 'yes', null],
  [
    'a configuration file that nobody can read: whoever is exempt there passes',
    [`--admission-control-config-file=${config}`],
    null,
    BASELINE,
    'depends',
    'no',
  ],
  ['the same where labels say nothing', [`--admission-control-config-file=${config}`], null, {}, 'depends', 'yes'],
  [
    'before 1.36 the flags are not shown, and upstream’s are assumed',
    ['--disable-admission-plugins=PodSecurity'],
    '1.34',
    BASELINE,
    'no',
    null,
  ],
];
for (const [why, extraApiserverArgs, emulatedVersion, labels, verdict, leaning] of rows)
  test(why, { skip }, async (t) => {
    const plane = await startControlPlane({
      ...{ extraApiserverArgs, tokens: [{ token: 'token-jane', user: 'jane' }] },
      ...(emulatedVersion ? { emulatedVersion } : {}),
    });
    t.after(() => plane.stop());
    await stage(plane, labels);
    const { answer } = await caller(t, plane, plane.adminToken);
    const said = await answer(privileged, { subjects: [user('jane')], pods: null, namespace: null });
    assert.deepEqual([said.verdict, said.leaning], [verdict, leaning]);
    const pod = { ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }, spec: PROBES[0]?.specs[0] };
    const { status } = await plane.request('POST', '/api/v1/namespaces/ci/pods?dryRun=All', pod, {
      token: 'token-jane',
    });
    if (verdict === 'yes') assert.equal(status, 201);
  });

async function stage(plane: ControlPlane, labels: Record<string, string>): Promise<void> {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' };
  const objects: Raw[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ci', labels } },
    { apiVersion, kind: 'Role', metadata: { name: 'r', namespace: 'ci' }, rules: [allow('create', 'pods')] },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { name: 'r', namespace: 'ci' },
      roleRef,
      subjects: [{ kind: 'User', name: 'jane', apiGroup: roleRef.apiGroup }],
    },
  ];
  await load(plane, objects);
  await waitForServiceAccount(plane, 'ci');
  await seen(plane, 'flags', 'ci');
}

after(() => rmSync(config, { force: true }));
