/**
 * What `npm publish` runs in this folder, to refuse it: the package that goes to npm is the one that `npm run release`
 * makes, which depends on nothing. This one would bring its users a Node of its own.
 */
console.error(
  'not from here: run npm run release, and then npm publish dist/release/kubectl-whocan-escalate-VERSION.tgz',
);
process.exitCode = 1;
