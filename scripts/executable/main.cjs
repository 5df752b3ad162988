// Where the executable starts: runs the bundle with its code cache. The cache that Node itself makes for `main` has
// only what was compiled before anything ran; most functions would be compiled again at each start.
const { setFlagsFromString } = require('node:v8');
const { getAssetKeys, getRawAsset } = require('node:sea');
const { Script } = require('node:vm');

// It has set up the heap (scripts/build.ts says how). With V8's flags as they are by default, cached code counts.
setFlagsFromString('--initial-old-space-size=0');
const asset = (name) => Buffer.from(getRawAsset(name));
// Only the executable for the system that it was built on has one.
const cachedData = getAssetKeys().includes('cache') ? asset('cache') : undefined;
const script = new Script(asset('bundle').toString('latin1'), { filename: 'cli.cjs', cachedData });
// When nothing is left to do, all has been written. Without this Node would take its heap apart before it ends.
process.once('beforeExit', () => process.exit());
script.runInThisContext()(exports, require, module, __filename, __dirname);
