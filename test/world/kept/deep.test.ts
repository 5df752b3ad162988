import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kept } from '../../../src/world/kept/index.ts';
import { Malformed, type Raw } from '../../../src/world/raw.ts';
import { reduceManifest } from '../../../src/world/reduce/manifest.ts';

const KINDS: [kind: string, group: string][] = [
  ['ValidatingWebhookConfiguration', 'admissionregistration.k8s.io'],
  ['ValidatingAdmissionPolicy', 'admissionregistration.k8s.io'],
  ['ClusterPolicy', 'kyverno.io'],
  ['K8sX', 'constraints.gatekeeper.sh'],
  ['SecurityContextConstraints', 'security.openshift.io'],
  ['CustomResourceDefinition', 'apiextensions.k8s.io'],
  ['Role', 'rbac.authorization.k8s.io'],
  ['Pod', ''],
  ['ResourceQuota', ''],
  ['Namespace', ''],
  ['PersistentVolume', ''],
  ['Widget', 'example.com'],
];
const nested = (open: string, close: string): unknown => JSON.parse(`${open.repeat(12_000)}1${close.repeat(12_000)}`);
const VALUES: unknown[] = [nested('[', ']'), nested('{"a":', '}'), [nested('{"a":', '}')], nested('[{"a":', '}]')];

/**
 * Whatever nests for ever is kept of what is read and of what a snapshot has alike: nothing falls over, and what is too
 * deep stays so.
 */
for (const [kind, group] of KINDS)
  test(`${kind}: fields that are nested for ever`, () => {
    for (const value of VALUES)
      for (const field of ['spec', 'webhooks', 'rules', 'users', 'status', 'data']) {
        const raw: Raw = { metadata: { name: 'x' }, [field]: value };
        const read = whyNot(raw, kind, group);
        const stored: unknown = JSON.parse(JSON.stringify(kept({ group, kind }, raw, new Set(['spec', 'a']))));
        assert.ok(read === null || read.includes('levels deep'), `${field}: ${read}`);
        if (group.includes('.'))
          assert.equal(whyNot(stored as Raw, kind, group) === null || read !== null, true, field);
      }
  });

function whyNot(raw: Raw, kind: string, group: string): string | null {
  try {
    reduceManifest(raw, { group, version: 'v1', kind, resource: 'x', namespaced: false, pageSize: 1 });
    return null;
  } catch (error) {
    assert.ok(error instanceof Malformed, String(error));
    return error.message;
  }
}
