import { UserError } from '../../answer/user-error.ts';
import type { Failure } from '../../world/needs.ts';
import type { ApiClient } from './transport.ts';

/**
 * Throws a UserError in kubectl's words where there is no server to ask: a request failed, and no API that lets us in
 * has ever answered. Mirrors kubectl pkg/cmd/util/helpers.go StandardErrorMessage.
 */
export function requireServer(client: ApiClient, failures: readonly Failure[]): void {
  const failure =
    failures.find(({ kind }) => kind === 'unauthorized') ??
    failures.find(({ kind }) => kind !== 'notTried') ??
    failures[0];
  if (failure && !client.isAnswered) throw new UserError(explain(failure, new URL(client.connection.server).host));
}

function explain({ kind, status, message }: Failure, host: string): string {
  if (kind === 'unauthorized') return 'error: You must be logged in to the server (Unauthorized)';
  if (message.endsWith('connection refused'))
    return `The connection to the server ${host} was refused - did you specify the right host or port?`;
  if (status === null) return `Unable to connect to the server: ${message}`;
  return `${kind === 'malformed' ? 'Server returned an unexpected response' : 'Error from server'}: ${message}`;
}
