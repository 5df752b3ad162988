/**
 * Who may import whom in src/: the way of data is one straight line, and the engines are functions of plain objects.
 * Checked by `npm run lint` and `npm test`; test/import-rule.test.ts shows that each rule bites.
 */

/** Pure: no network, no streams, no flags. */
const ENGINES = ['answer', 'world', 'rbac', 'regex', 'cel', 'runtime', 'admission', 'spawn', 'network', 'escalation'];

/** The packages that are bundled, and the folders that may use them. A package that is not here may be imported nowhere. */
const PACKAGES = {
  'js-yaml': ['cluster', 'render'],
  ora: ['render'],
  re2js: ['regex'],
  yargs: ['cli'],
};

const MAIN = '^src/main[.]ts$';
const folders = (names) => `^src/(${names.join('|')})/`;
const packages = (names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;
const NPM = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];
const atRuntime = { dependencyTypesNot: ['type-only'] };

const layers = [
  {
    name: 'engines-stand-alone',
    comment: 'the engines know nothing of the network, the command line, the screen or the questions',
    from: { path: folders(ENGINES) },
    to: { path: '^src/', pathNot: folders(ENGINES) },
  },
  {
    name: 'engines-do-no-io',
    comment: 'of Node itself the engines may use what is pure',
    from: { path: folders(ENGINES) },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|util)$', ...atRuntime },
  },
  {
    name: 'questions-know-no-rim',
    comment: 'a question names what it needs and is answered from a world: it neither reads nor prints',
    from: { path: '^src/questions/' },
    to: { path: folders(['cli', 'render', 'cluster']) },
  },
  {
    name: 'src-stands-alone',
    comment: 'the product rests on neither tests nor scripts',
    from: { path: '^src/' },
    to: { path: '^(test|scripts)/' },
  },
  {
    name: 'no-cycles',
    comment: 'modules that need each other at run time are one module',
    from: {},
    to: { circular: true, viaOnly: atRuntime },
  },
  {
    name: 'no-dead-modules',
    comment: 'everything is reached from the entry, or is deleted',
    from: { path: MAIN },
    to: { path: '^src/', reachable: false },
  },
  { name: 'resolvable', comment: 'what is imported exists', from: {}, to: { couldNotResolve: true } },
];

const owners = Object.entries(PACKAGES).map(([name, owner]) => ({
  name: `only-${owner.join('-and-')}-imports-${name}`,
  comment: `${name} is used in src/${owner.join(' and src/')} alone, and where all is wired together; its types may be used anywhere`,
  from: { path: '^src/', pathNot: [folders(owner), MAIN] },
  to: { path: packages([name]), ...atRuntime },
}));

const strangers = {
  name: 'packages-have-an-owner',
  comment: 'a new package gets a line in PACKAGES, and its reason in CONTRIBUTING.md',
  from: { path: '^src/' },
  to: { dependencyTypes: NPM, pathNot: packages(Object.keys(PACKAGES)), ...atRuntime },
};

export default {
  forbidden: [...layers, ...owners, strangers].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
      conditionNames: ['node', 'import', 'require', 'default'],
      exportsFields: ['exports'],
    },
  },
};
