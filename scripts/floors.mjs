/**
 * Who may import whom in src/, as data: the import rule (.dependency-cruiser.mjs) is made from it, and the table of
 * CONTRIBUTING.md is checked against it (test/import-rule.test.ts).
 */

/**
 * The floors on which the engines and the questions stand, the lowest first. A folder imports what stands below, and
 * nothing of its own floor but itself. All are pure: no network, no streams, no flags.
 */
export const FLOORS = [
  ['answer'],
  ['regex'],
  ['world'],
  ['rbac', 'cel'],
  ['runtime'],
  ['admission'],
  ['spawn'],
  ['apply'],
  ['network'],
  ['escalation'],
  ['questions'],
];

/** The folders that read and print, each with what it may import of the others. */
export const RIM = {
  cluster: FLOORS.flat(),
  render: ['answer'],
  cli: [...FLOORS.flat(), 'cluster', 'render'],
};

/** Every folder of src/. */
export const FOLDERS = [...FLOORS.flat(), ...Object.keys(RIM)];

/** The other folders of src/ that a folder may import. */
export const mayImport = (folder) =>
  RIM[folder] ??
  FLOORS.slice(
    0,
    FLOORS.findIndex((floor) => floor.includes(folder)),
  ).flat();

/**
 * The packages that are bundled, and the folders that may use them. A package that is not here may be imported nowhere.
 */
export const PACKAGES = {
  'js-yaml': ['cluster', 'render'],
  ora: ['render'],
  re2js: ['regex'],
  yargs: ['cli'],
};

/** What a folder may import, as CONTRIBUTING.md says it: the other folders, and the packages. */
export function mayImportInWords(folder) {
  const packages = Object.keys(PACKAGES).filter((name) => PACKAGES[name].includes(folder));
  return [...mayImport(folder).map((name) => `\`${name}\``), ...packages].join(', ') || 'nothing';
}
