import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FirstWrite, ProbeTrials } from '../../../../src/spawn/probes/probe-trials.ts';
import { makerOf, POD_MAKERS } from '../../../../src/spawn/writes/makers.ts';
import { importMutant, mistakes } from '../../../helpers/mutate.ts';
import { BOB, JANE, PEOPLE, PLACES, UPDATES } from './roundabout.ts';

/** Deliberate mistakes in what is noted of an evaluation, each of which a row has to notice. */
const MUTATIONS = [
  ...mistakes('admission/request/reading/reader.ts', [
    [
      'nothing is noted of the namespace',
      'this.notes.push({ inquiry, reading });',
      "if (inquiry.about !== 'namespace') this.notes.push({ inquiry, reading });",
    ],
    [
      'nothing is noted of the user',
      'this.notes.push({ inquiry, reading });',
      "if (inquiry.about !== 'user') this.notes.push({ inquiry, reading });",
    ],
    [
      'nothing is noted of both together',
      'this.notes.push({ inquiry, reading });',
      "if (inquiry.about !== 'both') this.notes.push({ inquiry, reading });",
    ],
    [
      'the name of the namespace is not noted',
      'accessor(() => reader.namespace);',
      'accessor(() => reader.origin.namespace);',
    ],
    ['groups are not noted', '      this.ask(USER_GROUPS);\n', ''],
    ['a name is any name', '({ user }) => user.name };', '({ user }) => typeof user.name };'],
  ]),
  ...mistakes('admission/request/reading/alone.ts', [
    ['what is said of one write is said of all', 'const whole = `${key} of ${said.key}`;', 'const whole = `${key}`;'],
    ['the user may be read by all', "(parts.includes('user') ? origin.user : NOT_TOLD)", 'origin.user'],
    [
      'the namespace may be read by all',
      "    if (!this.#parts.includes('namespace')) throw NOT_ALLOWED.namespace;\n",
      '',
    ],
    ['one part is every part', 'key: `${whole} by ${about}`', 'key: `${said.key} by ${about}`'],
    ['what is of both is of one', "parts.length === 2 ? 'both' : parts[0]", 'parts[0]'],
  ]),
  ...mistakes('cel/alone.ts', [['a name is what it is outside', ' && !bound.has(name)', '']]),
  ...mistakes('admission/engines/kyverno/context.ts', [
    ['a loop has no element', 'again: (request) => withFields(made.again(request), {}, unread),', 'again: made.again,'],
  ]),
  ...mistakes('admission/engines/kyverno/pattern/match-pattern.ts', [
    ['one pattern is every pattern', '`namespace matches pattern ${pattern}`', "'namespace matches pattern'"],
  ]),
  ...mistakes('admission/request/reading/ask.ts', [
    ['one label is every label', '{ key: `${what} ${name}`,', '{ key: `${what}`,'],
    ['one selector is every selector', '`selector ${JSON.stringify(selector)}`', "'selector'"],
    [
      'objects of a namespace are not noted',
      'objects.length > 0 ? `those of ${namespace}` : JSON.stringify(unknowns)',
      "objects.length < 0 ? '' : JSON.stringify(unknowns)",
    ],
    [
      'a namespace that goes is like any other',
      "world.find('namespaces', null, namespace)?.deleting,",
      'world.kinds().length < 0,',
    ],
  ]),
  ...mistakes('admission/request/reading/recall.ts', [
    ['what is a matter of both is known again', 'if (found.isJoint) return;', ''],
    ['all users are alike', 'const key = JSON.stringify(readings);', 'const key = String(readings.length);'],
  ]),
  ...mistakes('admission/engines/kyverno/match.ts', [
    ['one list of names is every list', '`matches ${JSON.stringify(globs)}`, isOne', "'matches', () => true"],
  ]),
  ...mistakes('admission/scc/usable.ts', [
    [
      'rights in a namespace are rights anywhere',
      'mayUse(scc, creatorOf(user), namespace, there).value',
      "mayUse(scc, creatorOf(user), 'a', there).value",
    ],
  ]),
  ...mistakes('spawn/probes/probe-trials.ts', [
    [
      'an update is held against the same alone',
      "operation === 'UPDATE' ? agreed(after('same'), after('harmless')) : after('same')",
      "after('same')",
    ],
  ]),
];

const CREATE: FirstWrite = { maker: POD_MAKERS[0], operation: 'CREATE' };
const UPDATE: FirstWrite = { maker: makerOf('deployments') ?? assert.fail(), operation: 'UPDATE' };

/** The first row of which the mutant says otherwise; null where it is right about all. */
function noticed(Mutant: typeof ProbeTrials): string | null {
  try {
    const value = (probeTrials: ProbeTrials, write: FirstWrite, namespace: string, user: typeof JANE) =>
      probeTrials.of(write, namespace, user)[0]?.admission.value;
    for (const [rows, way] of [
      [PLACES, CREATE],
      [UPDATES, UPDATE],
    ] as const)
      for (const [why, world, a, b] of rows) {
        const probeTrials = new Mutant(world);
        for (const [namespace, right] of [
          ['a', a],
          ['b', b],
          ['a', a],
        ] as const)
          if (value(probeTrials, way, namespace, JANE) !== right) return why;
      }
    for (const [why, world, jane, bob] of PEOPLE) {
      const probeTrials = new Mutant(world);
      for (const [user, right] of [
        [JANE, jane],
        [BOB, bob],
        [JANE, jane],
      ] as const)
        if (value(probeTrials, CREATE, 'a', user) !== right) return why;
    }
    return null;
  } catch (error) {
    return String(error);
  }
}

const SRC = join(import.meta.dirname, '../../../../src');

for (const mutation of MUTATIONS)
  test(`noticed: ${mutation.name}`, async () => {
    const mutant = await importMutant<{ ProbeTrials: typeof ProbeTrials }>(
      SRC,
      ['spawn/probes/probe-trials.ts'],
      mutation,
    );
    assert.ok(noticed(mutant.ProbeTrials), mutation.name);
  });
