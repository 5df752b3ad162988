import { type Mutation, mistakes } from '../helpers/mutate.ts';

/**
 * Deliberate mistakes about what was not read, or not understood: each makes a no, or a depends, of what is none, and
 * some scene has to notice.
 */
export const MUTATIONS: readonly Mutation[] = [
  ...mistakes('world/world.ts', [
    [
      'a list that was refused is read',
      "outcome !== null && (outcome.read || outcome.failure.kind === 'notFound')",
      'outcome !== null',
    ],
    ['odd objects of a list that was read are forgotten', 'return isKnown ? malformed :', 'return isKnown ? [] :'],
    ['an odd object that is named is forgotten', 'if (malformed) return [{ ...malformed, affects }];', ''],
    ['odd objects of other namespaces matter', "!what.includes('/') || what.slice", "what !== '' || what.slice"],
    [
      'what is not asked of a namespace has no odd objects',
      'if (namespace === null) return known;',
      'if (namespace === null) return [];',
    ],
    ['a failure counts more than a success', 'tried.find(({ outcome }) => outcome.read) ?? tried[0]', 'tried[0]'],
    [
      'a list of the whole cluster is none of its namespaces',
      'const own = [need, list, { ...list, namespace: null }];',
      'const own = [need, list];',
    ],
    ['nameless objects matter nowhere', 'return this.#nameless.filter(', 'return this.#nameless.slice(0, 0).filter('],
    [
      'nameless objects of other namespaces matter',
      'namespace !== null && each.namespace !== null && each.namespace !== namespace;',
      'namespace !== null && each.namespace === undefined;',
    ],
    [
      'what would be if has no odd objects',
      'for (const [name, unknowns] of this.#malformed) world.#malformed.set(name, unknowns);',
      '',
    ],
    ['any odd object is the one that is named', 'find(({ what }) => what ===', 'find(({ what }) => what !=='],
  ]),
  ...mistakes('questions/holders/unread-rights.ts', [
    [
      'one subject has all roles read',
      "counts(binding) && rbac.openness(rbac.roleOf(binding)) === 'unreadable'",
      'counts(binding) && false',
    ],
    ['everybody has all roles read', "role === 'unreadable' && counts(binding)", 'false && counts(binding)'],
    [
      'one subject has all Roles read',
      'counts(binding) && rbac.openness(',
      "counts(binding) && binding.roleRef.kind !== 'Role' && rbac.openness(",
    ],
    [
      'everybody has all Roles read',
      "role === 'unreadable' && counts(binding)",
      "binding.roleRef.kind !== 'Role' && counts(binding)",
    ],
    [
      'everybody has all ClusterRoles read',
      "role === 'unreadable' && counts(binding)",
      "binding.roleRef.kind === 'Role' && counts(binding)",
    ],
    ['superusers need the role', ' && !isSuperuser(subject)', ''],
    [
      'a RoleBinding counts for what is in no namespace',
      "namespace === null || (bindings !== 'cluster' && (",
      'namespace === null || ((bindings as { namespace: string | null }).namespace === undefined || (',
    ],
    [
      'a RoleBinding counts in every namespace',
      'bindings.namespace === null || bindings.namespace === namespace',
      'true',
    ],
    [
      'what a role may hold leans to no',
      '    leaning: null,\n    direct: true,',
      "    leaning: 'no',\n    direct: true,",
    ],
    ['what a role may hold is a no', "    verdict: 'depends',", "    verdict: 'no',"],
    [
      'a role in a RoleBinding counts everywhere',
      'scope: { namespace: binding.namespace, names: null }',
      'scope: { namespace: null, names: null }',
    ],
    ['who has it for sure may have it too', '!sure.has(placeOf(each)) && !sure.has(placeOf(each, null)) && ', ''],
    ['nobody is told of', '[...findings, ...this.findings.filter(isNew)]', '[...findings]'],
    ['bindings are all read', "asked.bindings === 'none' ? [] : rbacUnknowns(world, asked.bindings)", '[]'],
  ]),
  ...mistakes('questions/holders/rbac-needs.ts', [
    ['ClusterRoleBindings are all read', 'world.isRead(cluster) ? [] :', 'world.isRead(cluster) || true ? [] :'],
    ['RoleBindings are all read', 'if (!world.isRead(need))', 'if (false)'],
    [
      'odd ClusterRoleBindings bind nobody',
      "return [...unknowns, ...world.malformed('clusterrolebindings'), ...world",
      'return [...unknowns, ...world',
    ],
    ['odd RoleBindings count elsewhere alone', '!isElsewhere(each))', 'isElsewhere(each))'],
    [
      'RoleBindings matter to what is in no namespace',
      "if (bindings === 'cluster') return",
      'if (bindings === null) return',
    ],
  ]),
  ...mistakes('questions/every-namespace.ts', [
    [
      'RoleBindings of one namespace are those of all',
      'known.filter((each) => !world.isRead(list(kind, each)))',
      'known.filter(() => false)',
    ],
    [
      'RoleBindings that were read of a namespace were not',
      'known.filter((each) => !world.isRead(list(kind, each)))',
      'known',
    ],
  ]),
  ...mistakes('questions/build.ts', [
    [
      'what was not read is left out of the verdict',
      'const unknowns = [...unread.unknowns, ...draft.unknowns];',
      'const unknowns = [...draft.unknowns];',
    ],
    [
      'what was not read leans to no',
      "every(({ kind }) => kind === 'opaque' || kind === 'unmodelled')",
      "every(({ kind }) => kind !== 'invisible')",
    ],
  ]),
  ...mistakes('rbac/rbac.ts', [
    [
      'an odd role is not there',
      "if (this.#world.malformedObject(kind, where, roleRef.name)) return 'unreadable';",
      '',
    ],
    ['a role that was not read is not there', "? 'missing' : 'unreadable';", "? 'missing' : 'missing';"],
    [
      'a role that is not there was not read',
      "outcome?.read || (outcome?.read === false && outcome.failure.kind === 'notFound') ?",
      'outcome === undefined ?',
    ],
    [
      'a sum has no rules but those that were understood',
      "this.#hasMore(role) ? 'unreadable' : null",
      'this.#hasMore(role) ? null : null',
    ],
    ['what has no name is no part of a sum', '...(hasNameless ? [null] : [])', ''],
    ['what is odd is no part of a sum', "...this.#world.oddObjects('clusterroles').map(({ labels }) => labels), ", ''],
  ]),
  ...mistakes('rbac/aggregation.ts', [
    [
      'odd labels are none',
      'labels === null || matchesSelector(selector, labels)',
      'labels !== null && matchesSelector(selector, labels)',
    ],
    [
      'every sum has what is odd',
      'odd.some((labels) => labels === null || matchesSelector(selector, labels))',
      'odd.length > 0',
    ],
    [
      'sums of sums are whole',
      '||\n    sourcesOf(role, clusterRoles).some((source) => mayHaveMore(source, clusterRoles, odd, isSum, path))',
      '',
    ],
  ]),
  ...mistakes('cluster/input/file-source.ts', [
    [
      'a list without its nameless objects is whole',
      'if (!outcome.read || !first) return outcome;',
      'if (!outcome.read || first !== null) return outcome;',
    ],
    [
      'odd objects stay in the file',
      'if (world.malformed(need.kind).length === 0)',
      'if (world.malformed(need.kind).length < 0)',
    ],
    ['odd objects have no labels', 'unknown.why, labels)', 'unknown.why, null)'],
  ]),
  ...mistakes('apply/put.ts', [
    ['odd objects are not there', 'else world.addMalformed(kind, what, why, labels);', ''],
    [
      'nameless objects are not there',
      'if (need === null) world.addNameless({ kind, namespace, why: `${why} (${at})` });\n  else',
      'if (need !== null)',
    ],
    [
      'nameless objects are anywhere',
      'world.addNameless({ kind, namespace,',
      'world.addNameless({ kind, namespace: null,',
    ],
    ['odd objects have all labels', 'labels: readableLabels(raw) }', 'labels: null }'],
  ]),
  ...mistakes('spawn/outcomes/existing.ts', [
    [
      'pods that could not be seen are not there',
      'if (there.length === 0 && unread.length === 0) return null;',
      'if (there.length === 0) return null;',
    ],
    ['any odd object is the one of that name', 'each.some((unknowns) => unknowns.length > 0) ? listed : []', 'listed'],
  ]),
];
