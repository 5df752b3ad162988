import { type Mutation, mistakes } from '../helpers/mutate.ts';

/** Deliberate mistakes in how misspelt words and subjects are read, each of which a row has to notice. */
export const MUTATIONS: readonly Mutation[] = [
  ...mistakes('near-misses.ts', [
    ['two wrong parts are one', 'return misses.length === 1 && misspelt.length === 0 ?', 'return misses.length >= 1 ?'],
    ['a wrong part hides a misspelt one', 'misses.length === 1 && misspelt.length === 0', 'misses.length === 1'],
    [
      'one misspelt word is the most',
      "misspelt.length === 0 ? 'none' :",
      "misspelt.length > 1 ? undefined : misspelt.length === 0 ? 'none' :",
    ],
    ['a group in the resource does not count', "word?.implies.has('group') && rule", 'false && rule'],
    ['a group in the resource counts against others', " && rule.apiGroups.every((each) => each === '')", ''],
    ['exec on pods does not say the subresource', 'if (isSaidByVerb) ofResource = null;', ''],
    ['any misspelt verb says the subresource', "&& ofVerb.implies.has('subresource')", ''],
    ['a subresource alone needs no resource', "misspelt && !(misspelt.implies.has('parent') && !isParent)", 'misspelt'],
    [
      'the parent hides a misspelt subresource',
      'const misspelt = reader.resources(rule);',
      "if (isParent) return 'subresource';\n  const misspelt = reader.resources(rule);",
    ],
    [
      'the false wildcard is a misspelling',
      "if (rule.resources.includes(`${resource}/*`)) return 'star-subresource';",
      '',
    ],
    ['the words of verbs are not read', "null : (reader.verbs(rule) ?? 'verb');\n  // ", "null : 'verb';\n  // "],
    ['the words of groups are not read', "(reader.apiGroups(rule) ?? 'api-group')", "'api-group'"],
    ['the words of names are not read', "return reader.resourceNames(rule) ?? 'name';", "return 'name';"],
    ['the words of URLs are not read', 'null : reader.nonResourceURLs(rule);', 'null : undefined;'],
    ['who holds it by one rule misses it by another', 'of allowing.length > 0 ? [] : near)', 'of near)'],
    ['a misspelling counts in any namespace', 'if (scope !== null) {', 'if (scope !== null && allowing.length > 0) {'],
  ]),
  ...mistakes('spellings/spelling.ts', [
    ['what means something else is a misspelling', 'if (isWord(form)) continue;', ''],
    ['one misspelling a word', 'const MOST_AT_ONCE = 3;', 'const MOST_AT_ONCE = 1;'],
    ['a list is told by what its words are', 'path.find(({ first }) => first) ?? path.at(-1)', 'path.at(-1)'],
    ['the first step tells', '?? path.at(-1);', '?? path[0];'],
    ['what a word implies is lost', 'new Set(path.flatMap((each) => each.implies ?? []))', 'new Set<never>()'],
    ['a star stands for one letter', 'resume += 1;\n      [at, from] = [resume, star + 1];', 'return false;'],
    ['a pattern is a beginning', 'return from === pattern.length;', 'return from <= pattern.length;'],
  ]),
  ...mistakes('spellings/reader.ts', [
    ['resources that exist are words for others', 'words.resources.has(form) || form === resource', 'false'],
    ['the name in a resource is not read', '?? nameInResource(rule, request),', ','],
    ['kinds are not known', 'kind: found?.kind ?? singular', 'kind: singular'],
    ['short names are not known', 'shortNames: found?.shortNames ?? []', 'shortNames: []'],
    [
      'patterns are read only where a name is asked for',
      'resourceNames: (rule) => starInName(rule, request)',
      'resourceNames: nothing',
    ],
  ]),
  ...mistakes('spellings/names.ts', [
    ['letters make a generated name', "'[bcdfghjklmnpqrstvwxz2456789]'", "'[a-z0-9]'"],
    ['only the own ReplicaSet has siblings', ': [`${base}${hash}`, base];', ': [`${base}${hash}`];'],
    ['names of any kind are generated', "resource === 'pods' && isGenerated(name)", 'isGenerated(name)'],
    ['any prefix is a type', 'return called.includes(before.toLowerCase()) || before === namespace;', 'return true;'],
  ]),
  ...mistakes('spellings/subjects.ts', [
    ['it is said of who holds it', 'meant && !applies(written, place) ?', 'meant ?'],
    [
      'a mistaken entry is about anybody',
      'const meant = mistaken.meant.find(isAsked);',
      'const [meant] = mistaken.meant;',
    ],
    [
      'an account needs no namespace',
      'isAccount(written) && written.namespace === null && place === null && !',
      'false && !',
    ],
    [
      'the namespace of the binding is not that of its accounts',
      'accountsNamed(written.name, written.namespace ?? place)',
      'accountsNamed(written.name, null)',
    ],
    ['users are groups', 'kind !== each.subject.kind || !(', '!('],
    ['an account of another kind is none', 'if (name === asked.name) return namesake(written, asked);', ''],
    ['kinds are not looked at', "(kind !== 'User' && kind !== 'Group') || isOdd(name)", 'isOdd(name)'],
    ['stars are names', 'first <= STAR', 'first < STAR'],
  ]),
  ...mistakes('spellings/subject-names.ts', [
    ['two providers are one', '[WRITTEN.slice(0, STRAY), []] : [WRITTEN, BOTH]', '[WRITTEN, BOTH] : [WRITTEN, BOTH]'],
    [
      'only the entry has a prefix',
      'const back = read(asked, written, theirs);',
      'const back = read(asked, written, []);',
    ],
    ['capitals count', 'a.toLowerCase() === b.toLowerCase()', 'a === b'],
  ]),
];
