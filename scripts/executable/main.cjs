// Where the executable starts: runs the program's pieces with their code cache. The cache that Node itself makes for
// `main` has only what was compiled before anything ran; most functions would be compiled again at each start.
const { setFlagsFromString } = require('node:v8');
const { getAsset, getAssetKeys, getRawAsset } = require('node:sea');
const { loaderOf } = require('./loader.cjs');

// It has set up the heap (scripts/build/executable.ts says how). With V8's flags as they are by default, cached code
// counts.
setFlagsFromString('--initial-old-space-size=0');
const asset = (name) => Buffer.from(getRawAsset(name));
const { start, pieces } = JSON.parse(getAsset('pieces', 'latin1'));
// Only the executable for the system that it was built on has one.
const cache = getAssetKeys().includes('cache') ? asset('cache') : undefined;
// When nothing is left to do, all has been written. Without this Node would take its heap apart before it ends.
process.once('beforeExit', () => process.exit());
loaderOf(pieces, { code: asset('code'), cache }, { require, __filename, __dirname })(start);
