import type { Answer } from '../../answer/answer.ts';
import { reads, type Safe } from '../../answer/command.ts';
import { canI } from '../../rbac/can-i.ts';
import type { Request } from '../../rbac/request.ts';
import type { Identity } from '../../rbac/subjects.ts';
import { safeCommand } from '../terminal/shell.ts';
import { DOORS } from './ways-in.ts';

interface Claim {
  identity: Identity;
  request: Request;
}

/** An answer with the claims that a server can check. */
export interface Claimed {
  answer: Answer;
  checks: () => readonly Claim[];
  /** A right to check where no claim is made of one alone. */
  hint?: () => Claim | null;
}

/**
 * What to do next, for stderr on a terminal: another question, and a line that lets the reader check the answer with
 * kubectl. Safe to print and to paste. `source`: the words that lead to the same cluster or file (`--context prod`). No
 * checks: no server to ask. No line is wider than `width`: a command is continued as a shell reads it. `explain`: what
 * was asked shows the proof already.
 */
export function hints(
  asked: readonly Claimed[],
  source: readonly string[],
  { width = Number.POSITIVE_INFINITY, explain = false }: { width?: number; explain?: boolean } = {},
): string[] {
  const next = asked.map(({ answer }) => nextQuestion(answer, explain)).find((words) => words !== null);
  const [first] = asked;
  const check = first?.checks()[0] ?? first?.hint?.();
  const hint = (word: string, command: Safe): string[] =>
    safeCommand(command, source)
      .wrapped(width - HANG)
      .map(({ shown }, index) => `${(index === 0 ? word : '').padEnd(HANG)}${shown}`);
  return [
    ...(next ? hint('Try:', reads('whocan-escalate', ...next)) : []),
    ...(check ? hint('Check:', canI(check.identity, check.request)) : []),
  ];
}

/** Where the command begins. */
const HANG = 'Check: '.length;

/**
 * From a door to the whole card of the pod, and from there to the first door that somebody can use; from who gets
 * privileged pods to the proof of one, and from all pods that open raw sockets to what ends it for one.
 */
function nextQuestion({ question, target, findings }: Answer, explain: boolean): string[] | null {
  if (question === 'privileged' && target?.kind !== 'Pod') {
    if (explain && target !== null) return null;
    const found = findings.find(
      ({ accepted, verdict, spawn }) => spawn && !accepted && (target !== null || verdict !== 'no'),
    );
    return found ? ['privileged', ...subjectWords(found.subject), '--explain'] : null;
  }
  if (question === 'raw-sockets' && target === null) {
    const worst =
      findings.find(({ answer }) => answer === 'yes') ?? findings.find(({ verdict }) => verdict === 'depends');
    return worst ? ['raw-sockets', worst.object.name, '-n', worst.object.namespace ?? 'default', '--explain'] : null;
  }
  if (target?.kind !== 'Pod') return null;
  const pod = [
    target.name.startsWith('-') ? `pod/${target.name}` : target.name,
    ...(target.namespace === null ? [] : ['-n', target.namespace]),
  ];
  if (question !== 'pod') return ['pod', ...pod];
  const door = [...DOORS].find(([id]) =>
    findings.some((finding) => finding.id === id && !finding.accepted && finding.verdict !== 'no'),
  );
  return door ? [door[0] === 'node-proxy-kubelet' ? 'exec' : door[1], ...pod, '--explain'] : null;
}

/** As `privileged` takes them: `sa/builder -n ci`. */
const subjectWords = ({ kind, namespace, name }: Answer['findings'][number]['subject']): string[] =>
  kind === 'ServiceAccount'
    ? [`sa/${name}`, ...(namespace === null ? [] : ['-n', namespace])]
    : [`${kind.toLowerCase()}/${name}`];
