import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { PodSecurityDefaults } from '../../src/admission/pod-security/cluster-default.ts';
import { podSecurityBy } from '../../src/admission/pod-security/layer.ts';
import { defaultPod } from '../../src/admission/request/defaults/pod.ts';
import type { AdmissionRequest } from '../../src/admission/request/request.ts';
import { validatePod } from '../../src/admission/request/validation/pod.ts';
import type { Raw } from '../../src/world/raw.ts';
import { cluster } from '../helpers/cluster.ts';
import { type Case, generateCases } from '../helpers/pod-security/cases.ts';
import { LABEL_SETS } from '../helpers/pod-security/label-sets.ts';
import { makeNamespaces, must } from '../helpers/pod-security/stage.ts';
import { said } from '../helpers/pod-security/verdict.ts';
import { withControlPlane } from '../helpers/real.ts';

const SERVER = { major: 1, minor: 37 };
/** Among them one that says nothing, and so is under the default. */
const SETS = [...LABEL_SETS.slice(0, 8), { namespace: 'let-pass', labels: LABEL_SETS[2]?.labels ?? {} }];

const DEFAULTS: PodSecurityDefaults = {
  policy: {
    enforce: { level: 'baseline', version: { major: 1, minor: 30 } },
    audit: { level: 'restricted', version: 'latest' },
    warn: { level: 'restricted', version: 'latest' },
  },
  exemptions: { usernames: ['let-pass'], namespaces: ['let-pass'], runtimeClasses: ['let-pass'] },
  ...{ source: 'file', isOff: false, offBecause: null, unknown: null, isOpen: false, assumption: null },
};

const directory = mkdtempSync(join(tmpdir(), 'whocan-escalate-pod-security-'));
after(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'admission.json');
writeFileSync(file, JSON.stringify(configuration(DEFAULTS)));

const options = {
  tokens: ['let-pass', 'jane'].map((user) => ({ token: `token-${user}`, user, groups: ['system:masters'] })),
  extraApiserverArgs: [`--admission-control-config-file=${file}`, '--allow-privileged=false'],
};

await withControlPlane(options, (plane) => {
  test('a default of the cluster, exemptions, and privileged containers switched off: as the API server has it', async (t) => {
    await makeNamespaces(plane, SETS);
    await must(plane, 'POST', '/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name: 'let-pass' }, handler: 'h' });
    const cases = generateCases(5, SERVER, { alone: 8, good: 60, mixed: 150, invalid: 0 }).map((each, index) =>
      varied(each, index),
    );
    const counts: Record<string, number> = {};
    await Promise.all(
      cases.map(async ({ set, pod, user, plan }) => {
        const path = `/api/v1/namespaces/${set.namespace}/pods?dryRun=All`;
        const { status, body } = await plane.request('POST', path, pod, { token: `token-${user}` });
        const theirs = status < 300 ? 'yes' : status === 403 ? 'no' : causes(body as Raw);
        const object = defaultPod(pod, SERVER);
        const problems = validatePod(object, { isNew: true, allowPrivileged: false }).map(said).sort();
        const request: AdmissionRequest = {
          operation: 'CREATE',
          kind: { group: '', version: 'v1', kind: 'Pod' },
          resource: { group: '', version: 'v1', resource: 'pods' },
          ...{
            subresource: '',
            namespace: set.namespace,
            name: '',
            object,
            oldObject: null,
            user: { name: user, groups: [] },
          },
        };
        const world = cluster({ version: SERVER }).namespace(set.namespace, set.labels).world();
        const ours = problems.length > 0 ? problems : podSecurityBy(() => DEFAULTS).admits(request, world).value;
        assert.ok(
          isDeepStrictEqual(ours, theirs),
          `${plan}: we ${ours}, they ${theirs} ${JSON.stringify(body).slice(0, 300)}`,
        );
        const kind = typeof theirs === 'string' ? theirs : 'invalid';
        counts[kind] = (counts[kind] ?? 0) + 1;
      }),
    );
    t.diagnostic(JSON.stringify(counts));
    assert.ok(Object.values(counts).every((count) => count >= 30) && Object.keys(counts).length === 3);
  });
});

/** In one of these namespaces, by somebody who is exempt or not, now and then of an exempt runtime class. */
function varied({ pod, plan }: Case, index: number): Case & { user: string } {
  const set = SETS[index % SETS.length] as (typeof SETS)[number];
  const spec = { ...(pod.spec as Raw), ...(index % 7 === 0 && { runtimeClassName: 'let-pass' }) };
  return { set, plan, pod: { ...pod, spec }, user: index % 5 === 0 ? 'let-pass' : 'jane' };
}

function causes({ details }: Raw): string[] {
  return (details as { causes: { field: string; message: string }[] }).causes.map(said).sort();
}

/** A PodSecurityConfiguration, as kube-apiserver reads it. */
function configuration({ policy, exemptions }: PodSecurityDefaults): object {
  return {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AdmissionConfiguration',
    plugins: [
      {
        name: 'PodSecurity',
        configuration: {
          apiVersion: 'pod-security.admission.config.k8s.io/v1',
          kind: 'PodSecurityConfiguration',
          defaults: {
            ...{ enforce: policy.enforce.level, 'enforce-version': 'v1.30' },
            ...{
              audit: policy.audit.level,
              'audit-version': 'latest',
              warn: policy.warn.level,
              'warn-version': 'latest',
            },
          },
          exemptions,
        },
      },
    ],
  };
}
