import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GAINS } from '../../../src/runtime/escapes/escape.ts';
import { escapesOf, type Found } from '../../../src/runtime/escapes/escapes-of.ts';
import { nodePathsAt, normalPath } from '../../../src/runtime/escapes/node-paths.ts';
import { strengthOf } from '../../../src/spawn/probes/strength.ts';
import type { Pod } from '../../../src/world/objects.ts';
import { reducePod } from '../../../src/world/reduce/pod.ts';
import { place, pod, type Somewhere } from './pods.ts';

/** A privilege that a pod may have more: changes of its one container, and of its spec. */
interface Privilege {
  add?: string;
  own?: object;
  spec?: object;
  path?: string;
  readOnly?: boolean;
}

const PRIVILEGES: readonly Privilege[] = [
  ...[
    'SYS_ADMIN',
    'SYS_MODULE',
    'SYS_PTRACE',
    'BPF',
    'PERFMON',
    'NET_ADMIN',
    'NET_RAW',
    'SYS_BOOT',
    'SYS_TIME',
    'MKNOD',
  ].map((add) => ({
    add,
  })),
  { own: { privileged: true } },
  { own: { appArmorProfile: { type: 'Unconfined' } } },
  ...['hostPID', 'hostIPC', 'hostNetwork', 'shareProcessNamespace'].map((field) => ({ spec: { [field]: true } })),
  ...['/', '/etc', '/var/log', '/proc', '/run', '/srv'].flatMap((path) => [{ path }, { path, readOnly: true }]),
];

const somewhere: fc.Arbitrary<Somewhere> = fc.record({
  runtime: fc.constantFrom('containerd://2.2.1', 'cri-o://1.34.0', 'docker://28', 'who://knows'),
  osImage: fc.constantFrom('', 'Ubuntu 24.04', 'Talos (v1.11.0)'),
  handler: fc.constantFrom('', 'runsc', 'kata', 'sysbox-runc', 'wasmtime'),
});
const user = fc.constantFrom({ runAsUser: 0 }, { runAsUser: 1000 }, {}, { runAsNonRoot: true });
const escalation = fc.constantFrom({}, { allowPrivilegeEscalation: false });
const users = fc.constantFrom({}, { hostUsers: false });

function made(privileges: readonly Privilege[], context: object, spec: object): Pod {
  const mounts = privileges.flatMap(({ path, readOnly = false }) => (path === undefined ? [] : [{ path, readOnly }]));
  const add = privileges.flatMap((each) => each.add ?? []);
  const own = Object.assign({}, ...privileges.map((each) => each.own ?? {}));
  const allows = 'privileged' in own ? { allowPrivilegeEscalation: true } : {};
  return pod(
    {
      securityContext: { runAsUser: null, capabilities: { drop: ['ALL'], add }, ...context, ...own, ...allows },
      volumeMounts: mounts.map(({ readOnly }, index) => ({ name: `v${index}`, mountPath: `/v${index}`, readOnly })),
    },
    {
      ...spec,
      ...Object.assign({}, ...privileges.map((each) => each.spec ?? {})),
      volumes: mounts.map(({ path }, index) => ({ name: `v${index}`, hostPath: { path } })),
    },
  );
}

/**
 * Of what is sure, and of what may be: the rank of the strongest. What only helps is none: it is not told where
 * something is that has it inside.
 */
const worst = (found: readonly Found[], verdicts: readonly string[]): number =>
  Math.min(
    GAINS.length,
    ...found
      .filter(({ verdict, gain }) => verdicts.includes(verdict) && gain !== 'help')
      .map(({ gain }) => GAINS.indexOf(gain)),
  );

