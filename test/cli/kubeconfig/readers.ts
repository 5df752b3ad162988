import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../../../src/answer/user-error.ts';
import { connect } from '../../../src/cluster/connect/connect.ts';
import { EXECUTABLE, run } from '../../helpers/plugin.ts';
import type { AuditLog, Identity } from './audit.ts';
import { type Asking, wordsOf } from './prepare.ts';

/** Whom the server saw, or why it was not even asked, or refused, in one line. */
export type Answer = { identity: Identity } | { refusal: string };

/** Somebody who reads a kubeconfig and asks the server. `namespace` is nobody else's. */
export type Reader = (asking: Asking, namespace: string) => Promise<Answer>;

/** `kubectl auth whoami`, behind other words of the command line. */
export const kubectl =
  (...before: string[]): Reader =>
  async ({ flags, env }) => {
    const [command = 'kubectl', ...words] = [...before, 'kubectl', 'auth', 'whoami', '-o', 'json', ...wordsOf(flags)];
    const asked = promisify(execFile)(command, words, { env: { ...env, GOGC: 'off' }, timeout: 60_000 });
    asked.child.stdin?.end();
    return asked.then(
      ({ stdout }) => ({ identity: JSON.parse(stdout).status.userInfo }),
      ({ stderr }) => ({ refusal: oneLine(stderr) }),
    );
  };

/**
 * kubectl's several lines as our one: a list of problems, and the hint how to install a plugin without its preface; not
 * what its libraries log.
 */
const oneLine = (stderr: string): string =>
  stderr
    .replaceAll(/^[EW]\d{4} .*\n/gm, '')
    .trim()
    .replace(/ \n\* /, ' ')
    .replaceAll(/\n\* /g, '; ')
    .replace(/ not found\n\nIt looks like.*?#client-go-credential-plugins\n\n/s, ' not found: ')
    .replaceAll('\n', ' ');

/** Our own code, in this process; a pod where its service account has a folder. */
export const sources =
  (serviceAccountFolder = '/none'): Reader =>
  async ({ flags, env }) => {
    try {
      const connection = await connect(flags, { env, stdinIsTerminal: false, version: '0', serviceAccountFolder });
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
      const response = await connection.send({
        method: 'POST',
        path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        body,
      });
      connection.close();
      if (response.status !== 201) return { refusal: `${response.status}` };
      return { identity: JSON.parse(String(response.body)).status.userInfo };
    } catch (error) {
      const isOurs = error instanceof UserError;
      assert.ok(
        isOurs || (error as NodeJS.ErrnoException).code,
        `neither an error for the reader nor of the network: ${(error as Error).stack}`,
      );
      return { refusal: discreet((error as Error).message) };
    }
  };

/** What users run. It says nothing of who it is, so that the server's audit log has to. */
export const executable =
  (audit: AuditLog, ...before: string[]): Reader =>
  async ({ flags, env }, namespace) => {
    const asked = ['who', 'get', 'pods', '-n', namespace, '--direct', ...wordsOf(flags)];
    const [command = EXECUTABLE, ...words] = [...before, EXECUTABLE, ...asked];
    const { code, stdout, stderr } = await run(command, words, { env });
    if (code !== 0) {
      assert.deepEqual([code, stdout], [1, ''], stderr);
      return { refusal: discreet(stderr.replace(/\n$/, '')) };
    }
    assert.match(stdout, /^(yes|no|depends): /);
    const [identity = assert.fail(), ...others] = await audit.identities(namespace);
    assert.deepEqual(others, [], 'all requests are made by one');
    return { identity };
  };

/**
 * `@kubernetes/client-node`, which has no flags but the kubeconfig, and looks at the environment by itself: in a
 * process of its own.
 */
export async function clientNode(askings: Asking[]): Promise<Answer[]> {
  const asked = JSON.stringify(askings.map(({ flags: { kubeconfig }, env }) => ({ kubeconfig, env })));
  const script = join(import.meta.dirname, 'client-node.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, asked], { timeout: 60_000 });
  return JSON.parse(stdout);
}

/** A line that is fit to be read over a shoulder. */
function discreet(message: string): string {
  assert.doesNotMatch(message, /\bsecret\b|jane-token|\n/);
  return message;
}
