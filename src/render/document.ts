import { DEFAULT_SCALAR_STYLE_RULES, dump, SCALAR_STYLE_DOUBLE_QUOTED, type ScalarStyleRule } from 'js-yaml';
import type { Answer, AnswerList } from '../answer/answer.ts';
import { UNSAFE } from '../answer/unsafe.ts';
import { Sharing } from './sharing.ts';

/** A single answer as it is where a list was not asked for, else an AnswerList, of however many. */
function documentOf(answers: readonly Answer[], asList: boolean): Answer | AnswerList {
  const [first, ...others] = answers;
  return !asList && first && others.length === 0
    ? first
    : { apiVersion: 'whocan-escalate/v1alpha1', kind: 'AnswerList', items: [...answers] };
}

/**
 * JSON that reads back exactly, in pieces; what a terminal would obey or hide is spelled `\uXXXX`, which only strings
 * can hold. Of an answer with many findings each is one line and one piece: tens of thousands are half as long, and are
 * never all in memory.
 */
export function* toJson(answers: readonly Answer[], asList: boolean): Generator<string> {
  for (const piece of documentPieces(documentOf(answers, asList)))
    yield PLAIN.test(piece) ? piece : piece.replace(HIDDEN, utf16);
  yield '\n';
}

function* documentPieces(document: Answer | AnswerList): Generator<string> {
  if (document.kind === 'Answer') return yield* answerPieces(document, '');
  if (document.items.length === 0) return yield JSON.stringify(document, null, 2);
  yield cut(JSON.stringify({ ...document, items: [] }, null, 2), 'items').head;
  for (const [index, answer] of document.items.entries()) {
    yield `${index === 0 ? '' : ','}\n    `;
    yield* answerPieces(answer, '    ');
  }
  yield '\n  ]\n}';
}

function* answerPieces(answer: Answer, indent: string): Generator<string> {
  const indented = (text: string): string => (indent === '' ? text : text.replaceAll('\n', `\n${indent}`));
  if (answer.findings.length <= MANY) return yield indented(JSON.stringify(answer, null, 2));
  const { head, rest } = cut(JSON.stringify({ ...answer, findings: [] }, null, 2), 'findings');
  yield indented(head);
  const sharing = answer.findings.some(({ spawn }) => spawn) ? new Sharing() : null;
  for (const [index, finding] of answer.findings.entries())
    yield `${index === 0 ? '' : ','}\n${indent}    ${JSON.stringify(sharing ? sharing.line(finding) : finding)}`;
  if (!sharing) return yield indented(`\n  ]${rest}`);
  yield `\n${indent}  ],\n${indent}  "shared": {`;
  let isFirst = true;
  for (const entry of sharing.entries()) {
    yield `${isFirst ? '' : ','}\n${indent}    ${entry}`;
    isFirst = false;
  }
  yield indented(`\n  }${rest}`);
}

/**
 * A document in two where its empty list of that name stands: no string holds a line break, so that no other text can
 * look like it.
 */
function cut(document: string, list: string): { head: string; rest: string } {
  const [head = '', rest = ''] = document.split(`\n  "${list}": []`);
  return { head: `${head}\n  "${list}": [`, rest };
}

const MANY = 1000;

/**
 * YAML that reads back exactly, by YAML 1.1 and 1.2 alike; strings with what a terminal would obey or hide are
 * double-quoted.
 */
export const toYaml = (answers: readonly Answer[], asList: boolean): string => plainYaml(documentOf(answers, asList));

/** A value that is no answer, as YAML in the same way. */
export function plainYaml(value: object): string {
  const scalarStyleRules = [quoteHidden, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)];
  return dump(value, { lineWidth: -1, noRefs: true, scalarStyleRules }).replace(HIDDEN, codePoint);
}

/** A value that is no answer, as JSON that reads back exactly and has nothing that a terminal would obey or hide. */
export const plainJson = (value: object): string => `${JSON.stringify(value, null, 2).replace(HIDDEN, utf16)}\n`;

const quoteHidden: ScalarStyleRule = (layout) => {
  if (layout.node.value.search(UNSAFE) !== -1) layout.style = SCALAR_STYLE_DOUBLE_QUOTED;
};

/** Nothing in it has to be looked at more closely. */
const PLAIN = /^[\n -~]*$/;

/** Line breaks are the document's own: those of strings are escaped already. */
const HIDDEN = new RegExp(`(?!\\n)${UNSAFE.source}`, 'gv');

const utf16 = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
