/**
 * Whether the lines that a test file runs are counted, which takes a tenth of its time. The tests of the folders whose
 * coverage has a floor reach it, with those of the command line, which load what is left.
 */
export const isCovered = (file) => /[\\/](answer|rbac|world|cli-parse|covered-\d+)[\\/.]/.test(file);
