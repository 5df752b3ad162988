// node FLAGS cache.cjs CODE PIECES CACHE: asks a small server what is asked most, and writes for each piece of the program
// the code of all its functions that ran, which is the same each time by the flags of scripts/build/executable.ts. PIECES is
// written anew, with where each has its own.
const { readFileSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { cachedDataVersionTag, setFlagsFromString } = require('node:v8');
const { answerTo } = require('./cluster.cjs');
const { kubeconfigOf } = require('./kubeconfig.cjs');
const { loaderOf } = require('./loader.cjs');

const [, , codeFile, piecesFile, cacheFile] = process.argv;
// These have had their effect. With flags as the executable has them, the cache counts there.
setFlagsFromString('--hash-seed=0');
setFlagsFromString('--initial-old-space-size=0');
const flags = cachedDataVersionTag();
const code = readFileSync(codeFile);
const { start, pieces } = JSON.parse(readFileSync(piecesFile, 'utf8'));
/** What was compiled of each piece, by all runs together. */
const scripts = new Map();
// Nobody's cluster is asked.
process.env.KUBECONFIG = `${cacheFile}.kubeconfig`;

const server = createServer((request, response) => {
  request.resume();
  const { status, body } = answerTo(request);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}).unref();
server.listen(0, '127.0.0.1', () => {
  writeFileSync(process.env.KUBECONFIG, kubeconfigOf(server.address().port));
  const asked = [
    // Whatever the server above answers in another way than an API server does costs them their exit code.
    { exits: 0, args: ['--help'] },
    { exits: 0, args: ['who', 'create', 'pods/portforward', '-A', '--strict'] },
    { exits: 0, args: ['port-forward', 'web', '--strict'] },
    { exits: 0, args: ['pod', 'web', '--strict'] },
    { exits: 0, args: ['privileged', '-A', '--strict'] },
    { exits: 0, args: ['raw-sockets', '-A', '--strict'] },
    { exits: 0, args: ['sa/builder', '--strict'] },
    // Comes as far as the server's first word, which is not TLS: making a certificate would take more than Node has.
    { exits: 1, args: ['port-forward', 'web', '--direct', '--context=tls'] },
  ];
  // Each run begins when the one before has nothing more to do. Code is shared by all of them.
  let last;
  const next = () => {
    if (last && process.exitCode !== last.exits)
      throw new Error(`${last.args.join(' ')} ended with ${process.exitCode} in place of ${last.exits}`);
    process.exitCode = undefined;
    last = asked.shift();
    if (!last) return process.off('beforeExit', next);
    process.argv = [process.execPath, 'kubectl-whocan_escalate', ...last.args];
    loaderOf(pieces, { code, scripts }, { require, __filename, __dirname })(start);
  };
  process.on('beforeExit', next);
  next();
});

process.once('exit', () => {
  // As the loader sets it.
  setFlagsFromString('--heap-growing-percent=0');
  if (cachedDataVersionTag() !== flags)
    throw new Error('V8 has other flags than at the start: the executable would not use this code cache');
  const parts = [];
  let end = 0;
  for (const name of Object.keys(pieces)) {
    const part = scripts.get(name)?.createCachedData();
    if (!part) continue;
    // V8 reads it where its words are aligned.
    const padding = Buffer.alloc(-part.length & 7);
    parts.push(part, padding);
    pieces[name].cached = [end, end + part.length];
    end += part.length + padding.length;
  }
  writeFileSync(cacheFile, Buffer.concat(parts));
  writeFileSync(piecesFile, JSON.stringify({ start, pieces }));
  // Of the last run, which was meant to fail.
  process.exitCode = 0;
});
