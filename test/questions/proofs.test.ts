import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EvidenceStep } from '../../src/answer/answer.ts';
import { accountPosition } from '../../src/escalation/position.ts';
import { become } from '../../src/questions/become/become.ts';
import { account, allow, type ClusterBuilder, cluster, user } from '../helpers/cluster.ts';

const OPTIONS = {
  ...{ subject: null, subjectGroups: [], accepts: () => false, direct: false, expand: false },
  ...{ showAttack: false, kubectl: [] },
};

/** The steps by which jane gets to ops/root. */
function proof(builder: ClusterBuilder): readonly EvidenceStep[] {
  const target = {
    starts: [{ kind: 'subject' as const, subject: user('jane') }],
    goals: [accountPosition('ops', 'root')],
  };
  const [asked] = become.answer(target, builder.world(), OPTIONS).asked;
  const [finding] = asked?.answer.findings ?? [];
  assert.equal(finding?.verdict, 'yes');
  return finding.evidence;
}

const base = (): ClusterBuilder =>
  cluster().namespace('ops').namespace('shop').account('ops', 'root').account('shop', 'web');

const groups = ['rbac.authorization.k8s.io'];
const BINDER = [
  allow('create', 'rolebindings', { groups }),
  allow('bind', 'roles', { groups, names: ['logs', 'tokens'] }),
];

test('of several roles that may be bound the proof binds the one that is used', () => {
  const steps = proof(
    base()
      .role('ops', 'logs', [allow('get', 'pods/log')])
      .role('ops', 'tokens', [allow('create', 'serviceaccounts/token')])
      .role('ops', 'binder', BINDER)
      .binding('ops', 'binder', 'Role/binder', user('jane')),
  );
  assert.deepEqual(
    steps.map(({ step }) => step),
    ['bind Role tokens in namespace ops', 'request a token of ServiceAccount ops/root'],
  );
});

test('a step whose right is handed out first shows no check, since the server would still say no', () => {
  const steps = proof(
    base()
      .role('ops', 'tokens', [allow('create', 'serviceaccounts/token')])
      .role('ops', 'binder', BINDER)
      .binding('ops', 'binder', 'Role/binder', user('jane')),
  );
  assert.deepEqual(
    steps.map(({ command, uses }) => [command !== null, uses]),
    [
      [true, []],
      [false, ['e1']],
    ],
  );
});

test('a proof says what each step gains, and of a step in between nothing', () => {
  const steps = proof(
    base()
      .role('shop', 'token', [allow('create', 'serviceaccounts/token', { names: ['web'] })])
      .role('ops', 'tokens', [allow('create', 'secrets'), allow('get', 'secrets')])
      .binding('shop', 'token', 'Role/token', user('jane'))
      .binding('ops', 'tokens', 'Role/tokens', account('shop', 'web')),
  );
  assert.deepEqual(
    steps.map(({ technique, identity, gains }) => [technique, identity?.name, gains?.name ?? null]),
    [
      ['sa-token-request', 'jane', 'web'],
      ['sa-token-secret-create', 'web', null],
      ['sa-token-secret-create', 'web', 'root'],
    ],
  );
});
