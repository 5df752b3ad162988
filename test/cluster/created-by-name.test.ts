import assert from 'node:assert/strict';
import { test } from 'node:test';
import { who } from '../../src/questions/index.ts';
import { MANIFESTS } from '../../src/questions/who/manifests.ts';
import { BUILT_IN } from '../../src/world/known-resources.ts';
import { caller } from '../helpers/caller.ts';
import { allow, user } from '../helpers/cluster.ts';
import { load } from '../helpers/load.ts';
import { right } from '../helpers/question.ts';
import { withControlPlane } from '../helpers/real.ts';
import { runAs } from '../helpers/shell.ts';
import { seen } from '../helpers/staging.ts';
import { binding, role } from '../helpers/story.ts';

/**
 * What is created by name alone, and by a command that is printed as its check: for each kind one who may, and one who
 * lacks a half.
 */
const kinds = [...MANIFESTS.keys()].map((qualified, index) => {
  const [resource = '', ...group] = qualified.split('.');
  const found = BUILT_IN.find((each) => each.resource === resource && each.group === group.join('.'));
  return {
    qualified,
    resource,
    group: group.join('.'),
    namespaced: found?.namespaced ?? false,
    user: `applies-${index}`,
    half: `half-${index}`,
  };
});
type Kind = (typeof kinds)[number];

const rights = ({ resource, group, namespaced }: Kind, name: string, verbs: string): object[] => {
  const where = namespaced ? 'shop' : null;
  const rule = allow(verbs, resource, { groups: [group], names: ['made'] });
  return [
    role(where, name, [rule]),
    binding(where, name, `${where === null ? 'ClusterRole' : 'Role'}/${name}`, [user(name)]),
  ];
};

await withControlPlane({ controllers: [] }, async (plane) => {
  await load(plane, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }]);
  await load(
    plane,
    kinds.flatMap((kind) => [...rights(kind, kind.user, 'create patch'), ...rights(kind, kind.half, 'create')]),
  );
  await seen(plane, 'sentinel', 'shop');

  for (const kind of kinds) {
    const target = right(`create ${kind.qualified}`, kind.namespaced ? 'shop' : null);
    test(`who create ${kind.qualified}: only by the apply that the row prints, and which the server takes`, async (t) => {
      const { answer } = await caller(t, plane, plane.adminToken);
      const { verdict, findings, summary } = await answer(who, target, { subject: user(kind.user) });
      assert.equal(verdict, 'yes');
      assert.match(summary, /only by server-side apply/);
      const command = findings[0]?.evidence[0]?.command ?? '';
      assert.match(command, /--dry-run=server --as=applies-/);
      const { code, output } = await runAs(plane, plane.adminToken, command);
      assert.equal(code, 0, output);
      assert.match(output, /serverside-applied \(server dry run\)/);
      const half = await runAs(plane, plane.adminToken, command.replaceAll(kind.user, kind.half).replace(/^.*&& /, ''));
      assert.notEqual(half.code, 0, half.output);
      assert.match(half.output, /forbidden/i);
    });

    test(`who create ${kind.qualified}: no of who lacks patch`, async (t) => {
      const { answer } = await caller(t, plane, plane.adminToken);
      assert.equal((await answer(who, target, { subject: user(kind.half) })).verdict, 'no');
    });

    test(`a POST of ${kind.qualified} is refused, as the row says`, async () => {
      const { code, output } = await runAs(
        plane,
        plane.adminToken,
        `kubectl auth can-i create ${kind.qualified} ${kind.namespaced ? '-n shop' : ''} --as=${kind.user}`,
      );
      assert.notEqual(code, 0, output);
    });
  }
});
