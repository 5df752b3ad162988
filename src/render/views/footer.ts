import type { Answer, Verification } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { Paint } from '../terminal/paint.ts';
import { type Printable, sentence } from '../terminal/printable.ts';
import { type Column, table } from '../terminal/table.ts';
import type { View } from './view.ts';

/**
 * What ends every output and is never cut: what the server said, what is not known, what was assumed; each once for all
 * answers. `isOneScreen`: without the reasons of what is not known.
 */
export function footer(
  answers: readonly Answer[],
  { paint, verbose, width }: View,
  isOneScreen = false,
): Printable[][] {
  const unknowns = mergeUnknowns(
    answers.flatMap(({ unknowns, findings }) => [
      ...unknowns,
      ...findings.flatMap((finding) => (finding.accepted ? [] : finding.unknowns)),
    ]),
  );
  const assumptions = [...new Set(answers.flatMap((answer) => answer.assumptions))];
  const verifications = new Set(answers.flatMap(({ verification }) => verification ?? []));
  const verified = [...verifications].flatMap((verification) => verificationLines(verification, paint));
  if (isOneScreen) return [[...verified, ...openLines(unknowns, paint), ...assumed(assumptions, false)]];
  return [
    verified,
    section(paint('depends', sentence`Not known:`), table(UNKNOWN, unknowns, false, width)),
    assumed(assumptions, verbose)
      .flatMap((line) => line.wrapped(width, 4))
      .map((line) => paint('faint', line)),
  ];
}

/** Never cut, and one by one only where somebody wants to know: what may differ in any cluster changes no verdict. */
function assumed(assumptions: readonly string[], verbose: boolean): Printable[] {
  if (verbose)
    return section(
      sentence`Assumed:`,
      assumptions.map((text) => sentence`  ${text}`),
    );
  const { length } = assumptions;
  return length === 0 ? [] : [sentence`${count(length, 'assumption')}: -v lists ${length === 1 ? 'it' : 'them'}`];
}

/** `forbidden  rolebindings in namespace shop: 403 Forbidden (affects every no)`. */
const UNKNOWN: Column<Unknown>[] = [
  { title: 'KIND', value: (unknown) => sentence`  ${kindWord(unknown)}` },
  {
    title: 'WHAT',
    value: ({ what, why, affects }) => sentence`${what}: ${inShort(why)} (affects ${affects})`,
    prose: true,
  },
];

const openLines = (unknowns: readonly Unknown[], paint: Paint): Printable[] =>
  unknowns.map((unknown) => {
    const kind = unknown.kind === 'invisible' ? 'not known' : kindWord(unknown);
    return sentence`${paint('depends', sentence`${kind}`)}: ${unknown.what} (affects ${unknown.affects})`;
  });

/** The kind of an unknown, in the reader's words. */
function kindWord({ kind, why }: Unknown): string {
  if (kind === 'unreadable') return /^403\b/.test(why) ? 'forbidden' : 'unread';
  return kind === 'invisible' ? 'unknown' : kind;
}

/** A refusal without the words that only repeat what was refused; as whom one was refused tells most. */
const inShort = (why: string): string => why.replace(REFUSAL, '$<status> to $<caller>');

/** Mirrors apiserver pkg/endpoints/handlers/responsewriters/errors.go ForbiddenStatusError. */
const REFUSAL =
  /^(?<status>403 Forbidden): \S+(?: "[^"]*")? is forbidden: (?<caller>User "(?:[^"\\]|\\.)*") cannot (?:list|get) resource "[^"]*" in API group "[^"]*" (?:at the cluster scope|in the namespace "[^"]*")$/;

const section = (heading: Printable, lines: readonly Printable[]): Printable[] =>
  lines.length === 0 ? [] : [heading, ...lines];

/** One line for one cause, with everything that it affects. */
function mergeUnknowns(unknowns: readonly Unknown[]): Unknown[] {
  const causes = Map.groupBy(unknowns, ({ kind, what, why }) => JSON.stringify([kind, what, why]));
  return [...causes.values()].flatMap((same) => {
    const affects = [...new Set(same.map((unknown) => unknown.affects))].join('; ');
    return same.slice(0, 1).map((unknown) => ({ ...unknown, affects }));
  });
}

function verificationLines(
  { asked, agreed, unanswered, contradictions, note }: Verification,
  paint: Paint,
): Printable[] {
  const outcome = [
    ...(contradictions.length > 0 ? [`${contradictions.length} CONTRADICTED`] : []),
    agreed === asked ? 'all agree' : `${agreed} agree`,
    ...(unanswered > 0 ? [`${unanswered} not answered`] : []),
  ].join(', ');
  const line = sentence`Verified ${count(asked, 'answer')} with the server: ${asked === 0 ? 'nothing to ask' : outcome}${note === null ? '' : ` (${note})`}`;
  return [
    contradictions.length > 0 ? paint('yes', line) : line,
    ...contradictions.map(({ question, expected, server, reason, likelyCause }) =>
      paint(
        'yes',
        sentence`  CONTRADICTED: ${question}: here ${expected}, the server says ${server}${reason === '' ? '' : ` (${reason})`}; likely cause: ${likelyCause}`,
      ),
    ),
  ];
}
