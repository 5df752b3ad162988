// node cache.cjs BUNDLE CACHE: runs the bundle on the demo and on a server without objects, and writes the code of all functions that ran.
const { readFileSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { Script } = require('node:vm');

const [, , bundle, cache] = process.argv;
const script = new Script(readFileSync(bundle, 'utf8'), { filename: 'cli.cjs' });
// Nobody's cluster is asked.
process.env.KUBECONFIG = '/dev/null';

const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(answerTo(request)));
}).unref();
server.listen(0, '127.0.0.1', () => {
  const runs = [
    ['--demo', 'pod', 'web-0'],
    ['port-forward', 'web', '--direct', `--server=http://127.0.0.1:${server.address().port}`],
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
process.once('exit', () => writeFileSync(cache, script.createCachedData()));

function answerTo({ method, url }) {
  if (method === 'POST')
    return { status: { userInfo: { username: 'jane', groups: [] }, resourceRules: [], nonResourceRules: [], incomplete: false } };
  if (url === '/version') return { major: '1', minor: '37', gitVersion: 'v1.37.2' };
  const metadata = { namespace: 'default', name: 'web' };
  if (url.endsWith('/pods/web'))
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { nodeName: 'node', containers: [{ name: 'web' }] },
      status: { phase: 'Running' },
    };
  return { metadata: {}, items: [] };
}
