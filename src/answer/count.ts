/**
 * `1 subject`, `3 subjects`, `1 namespace depends`, `2 namespaces depend`: a number with its noun, and its verb where
 * there is one.
 */
export const count = (number: number, noun: string, verb = ''): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}${verb === '' ? '' : ` ${verb}${number === 1 ? 's' : ''}`}`;
