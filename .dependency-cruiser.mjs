/**
 * Who may import whom in src/: the way of data is one straight line, and the engines are functions of plain objects. The
 * floors, the rim and the packages are data (scripts/floors.mjs). Checked by `npm run lint` and `npm test`;
 * test/import-rule.test.ts shows that each rule bites.
 */
import { FLOORS, FOLDERS, mayImport, PACKAGES } from './scripts/floors.mjs';

const MAIN = '^src/main[.]ts$';
const folders = (names) => `^src/(${names.join('|')})/`;
const packages = (names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;
const NPM = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];
const atRuntime = { dependencyTypesNot: ['type-only'] };

/** A folder imports what stands below it, and nothing else: types are knowledge too. What may import all needs no rule. */
const floors = FOLDERS.filter((folder) => mayImport(folder).length < FOLDERS.length - 1).map((folder) => ({
  name: `${folder}-imports-what-is-below`,
  comment: `src/${folder} may import ${mayImport(folder).join(', ') || 'no other folder'}: see scripts/floors.mjs`,
  from: { path: folders([folder]) },
  to: { path: '^src/', pathNot: folders([folder, ...mayImport(folder)]) },
}));

const layers = [
  {
    name: 'engines-do-no-io',
    comment: 'of Node itself the engines and the questions may use what is pure',
    from: { path: folders(FLOORS.flat()) },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|util)$', ...atRuntime },
  },
  {
    name: 'src-stands-alone',
    comment: 'the product rests on neither tests nor scripts',
    from: { path: '^src/' },
    to: { path: '^(test|scripts)/' },
  },
  {
    name: 'no-cycles',
    comment: 'modules that need each other, be it for a type alone, are one module',
    from: {},
    to: { circular: true },
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
  forbidden: [...floors, ...layers, ...owners, strangers].map((rule) => ({ severity: 'error', ...rule })),
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
