import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluatePod } from '../../src/admission/pod-security/evaluate.ts';
import { podSecurity } from '../../src/admission/pod-security/layer.ts';
import { warnings } from '../../src/admission/pod-security/warnings.ts';
import { defaultPod } from '../../src/admission/request/defaults/pod.ts';
import type { AdmissionRequest } from '../../src/admission/request/request.ts';
import { validatePod } from '../../src/admission/request/validation/pod.ts';
import { isRaw, Malformed, type Raw } from '../../src/world/raw.ts';
import { cluster } from '../helpers/cluster.ts';
import { generateCases } from '../helpers/pod-security/cases.ts';
import { shrinkObject } from '../helpers/pod-security/shrink.ts';

const SERVER = { major: 1, minor: 37 };
const PODS = generateCases(9, SERVER, { alone: 3, good: 40, mixed: 20, invalid: 1 }).map(({ pod }) => pod);

/** A pod in which something has become something else. */
const spoiled = fc
  .tuple(
    fc.constantFrom(...PODS),
    fc.array(fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 2 })), { minLength: 1, maxLength: 3 }),
  )
  .map(([pod, changes]) => changes.reduce((object, [at, value]) => replaced(object, at, value), pod));

test('objects of any shape are judged or malformed, and stay as they are', () => {
  fc.assert(
    fc.property(fc.oneof(spoiled, fc.object({ maxDepth: 4 })), (object: Raw) => {
      const before = JSON.stringify(object);
      for (const run of [
        () => defaultPod(object),
        () => evaluatePod(object, 'restricted', 'latest', SERVER),
        () => validatePod(defaultPod(object), { isNew: true, allowPrivileged: false }),
      ]) {
        try {
          run();
        } catch (error) {
          assert.ok(error instanceof Malformed, String(error));
        }
      }
      assert.equal(JSON.stringify(object), before);
    }),
    { numRuns: 2_000 },
  );
});

test('the layer never throws', () => {
  const world = cluster().namespace('shop', { 'pod-security.kubernetes.io/enforce': 'restricted' }).world();
  fc.assert(
    fc.property(spoiled, spoiled, (object, oldObject) => {
      const resource = { group: '', version: 'v1', resource: 'pods' };
      const common = {
        kind: { ...resource, kind: 'Pod' },
        resource,
        subresource: '',
        namespace: 'shop',
        name: '',
        object,
        user: { name: null, groups: [] },
      };
      const requests: AdmissionRequest[] = [
        { ...common, operation: 'CREATE', oldObject: null },
        { ...common, operation: 'UPDATE', oldObject },
      ];
      for (const request of requests) assert.match(podSecurity.admits(request, world).value, /^(yes|no)$/);
    }),
    { numRuns: 1_000 },
  );
});

test('a template of any shape is warned about or not', () => {
  const world = cluster().namespace('shop', { 'pod-security.kubernetes.io/enforce': 'restricted' }).world();
  const resource = { group: 'apps', version: 'v1', resource: 'deployments' };
  const common = {
    operation: 'CREATE',
    kind: { ...resource, kind: 'Deployment' },
    resource,
    subresource: '',
    namespace: 'shop',
    name: '',
  } as const;
  fc.assert(
    fc.property(fc.oneof(spoiled, fc.object({ maxDepth: 3 })), (template) => {
      const object = { spec: { template } };
      assert.ok(
        Array.isArray(warnings({ ...common, object, oldObject: null, user: { name: null, groups: [] } }, world)),
      );
    }),
  );
});

test('the strictness of levels: what restricted admits baseline admits, what baseline admits privileged admits', () => {
  for (const pod of PODS) {
    for (let minor = 0; minor <= SERVER.minor; minor += 1) {
      const admits = (level: 'baseline' | 'restricted') => evaluatePod(pod, level, { major: 1, minor }, SERVER).allowed;
      assert.ok(!admits('restricted') || admits('baseline'));
    }
  }
});

test('the least object that shows a fault is found', async () => {
  const [pod] = PODS as [Raw];
  const bad = { ...pod, spec: { ...(pod.spec as Raw), hostPID: true, hostIPC: true } };
  const least = await shrinkObject(bad, async ({ spec }) => isRaw(spec) && spec.hostPID === true);
  assert.deepEqual(least, { spec: { hostPID: true } });
});

/** With the `at`th value in it, however deep, replaced. */
function replaced(object: Raw, at: number, value: unknown): Raw {
  const copy = structuredClone(object);
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const visit = (holder: Record<string, unknown>): void => {
    for (const [key, each] of Object.entries(holder)) {
      places.push([holder, key]);
      if (typeof each === 'object' && each !== null) visit(each as Record<string, unknown>);
    }
  };
  visit(copy);
  const [holder, key] = places[at % places.length] ?? [copy, 'spec'];
  holder[key] = value;
  return copy;
}
