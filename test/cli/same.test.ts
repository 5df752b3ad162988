import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fromExecutable, fromSources, timeless } from '../helpers/in-process.ts';
import { HOME } from '../helpers/plugin.ts';

mkdirSync(join(HOME, 'pods'));
const pod = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  spec,
});
writeFileSync(join(HOME, 'pods/plain.json'), JSON.stringify(pod('plain', { containers: [{ name: 'c', image: 'i' }] })));
writeFileSync(
  join(HOME, 'pods/host.yaml'),
  'apiVersion: v1\nkind: Pod\nmetadata: {name: host}\nspec: {hostPID: true, containers: [{name: c, image: i}]}\n',
);

/** Every question, and what people lay over it. */
const QUESTIONS = [
  'pod web-0',
  'port-forward web-0',
  'exec web-0',
  'exec web-0 --subject user/omar',
  'attach web-0',
  'debug web-0',
  'logs statefulset/web',
  'proxy svc/web',
  'proxy node/worker-1',
  'who create pods/exec -A',
  'who get secrets/web-db',
  'who get /metrics',
  'raw-sockets -A',
  'raw-sockets -l app=web',
  'privileged sa/web',
  'privileged -A',
  'admit -f pods',
  'admit -f pods --level restricted',
];
const OUTPUTS = ['', '-o wide --explain', '-o json', '--show-system --expand --no-headers'];

/** Which answers are right is said elsewhere: here, that what users run gives them. */
describe('the executable says what the sources say', { concurrency: 4 }, () => {
  for (const question of QUESTIONS)
    test(question, async () => {
      const source = question.includes('--level') ? '' : '--demo';
      let answered = 0;
      for (const output of OUTPUTS) {
        const words = `${question} ${source} ${output}`;
        const [theirs, ours] = await Promise.all([fromSources(words), fromExecutable(words)]);
        assert.deepEqual(timeless(ours), timeless(theirs), words);
        if (ours.code === 0) answered += 1;
      }
      // Not every question takes every flag.
      assert.ok(answered >= 3, `${answered} of ${OUTPUTS.length}`);
    });
});
