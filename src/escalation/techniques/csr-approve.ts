import { type CertificateRequest, type Command, REQUEST, requests } from '../../answer/command.ts';
import { AUTHENTICATED, MASTERS, NODE_USER } from '../../rbac/subjects.ts';
import { applyCommand, replaceCommand, writeCommand } from '../../spawn/commands/commands.ts';
import { readCommand } from '../../spawn/commands/read-command.ts';
import type { Right } from '../../spawn/rights/holder.ts';
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
      .flatMap((name) =>
        [true, false].flatMap((answers) => {
          const found = attacker.meet({ steps: signed(answers, name) });
          return found ? [{ ...found, name }] : [];
        }),
      )
      .next().value;
    if (!met) return;
    for (const to of anybody(attacker)) {
      if (attacker.has(to)) continue;
      const who = to.identity.user ?? to.subject.name;
      const { groups } = to.identity;
      const steps = met.taken.map((step, index) =>
        index === 0
          ? {
              ...step,
              words: `${step.words} for ${who}`,
              attack: () => requestCommand(met.name, { user: to.identity.user ?? met.name, groups }, step.rights[0]),
            }
          : step,
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
      attack: ([by]) => (by ? approveCommand(name, by) : null),
    },
    ...(answers
      ? []
      : [
          {
            words: 'read the certificate',
            any: [[{ wanted: READ, namespace: null, name }]],
            attack: ([by]: readonly Right[]) =>
              by ? readCommand({ kind: 'CertificateSigningRequest' }, by, null, name) : null,
          },
        ]),
  ];
}

const named = (name: string) => ({
  ...{ apiVersion: `${GROUP}/v1`, kind: 'CertificateSigningRequest', metadata: { name } },
});

/** The key is made where the command is run. The server itself adds the group of all who are authenticated. */
function requestCommand(
  name: string,
  { user, groups }: CertificateRequest,
  by: Right | undefined,
): Command<'changes'> | null {
  if (!by || !isCertifiable({ user, groups })) return null;
  const spec = { request: REQUEST, signerName: CLIENTS, usages: ['client auth'] };
  return requests(writeCommand({ ...named(name), spec }, by), {
    user,
    groups: groups.filter((group) => group !== AUTHENTICATED),
  });
}

/** Run again once the certificate is issued, the answer to a patch holds it. */
function approveCommand(name: string, by: Right): Command<'changes'> {
  const condition = { type: 'Approved', status: 'True', reason: 'Approved', message: 'Approved' };
  const approved = { ...named(name), status: { conditions: [condition] } };
  if (by.verb === 'patch') return applyCommand(approved, 'approval', ['-o', 'yaml']);
  return replaceCommand(`/apis/${GROUP}/v1/certificatesigningrequests/${name}/approval`, approved);
}

/**
 * Everybody who is known, but superusers: whoever else there may be has no rights of its own. Those whose names openssl
 * takes come first.
 */
function anybody(attacker: Attacker): IdentityPosition[] {
  const { world } = attacker;
  const { users, groups } = namedSubjects(attacker);
  const all = [
    ...users.map((name) => identityPosition({ kind: 'User', namespace: null, name })),
    ...accountsOf(world).all.map(positionOfAccount),
    ...groups
      .filter((name) => name !== MASTERS)
      .map((name) => identityPosition({ kind: 'Group', namespace: null, name })),
    ...world
      .list('nodes')
      .map(({ name }) => identityPosition({ kind: 'User', namespace: null, name: `${NODE_USER}${name}` })),
  ];
  const isShort = ({ identity }: IdentityPosition): boolean => isCertifiable(identity);
  return [...all.filter(isShort), ...all.filter((each) => !isShort(each))];
}

/** Whether openssl makes a request of these names, of which X.520 allows 64 characters. */
const isCertifiable = ({ user, groups }: { user: string | null; groups: readonly string[] }): boolean =>
  [user ?? '', ...groups].every((name) => name.length <= 64);