test('a privilege more never weakens the worst that is sure, nor the worst that may be', (t) => {
  let stronger = 0;
  fc.assert(
    fc.property(
      fc.subarray([...PRIVILEGES], { maxLength: 4 }),
      fc.constantFrom(...PRIVILEGES),
      ...([user, escalation, users, somewhere] as const),
      (privileges, more, context, noEscalation, own, where) => {
        // The API refuses the node's namespaces to a pod with users of its own.
        fc.pre(
          !('hostUsers' in own) ||
            ![...privileges, more].some(({ spec }) => spec && !('shareProcessNamespace' in spec)),
        );
        const found = (all: readonly Privilege[]) =>
          escapesOf(made(all, { ...context, ...noEscalation }, own), place(where));
        const [before, after] = [found(privileges), found([...privileges, more])];
        for (const verdicts of [['yes'], ['yes', 'depends']]) {
          assert.ok(
            worst(after, verdicts) <= worst(before, verdicts),
            JSON.stringify({ privileges, more, before, after }, null, 1),
          );
          stronger += Number(worst(after, verdicts) < worst(before, verdicts));
        }
      },
    ),
    { numRuns: 2000 },
  );
  t.diagnostic(`${stronger} times it became worse`);
  assert.ok(stronger > 300);
});

test('containers in another order have the same', () => {
  const container = (name: string, privilege: Privilege) => ({
    name,
    securityContext: { runAsUser: 0, capabilities: { add: privilege.add ? [privilege.add] : [] }, ...privilege.own },
  });
  const said = (found: readonly Found[]) => found.map((each) => JSON.stringify(each)).sort();
  fc.assert(
    fc.property(
      fc.subarray([...PRIVILEGES], { minLength: 2, maxLength: 4 }),
      fc.boolean(),
      somewhere,
      (privileges, shared, where) => {
        const containers = privileges.map((each, index) => container(`c${index}`, each));
        const found = (order: readonly object[]) =>
          escapesOf(pod({}, { containers: order, shareProcessNamespace: shared }), place(where));
        assert.deepEqual(said(found(containers)), said(found(containers.toReversed())));
      },
    ),
  );
});

const segment = fc.constantFrom(
  'etc',
  'var',
  'lib',
  'run',
  'kubelet',
  'pods',
  'proc',
  'sys',
  'dev',
  'x',
  'containerd',
  'cron.d',
  '1',
  'root',
);
const path = fc.array(segment, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`);

test('a path is the same however it is spelled', () => {
  fc.assert(
    fc.property(path, fc.constantFrom('//', '/./', '/x/../'), (plain, slash) => {
      assert.equal(normalPath(plain.replaceAll('/', slash)), normalPath(plain));
      assert.equal(normalPath(`${plain}/`), normalPath(plain));
      assert.equal(normalPath(normalPath(plain)), normalPath(plain));
    }),
  );
});

test('a parent has all that is below it', () => {
  fc.assert(
    fc.property(path, segment, (parent, name) => {
      const [above, below] = [normalPath(parent), normalPath(`${parent}/${name}`)];
      if (above === '/' || !below.startsWith(`${above}/`)) return;
      const ids = new Set(nodePathsAt(above).map(({ id }) => id));
      for (const { id, except } of nodePathsAt(below))
        assert.ok(except || ids.has(id), `${above} without ${id} of ${below}`);
    }),
  );
});

test('what takes the node for sure is what a container of root is told of its mounts', () => {
  const mount = fc.record({ readOnly: fc.boolean(), subPath: fc.constantFrom('', 'kubelet', 'cron.d', 'sys') });
  const types = fc.constantFrom('', 'Directory', 'File', 'Socket');
  fc.assert(
    fc.property(path, mount, types, (any, how, type) => {
      const spec = {
        containers: [{ name: 'app', ...ROOT_USER, volumeMounts: [{ name: 'v', mountPath: '/v', ...how }] }],
        ...volumeOf(any, type),
      };
      const sure = escapesOf(reducePod({ metadata: { name: 'p' }, spec }), place()).some(
        ({ id, gain, verdict }) => id !== 'hostpath-dev' && gain === 'node root' && verdict === 'yes',
      );
      const strength = strengthOf(spec);
      assert.ok(strength === 'node root' || !sure, `${any} ${JSON.stringify(how)} ${type}`);
    }),
    { numRuns: 500 },
  );
});

const ROOT_USER = { securityContext: { runAsUser: 0, capabilities: { drop: ['ALL'] } } };
const volumeOf = (path: string, type: string) => ({ volumes: [{ name: 'v', hostPath: { path, type } }] });
