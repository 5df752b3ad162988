/**
 * A name of a Unicode class, as in `\p{name}`, in the spelling of re2js. Go ignores case, blanks, dashes and
 * underscores in names, knows the long names of categories, and finds no script whose name has an underscore. Mirrors
 * unicodeTable and canonicalName in Go's regexp/syntax/parse.go since Go 1.25.
 */
export function className(name: string): string {
  const canonical = canonicalName(name);
  return CATEGORIES.get(canonical) ?? canonical;
}

/** The name without ignored characters, with a capital first letter and all others in lower case. */
function canonicalName(name: string): string {
  const letters = name.replaceAll(/[_ -]/g, '').replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return letters.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}

/** The long names of categories, as `canonicalName` spells them. Mirrors Go's unicode.CategoryAliases. */
const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ...(
    [
      ['C', 'Other'],
      ['Cc', 'Control', 'Cntrl'],
      ['Cf', 'Format'],
      ['Cn', 'Unassigned'],
      ['Co', 'PrivateUse'],
      ['Cs', 'Surrogate'],
      ['L', 'Letter'],
      ['Lc', 'CasedLetter'],
      ['Ll', 'LowercaseLetter'],
      ['Lm', 'ModifierLetter'],
      ['Lo', 'OtherLetter'],
      ['Lt', 'TitlecaseLetter'],
      ['Lu', 'UppercaseLetter'],
      ['M', 'Mark', 'CombiningMark'],
      ['Mc', 'SpacingMark'],
      ['Me', 'EnclosingMark'],
      ['Mn', 'NonspacingMark'],
      ['N', 'Number'],
      ['Nd', 'DecimalNumber', 'Digit'],
      ['Nl', 'LetterNumber'],
      ['No', 'OtherNumber'],
      ['P', 'Punctuation', 'Punct'],
      ['Pc', 'ConnectorPunctuation'],
      ['Pd', 'DashPunctuation'],
      ['Pe', 'ClosePunctuation'],
      ['Pf', 'FinalPunctuation'],
      ['Pi', 'InitialPunctuation'],
      ['Po', 'OtherPunctuation'],
      ['Ps', 'OpenPunctuation'],
      ['S', 'Symbol'],
      ['Sc', 'CurrencySymbol'],
      ['Sk', 'ModifierSymbol'],
      ['Sm', 'MathSymbol'],
      ['So', 'OtherSymbol'],
      ['Z', 'Separator'],
      ['Zl', 'LineSeparator'],
      ['Zp', 'ParagraphSeparator'],
      ['Zs', 'SpaceSeparator'],
    ] as const
  ).flatMap(([short, ...names]) => names.map((name) => [canonicalName(name), short] as const)),
]);
