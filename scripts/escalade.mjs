/**
 * In the bundle, in place of the package of that name, by which yargs looks for a package.json in all folders above the
 * executable. It has none, and what lies there is somebody else's.
 */
export default () => undefined;
