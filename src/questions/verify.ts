import type { Answer, Verification } from '../answer/answer.ts';
import type { Unknown } from '../answer/unknown.ts';
import type { Leaning } from '../answer/verdict.ts';
import type { Request } from '../rbac/request.ts';
import type { Identity } from '../rbac/subjects.ts';
import type { Asked, DryRun } from './question.ts';

/** What the server says to one check. */
type ServerAnswer = { answer: 'yes' | 'no'; reason: string } | { unanswered: string };

/** Asks the server about the rights of an identity. */
export type AskServer = (identity: Identity, request: Request) => Promise<ServerAnswer>;
/** Sends it a pod as a dry run. */
export type TryPod = (run: DryRun) => Promise<ServerAnswer>;

/**
 * Holds an answer against the server: asks it every check, and tries every pod where the question has some. Where it
 * contradicts, the verdict becomes `depends`: something besides what was read, or a change since then, decides.
 */
export async function verify(
  { answer, checks: makeChecks, trials, isGate }: Asked,
  askServer: AskServer,
  tryPod?: TryPod,
): Promise<Answer> {
  const checks: Claim[] = [
    ...makeChecks().map((check) => ({ ...check, likelyCause, ask: () => askServer(check.identity, check.request) })),
    ...(tryPod
      ? (trials?.() ?? []).map((run) => ({ ...run, likelyCause: likelyCauseOfPod, ask: () => tryPod(run) }))
      : []),
  ];
  const replies = await Promise.all(checks.map(async (check) => ({ check, reply: await check.ask() })));
  const unanswered = replies.flatMap(({ reply }) => ('unanswered' in reply ? [reply.unanswered] : []));
  const contradictions = replies.flatMap(({ check, reply }) => contradiction(check, reply));
  const verification: Verification = {
    asked: checks.length,
    agreed: checks.length - unanswered.length - contradictions.length,
    unanswered: unanswered.length,
    contradictions,
    note: unanswered[0] ?? null,
  };
  if (contradictions.length === 0) return { ...answer, verification };
  const unknown: Unknown = {
    kind: 'opaque',
    what: 'the server contradicts this answer',
    why: contradictions[0]?.likelyCause ?? '',
    affects: `${contradictions.length} of ${checks.length} checked claims`,
  };
  return {
    ...answer,
    verdict: 'depends',
    leaning: isGate ? leaningOfGate(answer, contradictions) : leaningOf(answer, checks, contradictions),
    unknowns: [unknown, ...answer.unknowns],
    verification,
  };
}

/** The way of the server: yes where it allows what is denied here, no where it denies all that is allowed here. */
function leaningOf(
  { verdict, leaning }: Answer,
  checks: readonly Claim[],
  contradictions: Verification['contradictions'],
): Leaning {
  if (contradictions.some(({ server }) => server === 'yes')) return 'yes';
  if (contradictions.length === checks.filter(({ expected }) => expected === 'yes').length) return 'no';
  return verdict === 'depends' ? leaning : verdict;
}

/** A gate is closed by one refusal: open only where the server allows all that is refused here. */
function leaningOfGate({ findings }: Answer, contradictions: Verification['contradictions']): Leaning {
  const refused = findings.filter(({ verdict }) => verdict === 'no').length;
  if (contradictions.some(({ server }) => server === 'no') || contradictions.length < refused) return 'no';
  return findings.some(({ verdict, leaning }) => verdict === 'depends' && leaning !== 'yes') ? null : 'yes';
}

function contradiction(
  { label, expected, likelyCause: causeOf }: Claim,
  reply: ServerAnswer,
): Verification['contradictions'] {
  if ('unanswered' in reply || reply.answer === expected) return [];
  return [
    {
      question: label,
      expected,
      server: reply.answer,
      reason: reply.reason,
      likelyCause: causeOf(expected, reply.reason),
    },
  ];
}

/** Something that the server is asked, with what would explain another answer. */
interface Claim {
  label: string;
  expected: 'yes' | 'no';
  ask: () => Promise<ServerAnswer>;
  likelyCause: (expected: 'yes' | 'no', reason: string) => string;
}

function likelyCauseOfPod(expected: 'yes' | 'no', reason: string): string {
  if (/is forbidden: User .* cannot create resource "pods"/.test(reason)) return likelyCause('yes', reason);
  return expected === 'yes'
    ? 'admission that the API does not show (a file of the API server, a webhook), or a change since the objects were read'
    : 'an exemption in a file of the API server, a change of the pod on its way in, or a change since the objects were read';
}

/** RBAC names the binding in its reason; other authorizers don't. */
function likelyCause(expected: 'yes' | 'no', reason: string): string {
  if (expected === 'yes') return 'an authorizer before RBAC denies it, or the grant was taken away since it was read';
  return reason.startsWith('RBAC: allowed')
    ? 'the grant was made since the objects were read'
    : 'another authorizer (a webhook, Node, ABAC) allows it';
}
