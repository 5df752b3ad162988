import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closureOf } from '../../../src/escalation/closure.ts';
import { accountPosition } from '../../../src/escalation/position.ts';
import { TECHNIQUES } from '../../../src/escalation/techniques/index.ts';
import { right as wanted } from '../../../src/escalation/wanted.ts';
import { withIndirect } from '../../../src/questions/holders/indirect/index.ts';
import { who } from '../../../src/questions/who/who.ts';
import { identityOf } from '../../../src/rbac/subjects.ts';
import { KNOWN_WORLDS, knownWorld } from '../../cluster/attacker/handwritten.ts';
import { clusterOf } from '../../helpers/closure.ts';
import { answer, right } from '../../helpers/question.ts';
import { upstreamManifests } from '../../helpers/upstream-manifests.ts';

const upstream = upstreamManifests();
const EXEC = wanted('create', 'pods/exec');
/** With a goal that nobody reaches everything is looked for. */
const NOWHERE = [accountPosition('no-such-namespace', 'nobody')];

// Who can is asked of all subjects at once; what each can become by itself is the closure without that question.
let compared = 0;
for (const [index, known] of KNOWN_WORLDS.entries()) {
  if (index % 4 !== 0) continue;
  test(`who can, directly or not, and what each can become agree: ${known.name}`, () => {
    const { objects, start } = knownWorld(known, `i${index}`, null);
    const scope = clusterOf([...upstream, ...objects], '1.37');
    const { world } = scope;
    const { attacker, reached } = closureOf([accountPosition(start.namespace, start.name)], TECHNIQUES, scope, {
      goals: NOWHERE,
    });
    for (const namespace of [start.namespace, 'kube-system']) {
      const { findings } = answer(withIndirect(who), right('create pods/exec', namespace), world);
      const subject = { kind: 'ServiceAccount', namespace: start.namespace, name: start.name };
      const { user, groups } = identityOf(subject);
      const told = findings.some(
        ({ verdict, subject: each }) =>
          verdict === 'yes' &&
          (identityOf(each).user === user || (each.kind === 'Group' && groups.includes(each.name))),
      );
      const alone = answer(withIndirect(who), right('create pods/exec', namespace), world, { subject });
      const isSure = (key: string): boolean => reached.get(key)?.cost.isOpen === false;
      const can = attacker.actors.some((actor) =>
        attacker
          .rights(actor, EXEC)
          .some(
            (each) =>
              each.names === null &&
              (each.namespace ?? namespace) === namespace &&
              attacker.basisOf(actor, [each]).every(isSure),
          ),
      );
      assert.deepEqual([told, alone.verdict === 'yes'], [can, can], namespace);
      compared += Number(can);
    }
  });
}

test('often enough somebody can', () => assert.ok(compared >= 10, `${compared}`));
