import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fromExecutable, fromSources, RUNNERS, timeless } from '../helpers/in-process.ts';
import { HOME } from '../helpers/plugin.ts';
import { badInputs } from '../input/bad-input.ts';
import { formats } from '../input/formats.ts';

const place = (name: string, content: string | Buffer): string => {
  const path = join(HOME, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
};

/**
 * That each holds these objects is said in test/input: here, that the executable reads them as the sources do, from a
 * file and from a pipe.
 */
describe(`${formats.length} formats of input`, { concurrency: 4 }, () => {
  for (const [index, [what, content, names]] of formats.entries())
    test(what, async () => {
      const path = place(`formats/${index}`, content);
      // A pod that is not there would be an error.
      const pod = names.find((name) => name.startsWith('pods '))?.slice('pods '.length);
      const [namespace, name] = pod?.split('/') ?? [];
      const question = pod === undefined ? 'who get pods -A' : `logs ${name} -n ${namespace}`;
      const asked = `${question} --complete --server-version 1.37 -o json --input`;
      const [theirs, ours, piped] = await Promise.all([
        fromSources(`${asked} ${path}`),
        fromExecutable(`${asked} ${path}`),
        fromExecutable(`${asked} -`, { stdin: content }),
      ]);
      assert.deepEqual([ours.code, ours.stderr], [0, '']);
      assert.deepEqual(timeless(ours), timeless(theirs));
      assert.deepEqual(timeless(piped), timeless(theirs));
    });
});

describe(`${badInputs.length} inputs that cannot be read`, { concurrency: 4 }, () => {
  for (const [index, [what, content, message, name = 'x']] of badInputs.entries())
    test(what, async () => {
      const path = place(`bad/${index}/${name}`, content);
      for (const [by, run] of RUNNERS) {
        const { code, stdout, stderr } = await run(`who get pods -A --input ${path}`);
        const seen = stderr.replaceAll(path, 'F');
        assert.deepEqual([code, stdout], [1, ''], `${by}: ${seen}`);
        if (typeof message === 'string') assert.equal(seen, `${message}\n`, by);
        else assert.match(seen.replace(/\n$/, ''), message, by);
      }
    });
});
