import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rawSockets } from '../../src/questions/raw-sockets/raw-sockets.ts';
import { Malformed, type Raw } from '../../src/world/raw.ts';
import { reduceNode } from '../../src/world/reduce/others.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';
import { options } from '../helpers/answers.ts';
import { cluster } from '../helpers/cluster.ts';
import { answer } from '../helpers/question.ts';
import { render } from '../helpers/rendered.ts';

/** What may stand where something else belongs. */
const odd = fc.constantFrom<unknown>(
  null,
  0,
  -1,
  1e300,
  '',
  'ALL',
  'x',
  true,
  [],
  [1],
  {},
  { type: 1 },
  ['ALL', null],
  '__proto__',
);
const or = (value: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: value }, odd);
const some = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });
const names = fc.array(fc.constantFrom('ALL', 'NET_RAW', 'CAP_NET_RAW', 'é', '', 'constructor'), { maxLength: 3 });

const profile = some({ type: or(fc.constantFrom('Localhost', 'RuntimeDefault')), localhostProfile: or(fc.string()) });
const context = some({
  ...{
    privileged: or(fc.boolean()),
    runAsUser: or(fc.nat()),
    runAsNonRoot: or(fc.boolean()),
    allowPrivilegeEscalation: or(fc.boolean()),
  },
  ...{
    capabilities: or(some({ add: or(names), drop: or(names) })),
    seccompProfile: or(profile),
    appArmorProfile: or(profile),
  },
  seLinuxOptions: or(some({ type: or(fc.string()) })),
});
const container = some({
  name: or(fc.string()),
  restartPolicy: or(fc.constantFrom('Always', 'Never')),
  securityContext: or(context),
});
const containers = or(fc.array(container, { maxLength: 2 }));
const status = some({
  name: or(fc.string()),
  state: or(some({ running: or(fc.constant({})), terminated: or(some({ exitCode: or(fc.nat()) })) })),
  user: or(some({ linux: or(some({ uid: or(fc.nat()) })) })),
});
const pod = some({
  spec: or(
    some({
      ...{ nodeName: or(fc.constantFrom('n1', 'n2')), hostNetwork: or(fc.boolean()), hostUsers: or(fc.boolean()) },
      ...{
        runtimeClassName: or(fc.string()),
        nodeSelector: or(fc.dictionary(fc.string(), fc.string())),
        os: or(some({ name: or(fc.string()) })),
      },
      ...{ containers, initContainers: containers, ephemeralContainers: containers, securityContext: or(context) },
    }),
  ),
  status: or(
    some({
      phase: or(fc.constantFrom('Running', 'Failed')),
      containerStatuses: or(fc.array(status, { maxLength: 2 })),
    }),
  ),
});
const node = some({
  status: or(
    some({ nodeInfo: or(some({ containerRuntimeVersion: or(fc.string()), operatingSystem: or(fc.string()) })) }),
  ),
});

const orMalformed = <T>(reduce: (raw: Raw) => T, raw: Raw): T | null => {
  try {
    return reduce(raw);
  } catch (error) {
    assert.ok(error instanceof Malformed, String(error));
    return null;
  }
};

test('whatever a pod or a node holds, it is malformed, or it is answered for', () => {
  const seen = { malformed: 0, answered: 0 };
  fc.assert(
    fc.property(pod, node, (some, machine) => {
      const reduced = orMalformed(reducePod, { ...some, metadata: { namespace: 'shop', name: 'p' } });
      const host = orMalformed(reduceNode, { ...machine, metadata: { name: 'n1' } });
      seen[reduced ? 'answered' : 'malformed'] += 1;
      if (!reduced) return;
      const world = cluster().with('pods', reduced);
      if (host) world.with('nodes', host);
      const said = answer(rawSockets, { refs: [], selector: null, namespace: 'shop' }, world.world());
      assert.equal(said.findings.filter(({ id }) => id === 'raw-sockets').length, reduced.containers.length);
      assert.ok(said.findings.every(({ verdict, unknowns }) => verdict !== 'depends' || unknowns.length > 0));
      for (const output of ['default', 'wide', 'json'] as const)
        render([said], options({ output, explain: output === 'default' }));
    }),
    { numRuns: 600 },
  );
  assert.ok(seen.malformed > 50 && seen.answered > 50, JSON.stringify(seen));
});
