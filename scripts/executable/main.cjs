// Where the executable starts: runs the bundle with its code cache. The cache that Node itself makes for `main` has only what was compiled before
// anything ran; most functions would be compiled again at each start.
const { getRawAsset } = require('node:sea');
const { Script } = require('node:vm');

const text = (name) => Buffer.from(getRawAsset(name)).toString();
const script = new Script(text('bundle'), { filename: 'cli.cjs', cachedData: Buffer.from(getRawAsset('cache')) });
script.runInThisContext()(exports, require, module, __filename, __dirname);
