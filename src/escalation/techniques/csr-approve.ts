import { accountUser, MASTERS, NODE_USER } from '../../rbac/subjects.ts';
import type { Attacker } from '../attacker.ts';
import type { Requirement, Step } from '../derivation.ts';
import { CERTAIN } from '../derivation.ts';
import { identityPosition, keyOfPosition } from '../position.ts';
import type { Technique } from '../technique.ts';
import { right } from '../wanted.ts';

const GROUP = 'certificates.k8s.io';
const CREATE = right('create', 'certificatesigningrequests', GROUP, true);
const READ = right(['get', 'list', 'watch'], 'certificatesigningrequests', GROUP, true);
const APPROVE = right('update', 'certificatesigningrequests/approval', GROUP, true);
const APPROVE_AND_READ = right('patch', 'certificatesigningrequests/approval', GROUP, true);
const SIGNER = right('approve', 'signers', GROUP, true);
const CLIENTS = 'kubernetes.io/kube-apiserver-client';

/** A client certificate for any user and groups, but those of superusers. */
export const csrApprove: Technique = {
  id: 'csr-approve',
  title: 'approve a certificate of one’s own',
  takes:
    'create certificatesigningrequests; update or patch certificatesigningrequests/approval and, in the same identity, approve on the signer kubernetes.io/kube-apiserver-client; and get, list or watch of the request, unless it is patched, since the answer holds the certificate.',
  gives: 'A certificate for any user name and any groups but system:masters. It cannot be revoked.',
  blockers: [
    'CertificateSubjectRestriction refuses system:masters.',
    'A cluster whose controller manager signs no such certificates.',
  ],
  mitre: ['T1098'],
  microsoft: [],
  references: ['kubernetes plugin/pkg/admission/certificates'],
  *ofIdentity(actor, attacker) {
    if (![APPROVE, APPROVE_AND_READ, CREATE, READ].some((wanted) => attacker.rights(actor, wanted).length > 0)) return;
    const met = attacker.meet({ steps: signed(true) }) ?? attacker.meet({ steps: signed(false) });
    if (!met) return;
    for (const to of anybody(attacker)) {
      if (attacker.hasKey(keyOfPosition(to))) continue;
      const who = to.identity.user ?? to.subject.name;
      const steps = met.taken.map((step, index) =>
        index === 0 ? { ...step, words: `${step.words} for ${who}` } : step,
      );
      yield { technique: csrApprove.id, to, steps, from: met.from, ...CERTAIN };
    }
  },
  *toward(goal): Generator<Requirement> {
    if (goal.kind === 'identity' && !goal.identity.groups.includes(MASTERS))
      yield { technique: csrApprove.id, steps: signed(true) };
  },
};

/** The signer may be named, or all signers of its domain. */
function signed(answers: boolean): Step[] {
  const signers = [CLIENTS, `${CLIENTS.split('/')[0]}/*`];
  const approve = answers ? APPROVE_AND_READ : APPROVE;
  return [
    {
      words: 'create a CertificateSigningRequest',
      any: [[{ wanted: CREATE, namespace: null, name: null, creates: true, ofAny: true }]],
    },
    {
      words: 'approve it',
      any: signers.map((name) => [
        { wanted: approve, namespace: null, name: null, ofAny: true as const },
        { wanted: SIGNER, namespace: null, name },
      ]),
    },
    ...(answers
      ? []
      : [
          {
            words: 'read the certificate',
            any: [[{ wanted: READ, namespace: null, name: null, ofAny: true as const }]],
          },
        ]),
  ];
}

/** Everybody whom bindings name. */
function* anybody({ world }: Attacker) {
  const groups = new Set<string>();
  const seen = new Set<string>();
  for (const { namespace, subjects } of [...world.list('clusterrolebindings'), ...world.list('rolebindings')])
    for (const { kind, namespace: own, name } of subjects) {
      if (kind === 'Group' && name !== MASTERS) groups.add(name);
      const home = own ?? namespace;
      const user = kind === 'User' ? name : kind === 'ServiceAccount' && home !== null ? accountUser(home, name) : null;
      if (user === null || seen.has(user)) continue;
      seen.add(user);
      yield identityPosition({ kind: 'User', namespace: null, name: user });
    }
  for (const name of groups) yield identityPosition({ kind: 'Group', namespace: null, name });
  for (const { name } of world.list('nodes'))
    yield identityPosition({ kind: 'User', namespace: null, name: `${NODE_USER}${name}` });
}
