import { DEFAULT_SCALAR_STYLE_RULES, dump, SCALAR_STYLE_DOUBLE_QUOTED, type ScalarStyleRule } from 'js-yaml';
import type { Answer, AnswerList } from '../answer/answer.ts';
import { UNSAFE } from '../answer/unsafe.ts';

/** A single answer as it is where a list was not asked for, else an AnswerList, of however many. */
function documentOf(answers: readonly Answer[], asList: boolean): Answer | AnswerList {
  const [first, ...others] = answers;
  return !asList && first && others.length === 0
    ? first
    : { apiVersion: 'whocan-escalate/v1alpha1', kind: 'AnswerList', items: [...answers] };
}

/** JSON that reads back exactly; what a terminal would obey or hide is spelled `\uXXXX`, which only strings can hold. */
export const toJson = (answers: readonly Answer[], asList: boolean): string =>
  `${JSON.stringify(documentOf(answers, asList), null, 2).replace(HIDDEN, utf16)}\n`;

/** YAML that reads back exactly, by YAML 1.1 and 1.2 alike; strings with what a terminal would obey or hide are double-quoted. */
export function toYaml(answers: readonly Answer[], asList: boolean): string {
  const scalarStyleRules = [quoteHidden, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)];
  return dump(documentOf(answers, asList), { lineWidth: -1, noRefs: true, scalarStyleRules }).replace(HIDDEN, codePoint);
}

const quoteHidden: ScalarStyleRule = (layout) => {
  if (layout.node.value.search(UNSAFE) !== -1) layout.style = SCALAR_STYLE_DOUBLE_QUOTED;
};

/** Line breaks are the document's own: those of strings are escaped already. */
const HIDDEN = new RegExp(`(?!\\n)${UNSAFE.source}`, 'gv');

const utf16 = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
