import type { Mutation } from './mutate.ts';

/**
 * Deliberate mistakes in src/rbac. A `rule` is one of the matcher's own: without it at least 50 tuples must have
 * another answer. The others only have to be noticed.
 */
export const MUTATIONS: readonly (Mutation & { rule: boolean })[] = [
  ...rules('match.ts', [
    ['verbs: star matches any', "verbs.includes('*') || ", ''],
    ['verbs: equal', ' || verbs.includes(verb)', ''],
    ['verbs: case counts', 'verbs.includes(verb)', 'verbs.some((each) => each.toLowerCase() === verb.toLowerCase())'],
    [
      'verbs: URLs too are asked for with a verb',
      '!verbMatches(rule, request.verb)',
      '!isUrlRequest(request) && !verbMatches(rule, request.verb)',
    ],
    ['groups: star matches any', "apiGroups.includes('*') || ", ''],
    ['groups: equal', ' || apiGroups.includes(group)', ''],
    [
      'groups: are compared',
      "apiGroups.includes('*') || apiGroups.includes(group)",
      'apiGroups.length > 0 || group === null',
    ],
    [
      'groups: the empty one is the core group, no wildcard',
      "apiGroups.includes('*') ||",
      "apiGroups.includes('*') || apiGroups.includes('') ||",
    ],
    ['resources: star matches any', "if (resources.includes('*')) return true;", ''],
    [
      'resources: star includes subresources',
      "if (resources.includes('*')) return true;",
      "if (resources.includes('*')) return subresource === '';",
    ],
    ['resources: equal', "=== '') return resources.includes(resource)", "=== '') return false"],
    ['resources: subresource equal', 'resources.includes(`${resource}/${subresource}`) || ', ''],
    ['resources: star before a subresource', ' || resources.includes(`*/${subresource}`)', ''],
    [
      'resources: no subresource is included',
      "if (subresource === '') return",
      "if (subresource === '' || resources.includes(resource)) return",
    ],
    [
      'resources: star after the slash is no wildcard',
      'resources.includes(`${resource}/${subresource}`)',
      'resources.some((each) => each === `${resource}/${subresource}` || each === `${resource}/*`)',
    ],
    ['names: none listed means any', 'if (resourceNames.length === 0) return null;', ''],
    ['names: equal', 'return listed === name;', "return listed === '' && name === '';"],
    [
      'names: are compared',
      'if (resourceNames.length === 0) return null;',
      'if (resourceNames.length >= 0) return null;',
    ],
    [
      'names: the empty one matches where none is given',
      'return listed === name;',
      "return listed === name && name !== '';",
    ],
    ['names: star is literal', 'return listed === name;', "return listed === name || listed === '*';"],
    ['names: a rule with names needs one', 'return listed === name;', "return listed === name || name === '';"],
    ['URLs: star matches any', "each.endsWith('*') &&", "each !== '*' && each.endsWith('*') &&"],
    ['URLs: equal', 'each === url || ', ''],
    ['URLs: prefix', "(each.endsWith('*') && url.startsWith(trimLetters(each, '*')))", 'false'],
    ['URLs: a prefix keeps its slash', "trimLetters(each, '*')", "trimLetters(trimLetters(each, '*'), '/')"],
    [
      'URLs: a prefix goes beyond one segment',
      "url.startsWith(trimLetters(each, '*'))",
      "url.startsWith(trimLetters(each, '*')) && !url.slice(each.length).includes('/')",
    ],
    ['URLs: all stars at the end are cut off', "trimLetters(each, '*')", 'each.slice(0, -1)'],
    [
      'URLs: star inside is literal',
      'each === url || ',
      "each === url || new RegExp(`^${each.replaceAll('*', '.*')}$`).test(url) || ",
    ],
  ]),
  ...rules('subjects.ts', [
    [
      'subjects: user',
      "if (subject.kind === 'User') return userKey(subject.name);",
      "if (subject.kind === 'User') return undefined;",
    ],
    [
      'subjects: group',
      "if (subject.kind === 'Group') return groupKey(subject.name);",
      "if (subject.kind === 'Group') return undefined;",
    ],
    [
      'subjects: account',
      "return subject.kind === 'ServiceAccount' && namespace",
      "return subject.kind === 'Account' && namespace",
    ],
    [
      "subjects: an account without namespace is of the binding's",
      'subject.namespace ?? bindingNamespace',
      'subject.namespace',
    ],
    [
      'subjects: the namespace that an account names wins',
      'subject.namespace ?? bindingNamespace',
      'bindingNamespace ?? subject.namespace',
    ],
    [
      'subjects: a user may be spelled as an account',
      'return userKey(subject.name)',
      'return subject.name.startsWith(ACCOUNT_USER) ? undefined : userKey(subject.name)',
    ],
    ['subjects: users and groups are told apart', '`Group/${name}`', '`User/${name}`'],
    [
      'subjects: accounts are told apart by namespace',
      '`${ACCOUNT_USER}${namespace}:${name}`',
      '`${ACCOUNT_USER}${name}`',
    ],
    ['subjects: case counts', '`User/${name}`', '`User/${name.toLowerCase()}`'],
    [
      'subjects: a star is a name',
      'const userKey = (name: string)',
      "const userKey = (name: string) => name === '*' ? groupKey('system:authenticated') : userKey_(name);\nconst userKey_ = (name: string)",
    ],
    ['identities: every group counts', 'groups.map(groupKey)', 'groups.slice(0, 1).map(groupKey)'],
    [
      'identities: accounts are in the group of all accounts',
      '[ALL_ACCOUNTS, accountsOf(account.namespace), ...groups]',
      '[accountsOf(account.namespace), ...groups]',
    ],
    [
      'identities: accounts are in the group of their namespace',
      '[ALL_ACCOUNTS, accountsOf(account.namespace), ...groups]',
      '[ALL_ACCOUNTS, ...groups]',
    ],
    [
      'identities: who is authenticated is in that group',
      ': [...new Set([...groups, AUTHENTICATED])]',
      ': [...new Set(groups)]',
    ],
    [
      'identities: the anonymous is unauthenticated',
      'withImplicit([UNAUTHENTICATED, ...groups])',
      'withImplicit(groups)',
    ],
  ]),
  ...rules('rbac.ts', [
    ['masters: may do anything', 'if (identity.groups.includes(MASTERS)) return true;', ''],
    ['bindings: a RoleBinding counts in its own namespace', 'request.namespace === binding.namespace', 'false'],
    [
      'bindings: and in no other',
      'return !isUrlRequest(request) && request.namespace === binding.namespace',
      "return !isUrlRequest(request) && request.namespace !== ''",
    ],
    [
      'bindings: nor without one',
      'request.namespace === binding.namespace',
      "(request.namespace === '' || request.namespace === binding.namespace)",
    ],
    [
      'bindings: nor for URLs',
      '!isUrlRequest(request) && request.namespace === binding.namespace',
      'isUrlRequest(request) || request.namespace === binding.namespace',
    ],
    [
      'bindings: a ClusterRoleBinding counts in every namespace',
      'if (binding.namespace === null ||',
      "if ((binding.namespace === null && (isUrlRequest(request) || request.namespace === '')) ||",
    ],
    [
      'bindings: and without one',
      'if (binding.namespace === null ||',
      "if ((binding.namespace === null && !isUrlRequest(request) && request.namespace !== '') ||",
    ],
    [
      'roles: found by kind',
      "const isRole = roleRef.kind === 'Role';",
      "const isRole = roleRef.kind === 'Role' && !this.#world.find('clusterroles', null, roleRef.name);",
    ],
    [
      "roles: a Role is of the binding's namespace",
      'const role = this.#rolesIn(where).get(roleRef.name);',
      'const role = this.#world.list(kind).find((each) => each.name === roleRef.name);',
    ],
    [
      'roles: a missing one grants nothing',
      'if (role) return role;',
      "if (role) return role;\n    const namesake = this.#world.list('roles').find((each) => each.name === roleRef.name);\n    if (namesake) return namesake;",
    ],
    ['roles: every rule counts', 'this.#rbac.rulesOf(role).flatMap(', 'this.#rbac.rulesOf(role).slice(0, 1).flatMap('],
    [
      'bindings: every subject counts',
      'for (const subject of binding.subjects) {\n      const key',
      'for (const subject of binding.subjects.slice(0, 1)) {\n      const key',
    ],
    ['bindings: every one counts', 'this.#bySubject?.get(key) ?? []', 'this.#bySubject?.get(key)?.slice(0, 1) ?? []'],
    ['roles: an aggregated one has the rules that it is filled with', "origin === 'file' && ", ''],
  ]),
  ...others('match.ts', [
    [
      'names: no globs',
      'return listed === name;',
      "return new RegExp(`^${listed.replaceAll('*', '.*')}$`).test(name);",
    ],
    ['names: no prefixes', 'return listed === name;', 'return name.startsWith(listed);'],
    ['names: case counts', 'return listed === name;', 'return listed.toLowerCase() === name.toLowerCase();'],
    [
      'resources: star slash star is no wildcard',
      "if (resources.includes('*'))",
      "if (resources.includes('*') || resources.includes('*/*'))",
    ],
    [
      'resources: case counts',
      'return resources.includes(resource)',
      'return resources.some((each) => each.toLowerCase() === resource.toLowerCase())',
    ],
    [
      'resources: a subresource needs its resource',
      '`${resource}/${subresource}`)',
      '`${resource}/${subresource}`) || resources.some((each) => each.endsWith(`/${subresource}`))',
    ],
  ]),
  ...others('rbac.ts', [
    [
      'holders: every subject counts',
      'matcher.visit(binding, binding.subjects);',
      'matcher.visit(binding, binding.subjects.slice(0, 1));',
    ],
    [
      'holders: ClusterRoleBindings count',
      "return [...cluster, ...this.#world.list('rolebindings', request.namespace)]",
      "return this.#world.list('rolebindings', request.namespace)",
    ],
    [
      'holders: RoleBindings count',
      "return [...cluster, ...this.#world.list('rolebindings', request.namespace)]",
      'return cluster',
    ],
    [
      'holders: RoleBindings of other namespaces do not',
      "this.#world.list('rolebindings', request.namespace)",
      "this.#world.list('rolebindings')",
    ],
    [
      'roles: a RoleBinding may refer to a ClusterRole',
      "roleRef.kind !== 'ClusterRole'",
      "namespace !== null || roleRef.kind !== 'ClusterRole'",
    ],
    ['roles: a missing one is told', 'this.result.open.push({ binding, subject, role });', ';'],
    [
      'roles: a missing one ends nothing',
      'if (inReach(binding, query)) matches.visit(binding, [subject]);',
      'if (inReach(binding, query)) matches.visit(binding, [subject]);\n      if (matches.result.open.length > 0) break;',
    ],
    ['grants: the last is not the only one', 'this.result.grants.push({', 'this.result.grants.splice(0, Infinity, {'],
  ]),
];

type Row = readonly [name: string, from: string, to: string];

function rules(file: string, rows: readonly Row[]): (Mutation & { rule: boolean })[] {
  return rows.map(([name, from, to]) => ({ name, file, from, to, rule: true }));
}

function others(file: string, rows: readonly Row[]): (Mutation & { rule: boolean })[] {
  return rules(file, rows).map((row) => ({ ...row, rule: false }));
}
