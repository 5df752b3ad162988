import { MASTERS, NODE_USER } from '../../rbac/subjects.ts';
import type { Attacker } from '../attacker.ts';
import type { Requirement, Step } from '../derivation.ts';
import { CERTAIN } from '../derivation.ts';
import { PLACEHOLDER } from '../handed.ts';
import { type IdentityPosition, identityPosition } from '../position.ts';
import { namedSubjects } from '../subjects.ts';
import { accountsOf, positionOfAccount } from '../targets.ts';
import type { Technique } from '../technique.ts';
import { right } from '../wanted.ts';

const GROUP = 'certificates.k8s.io';
const CREATE = right('create', 'certificatesigningrequests', GROUP, true);
/** The answers to patch and delete hold the object, and so the certificate. */
const READ = right(['get', 'list', 'watch', 'patch', 'delete'], 'certificatesigningrequests', GROUP, true);
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
    const isConcerned = [APPROVE, APPROVE_AND_READ, READ].some((wanted) => attacker.rights(actor, wanted).length > 0);
    if (!isConcerned && attacker.rights(actor, CREATE, true).length === 0) return;
    const met = namesIn(attacker)
      .values()
      .flatMap((name) => [true, false].map((answers) => attacker.meet({ steps: signed(answers, name) })))
      .find((found) => found !== null);
    if (!met) return;
    for (const to of anybody(attacker)) {
      if (attacker.has(to)) continue;
      const who = to.identity.user ?? to.subject.name;
      const steps = met.taken.map((step, index) =>
        index === 0 ? { ...step, words: `${step.words} for ${who}` } : step,
      );
      yield { technique: csrApprove.id, to, steps, from: met.from, ...CERTAIN };
    }
  },
  *toward(goal): Generator<Requirement> {
    if (goal.kind === 'identity' && !goal.identity.groups.includes(MASTERS))
      yield { technique: csrApprove.id, steps: signed(true, PLACEHOLDER) };
  },
};

/** The names that a request may have: one of the attacker's own, and those to which rights are limited. */
const namesIn = (attacker: Attacker): Set<string> =>
  new Set([
    PLACEHOLDER,
    ...attacker
      .able({ wanted: CREATE, creates: true })
      .flatMap((actor) => attacker.rights(actor, CREATE, true).flatMap(({ names }) => names ?? [])),
    ...[APPROVE, APPROVE_AND_READ, READ].flatMap((wanted) =>
      attacker.able({ wanted }).flatMap((actor) => attacker.rights(actor, wanted).flatMap(({ names }) => names ?? [])),
    ),
  ]);

/**
 * The requests about one CertificateSigningRequest. The signer may be named, or all signers of its domain; with
 * `answers` the answer to the approval holds the certificate.
 */
function signed(answers: boolean, name: string): Step[] {
  const signers = [CLIENTS, `${CLIENTS.split('/')[0]}/*`];
  const approve = answers ? APPROVE_AND_READ : APPROVE;
  return [
    {
      words: 'create a CertificateSigningRequest',
      any: [[{ wanted: CREATE, namespace: null, name, creates: true }]],
    },
    {
      words: 'approve it',
      any: signers.map((signer) => [
        { wanted: approve, namespace: null, name },
        { wanted: SIGNER, namespace: null, name: signer },
      ]),
    },
    ...(answers ? [] : [{ words: 'read the certificate', any: [[{ wanted: READ, namespace: null, name }]] }]),
  ];
}

/** Everybody who is known, but superusers: whoever else there may be has no rights of its own. */
function* anybody(attacker: Attacker): Generator<IdentityPosition> {
  const { world } = attacker;
  const { users, groups } = namedSubjects(attacker);
  for (const name of users) yield identityPosition({ kind: 'User', namespace: null, name });
  for (const account of accountsOf(world).all) yield positionOfAccount(account);
  for (const name of groups) if (name !== MASTERS) yield identityPosition({ kind: 'Group', namespace: null, name });
  for (const { name } of world.list('nodes'))
    yield identityPosition({ kind: 'User', namespace: null, name: `${NODE_USER}${name}` });
}
