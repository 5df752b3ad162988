import { covers } from '../../rbac/covers.ts';
import { MASTERS } from '../../rbac/subjects.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Derivation } from '../derivation.ts';
import { CERTAIN } from '../derivation.ts';
import { identityPosition } from '../position.ts';
import { namespacesOf } from '../targets.ts';
import type { Technique } from '../technique.ts';
import { right } from '../wanted.ts';
import { ADMIN } from './admin.ts';

const ALL = right('*', '*', '*');

/** Somebody who may do everything in the whole cluster is cluster-admin, whatever the role is called. */
export const everything: Technique = {
  id: 'cluster-admin-held',
  title: 'do everything',
  takes: 'every verb on every resource of every group in the whole cluster, or membership of system:masters.',
  gives: 'Everything that RBAC can allow. Admission still applies.',
  mitre: ['T1078'],
  microsoft: ['MS-TA9019'],
  references: ['kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go'],
  *ofIdentity(actor, attacker) {
    const rights = attacker.rights(actor, ALL);
    const all = rights.find(({ namespace, names }) => namespace === null && names === null);
    if (all) {
      yield {
        technique: everything.id,
        to: { kind: 'cluster' },
        steps: [{ words: 'do everything in the whole cluster', actor, rights: [all], namespace: null, attack: null }],
        from: attacker.basisOf(actor, [all]),
        ...CERTAIN,
      };
    }
    yield* namespacesHeld(actor, attacker);
  },
  *ofPosition(position) {
    if (position.kind !== 'cluster') return;
    yield {
      technique: everything.id,
      to: identityPosition({ kind: 'Group', namespace: null, name: MASTERS }),
      ...{ steps: [{ words: 'act as cluster-admin', actor: null, rights: [], namespace: null, attack: null }] },
      from: ['cluster'],
      ...CERTAIN,
    };
  },
};

/** The namespaces in which an identity may do what ClusterRole admin allows. */
function* namespacesHeld(actor: Actor, attacker: Attacker): Generator<Derivation> {
  // Nobody without these has them all.
  const sample = attacker.rights(actor, SAMPLE).filter(({ names }) => names === null);
  if (sample.length === 0) return;
  for (const found of sample) {
    for (const { name } of found.namespace === null ? namespacesOf(attacker.world).all : [{ name: found.namespace }]) {
      const to = { kind: 'namespace', name } as const;
      if (attacker.has(to) || !covers(attacker.rules.of(actor, name), ADMIN)) continue;
      const { id } = namespaceAdmin;
      yield {
        technique: id,
        to,
        steps: [
          {
            words: `do what ClusterRole admin allows in namespace ${name}`,
            actor,
            rights: [found],
            namespace: name,
            besides: () => attacker.rules.grantsBehind(actor, name, ADMIN),
            attack: null,
          },
        ],
        from: [...attacker.basisOf(actor, [found]), ...attacker.rules.keysBehind(actor, name, ADMIN)],
        ...CERTAIN,
      };
    }
  }
}

const SAMPLE = right('create', 'rolebindings', 'rbac.authorization.k8s.io');

/** Somebody who may do in a namespace what ClusterRole admin allows controls it, whatever the role is called. */
const namespaceAdmin = {
  id: 'namespace-admin-held',
  title: 'do what ClusterRole admin allows in a namespace',
};
