// node --hash-seed=1 --random-seed=1 cache.cjs BUNDLE CACHE: asks a small server what is asked most, and writes the code
// of all functions that ran, which with fixed seeds is the same each time.
const { readFileSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { cachedDataVersionTag, setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
const { answerTo } = require('./cluster.cjs');
const { kubeconfigOf } = require('./kubeconfig.cjs');

const [, , bundle, cache] = process.argv;
// The seed has been used. With flags as the executable has them, the cache counts there.
setFlagsFromString('--hash-seed=0');
const flags = cachedDataVersionTag();
const script = new Script(readFileSync(bundle, 'utf8'), { filename: 'cli.cjs' });
// Nobody's cluster is asked.
process.env.KUBECONFIG = `${cache}.kubeconfig`;

const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(answerTo(request)));
}).unref();
server.listen(0, '127.0.0.1', () => {
  writeFileSync(process.env.KUBECONFIG, kubeconfigOf(server.address().port));
  // All code that is kept is read at each start: what judges pods costs less to compile when it is asked for.
  const runs = [
    ['who', 'create', 'pods/portforward', '-A'],
    ['port-forward', 'web', '--direct'],
    // Comes as far as the server's first word, which is not TLS: making a certificate would take more than Node has.
    ['port-forward', 'web', '--direct', '--context=tls'],
  ];
  // Each run begins when the one before has nothing more to do. Code is shared by all of them.
  const next = () => {
    const args = runs.shift();
    if (!args) return process.off('beforeExit', next);
    process.argv = [process.execPath, 'kubectl-whocan_escalate', ...args];
    script.runInThisContext()(exports, require, module, __filename, __dirname);
  };
  process.on('beforeExit', next);
  next();
});

process.once('exit', () => {
  // src/cli/run/heap.ts has set it. Cached code counts where all flags are as they were when it was made.
  setFlagsFromString('--heap-growing-percent=0');
  if (cachedDataVersionTag() !== flags)
    throw new Error('V8 has other flags than at the start: the executable would not use this code cache');
  writeFileSync(cache, script.createCachedData());
  // Of the last run, which was meant to fail.
  process.exitCode = 0;
});
