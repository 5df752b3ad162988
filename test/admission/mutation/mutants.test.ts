import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { admits as Admits } from '../../../src/admission/layers.ts';
import { importMutant, type Mutation, mistakes } from '../../helpers/mutate.ts';
import { KYVERNO_ROWS } from './kyverno-rows.ts';
import { ROWS, wordsOf } from './rows.ts';

const SRC = join(import.meta.dirname, '../../../src/admission');

const MUTANTS: readonly Mutation[] = [
  ...mistakes('layers.ts', [
    ['the layers judge what was sent', 'layer.admits(request, world)', 'layer.admits(asked, world)'],
    ['refusals by mutators do not count', 'refusals.length > 0 ? affected', 'refusals.length > 9 ? affected'],
    ['what they make is not validated', 'request === asked ? [] :', 'request !== asked ? [] :'],
    ['the first outcome is every outcome', 'others.every(({ value })', 'others.some(({ value })'],
  ]),
  ...mistakes('mutation/policies.ts', [
    ['nobody is asked again', 'policy.isReinvoked)', 'policy.isReinvoked && policy.name === "")'],
    ['a failure that is ignored refuses', "if (policy.failurePolicy === 'Fail') pushAll", 'pushAll'],
    [
      'every policy is in force since ever',
      "compareVersions(version, ALPHA) < 0) return 'no'",
      "compareVersions(version, ALPHA) < 0) return 'yes'",
    ],
    ['a gate that is off is on', "origin === 'file' ? 'gated' : 'yes'", "'yes'"],
    [
      'the newest servers have none',
      "compareVersions(version, ON) >= 0) return 'yes'",
      "compareVersions(version, ON) >= 0) return 'no'",
    ],
    [
      'whom a binding does not match it binds',
      "own?.value === 'no') return NONE",
      "own?.value === 'never') return NONE",
    ],
    ['several orders are one', ': ordersOf(found)', ': [found]'],
    ['policies change what configures admission', 'configuresAdmission(request) ||', ''],
  ]),
  ...mistakes('mutation/order.ts', [
    ['all are independent', 'found.length < 2', 'found.length < 20'],
    ['more are tried than can be', 'items.length > MOST', 'items.length > 2 * MOST'],
  ]),
  ...mistakes('mutation/invoke.ts', [
    ['conditions are not looked at', "looks.value === 'no') return result", "looks.value === 'never') return result"],
    [
      'what is not known of a condition is true',
      "looks.value === 'depends') return { ...result, unknowns: looks.unknowns }",
      "looks.value === 'depends') return { ...result, isCalled: true }",
    ],
    [
      'what cannot be decoded is let be',
      'isDecodable(shown, request) ? { fatal: wrong } : opaque(request)',
      '{ object }',
    ],
    ['each mutation sees what was sent', '      object = found.object;\n', ''],
  ]),
  ...mistakes('mutation/merge.ts', [
    ['what is replaced as a whole may be set', 'if (atomic.length > 0)', 'if (atomic.length > 99)'],
  ]),
  ...mistakes('mutation/json-patch.ts', [
    ['what is not there may be removed', 'if (!Object.hasOwn(container, key)) throw', 'if (container === null) throw'],
  ]),
  ...mistakes('mutation/affected.ts', [
    ['every refusal stays', 'if (changes === null) return true;', 'if (changes === null) return false;'],
    [
      'paths do not matter',
      'if (changes.some((path) => rests.some((each) => touches(path, each)))) return true;',
      'if (changes.length > 0) return true;',
    ],
    ['nothing stays', 'if (UNMOVED.has(layer)) return false;', ''],
    ['an admission is not touched', 'mayRefuse || changes === null ||', 'changes !== null &&'],
    ['nobody looks at labels', 'decidersOf(world).some(', 'decidersOf(world).every('],
  ]),
  ...mistakes('mutation/webhooks.ts', [
    ['injectors may change anything', 'if (isInjector(webhook) ||', 'if ('],
    ['webhooks that validate change', 'webhook.mutating && mayChange', 'mayChange'],
    ['odd webhooks change nothing', '[...unknowns, ...odd, ', '[...unknowns, '],
    ['odd webhooks that validate change', 'malformed.filter(({ mutating }) => mutating)', 'malformed'],
  ]),
  ...mistakes('mutation/kyverno.ts', [
    ['Kyverno changes nothing', 'policies.length + odd.length === 0 ||', 'policies.length + odd.length >= 0 ||'],
    ['Kyverno changes what nobody asks it about', ' || !isAsked(request, world)', ''],
    [
      'a policy of another namespace changes',
      "listedThere(request, world, 'Policy.kyverno.io', AFFECTS).objects",
      "world.list('Policy.kyverno.io')",
    ],
    ['a Policy changes nothing', 'isNamespaced(request) ? ', 'request.kind === undefined ? '],
    ['rules that change other objects change this one', ' || (isRaw(mutate) && mutate.targets !== undefined)', ''],
    ['rules of other kinds change pods', "[kind, 'Pod', '*']", "[kind, 'Pod', '*', '']"],
    ['rules of any kind change none', "[kind, 'Pod', '*']", "[kind, 'Pod']"],
    ['what nobody understands changes nothing', 'found instanceof Malformed || found;', 'found === true;'],
    ['where it validates Kyverno changes', '!webhook.mutating || ', ''],
  ]),
  ...mistakes('mutation/invalid.ts', [
    [
      'an update may change anything',
      "operation === 'UPDATE' ? updateProblem(object, asked)",
      "operation === 'UPDATE' ? null",
    ],
  ]),
];

const failures = (admits: typeof Admits): string[] =>
  [...ROWS, ...KYVERNO_ROWS]
    .filter(({ request, world, verdict, says }) => {
      const admission = admits(request, world);
      return (
        wordsOf(admission) !== verdict || (says && !says.test(JSON.stringify([admission.unknowns, admission.evidence])))
      );
    })
    .map(({ why }) => why);

for (const mutant of MUTANTS) {
  test(`${mutant.file}: ${mutant.name}`, async () => {
    const { admits } = await importMutant<{ admits: typeof Admits }>(SRC, ['layers.ts'], mutant);
    assert.notDeepEqual(failures(admits), []);
  });
}
