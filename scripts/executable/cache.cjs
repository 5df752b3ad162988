// node cache.cjs BUNDLE CACHE ARGUMENT...: runs the bundle with these arguments, and writes the code of all functions that ran.
const { readFileSync, writeFileSync } = require('node:fs');
const { Script } = require('node:vm');

const [, , bundle, cache, ...args] = process.argv;
const script = new Script(readFileSync(bundle, 'utf8'), { filename: 'cli.cjs' });
process.argv = [process.execPath, 'kubectl-whocan_escalate', ...args];
process.once('exit', () => writeFileSync(cache, script.createCachedData()));
script.runInThisContext()(exports, require, module, __filename, __dirname);
