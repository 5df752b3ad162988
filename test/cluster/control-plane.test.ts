import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtInResources } from '../../scripts/server-facts/resources.ts';
import { isBootstrap } from '../../src/rbac/bootstrap.ts';
import { bootstrapKey } from '../../src/rbac/bootstrap-digest.ts';
import table from '../../src/world/resources.json' with { type: 'json' };
import type { ApiResource } from '../../src/world/resources.ts';
import { bootstrapObjects } from '../helpers/bootstrap-objects.ts';
import { type ControlPlane, startControlPlane } from '../helpers/control-plane.ts';
import { load } from '../helpers/load.ts';
import { skipReason, waitForServiceAccount } from '../helpers/real.ts';

const jane = { token: 'jane-token', user: 'jane', groups: ['readers', 'say "hi"'] };

describe('the control plane of the tests', { skip: await skipReason(), concurrency: 2 }, () => {
  for (const [minor, options] of [
    ['37', {}],
    ['34', { emulatedVersion: '1.34' }],
  ] as const) {
    test(`a control plane that behaves as 1.${minor}`, async (t) => {
      const plane = await startControlPlane({ ...options, tokens: [jane] });
      t.after(() => plane.stop());

      await t.test('says its version', async () => {
        const { minor: binary, emulationMinor } = (await plane.request('GET', '/version')).body as Record<
          string,
          string
        >;
        assert.deepEqual({ binary, emulationMinor }, { binary: '37', emulationMinor: minor });
      });
      await t.test('has cluster-admin', async () => {
        assert.equal(
          (await plane.request('GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles/cluster-admin')).status,
          200,
        );
      });
      await t.test('knows users by token and by certificate', async () => {
        assert.deepEqual(await whoami(plane, jane.token), {
          username: 'jane',
          groups: [...jane.groups, 'system:authenticated'],
        });
        const certificate = plane.certificate({ user: 'node-admin', groups: ['ops', 'on-call'] });
        assert.deepEqual(await whoami(plane, certificate), {
          username: 'node-admin',
          groups: ['ops', 'on-call', 'system:authenticated'],
        });
        assert.equal((await plane.request('GET', '/api/v1/pods', undefined, { token: null })).status, 403);
      });
      await t.test('answers SubjectAccessReviews', async () => {
        const allowed = async (user: string, groups: string[]) => {
          const spec = { user, groups, resourceAttributes: { verb: 'list', resource: 'secrets', namespace: 'shop' } };
          const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
          const { status, body } = await plane.request(
            'POST',
            '/apis/authorization.k8s.io/v1/subjectaccessreviews',
            review,
          );
          assert.equal(status, 201);
          return (body as { status: { allowed: boolean } }).status.allowed;
        };
        assert.equal(await allowed('jane', []), false);
        assert.equal(await allowed('jane', ['system:masters']), true);
      });
      await t.test('takes objects in any order and says which one it refuses', async () => {
        await load(plane, [
          configMap('shop', 'a'),
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
        ]);
        await waitForServiceAccount(plane, 'shop');
        await assert.rejects(
          load(plane, [configMap('nowhere', 'b')]),
          /POST of ConfigMap nowhere\/b: 404 .*namespaces \\"nowhere\\" not found/,
        );
      });
      await t.test("makes roles and bindings that are all recognised as upstream's own", async () => {
        const objects = await bootstrapObjects(plane);
        assert.ok(objects.length > 120, `${objects.length} objects`);
        assert.deepEqual(objects.filter((object) => !isBootstrap(object)).map(bootstrapKey), []);
      });
      await t.test('lists no resource or subresource that the built-in table lacks', async () => {
        const listed = (await builtInResources(plane)).flatMap(namesOf);
        assert.ok(listed.length > 90, `${listed.length} names`);
        assert.deepEqual(
          [...new Set(listed).difference(new Set((table as unknown as ApiResource[]).flatMap(namesOf)))],
          [],
        );
      });
      await t.test('leaves no process and no directory behind when it stops', async () => {
        assert.deepEqual(plane.pids.map(isAlive), [true, true, true]);
        await plane.stop();
        assert.deepEqual(plane.pids.map(isAlive), [false, false, false]);
        assert.equal(existsSync(plane.dir), false);
      });
    });
  }

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`a control plane ends when ${signal} ends the process that started it`, async (t) => {
      const script = `
        import { startControlPlane } from ${JSON.stringify(join(import.meta.dirname, '../helpers/control-plane.ts'))};
        const { pids, dir } = await startControlPlane({ controllers: [] });
        console.log(JSON.stringify({ pids, dir }));
        setInterval(() => {}, 1000);`;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      t.after(() => child.kill('SIGKILL'));
      const [line] = await once(createInterface(child.stdout), 'line');
      const { pids, dir } = JSON.parse(line) as { pids: number[]; dir: string };
      assert.deepEqual(pids.map(isAlive), [true, true]);
      child.kill(signal);
      await once(child, 'exit');
      for (const deadline = Date.now() + 10_000; existsSync(dir) && Date.now() < deadline; ) await sleep(50);
      assert.deepEqual({ alive: pids.filter(isAlive), dir: existsSync(dir) }, { alive: [], dir: false });
    });
  }
});

async function whoami(plane: ControlPlane, as: string | { cert: string; key: string }): Promise<unknown> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const body =
    typeof as === 'string'
      ? (await plane.request('POST', path, review, { token: as })).body
      : await postWith(plane, path, review, as);
  const { username, groups } = (body as { status: { userInfo: { username: string; groups: string[] } } }).status
    .userInfo;
  return { username, groups };
}

function postWith(
  plane: ControlPlane,
  path: string,
  body: unknown,
  certificate: { cert: string; key: string },
): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const request = httpsRequest(plane.url + path, {
    ...certificate,
    ca: plane.caData,
    method: 'POST',
    headers,
    agent: false,
  });
  request.end(JSON.stringify(body));
  return once(request, 'response').then(async ([response]) => JSON.parse((await response.toArray()).join('')));
}

function configMap(namespace: string, name: string): unknown {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name } };
}

function namesOf({ group, resource, kind, namespaced, subresources }: ApiResource): string[] {
  const name = `${group}/${resource} ${kind} ${namespaced}`;
  return [name, ...Object.keys(subresources).map((subresource) => `${name} ${subresource}`)];
}

/** What nobody has reaped is not alive: an orphan's new parent may take its time. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc/self') || readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return false;
  }
}
