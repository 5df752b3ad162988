import { isIP } from 'node:net';
import type { Failure } from '../../world/needs.ts';
import { BadBody } from './bad-body.ts';
import { shorten } from './shorten.ts';

/**
 * Why no answer arrived, in the words that kubectl has for it (Go's net, crypto/tls and x509). `timeout` is the
 * request's own limit in milliseconds.
 */
export function networkFailure(thrown: unknown, timeout: number): Failure {
  const error = detailsOf(thrown);
  const [kind, message] = explain(error, timeout);
  return { kind, status: null, message: shorten(message) };
}

export const isReset = (thrown: unknown): boolean => ['ECONNRESET', 'EPIPE'].includes(detailsOf(thrown).code ?? '');

interface Details {
  name: string;
  message: string;
  code?: string;
  address?: string;
  port?: number;
  hostname?: string;
  /** The reason of an OpenSSL error: `tlsv13 alert certificate required`. */
  reason?: string;
  /** The host that a certificate is not valid for. */
  host?: string;
  cert?: { subjectaltname?: string };
}

/** A host with several addresses fails with one error for each, of which the first is used. */
function detailsOf(thrown: unknown): Details {
  const error = thrown instanceof AggregateError ? (thrown.errors[0] ?? thrown) : thrown;
  return error instanceof Error ? error : { name: 'Error', message: String(error) };
}

function explain(error: Details, timeout: number): [Failure['kind'], string] {
  const { name, code = '', message, address, port, hostname } = error;
  if (error instanceof BadBody) return ['malformed', message];
  const dial = `dial tcp ${address && isIP(address) === 6 ? `[${address}]` : address}:${port}`;
  if (name === 'AbortError' || name === 'TimeoutError') return ['timeout', `no answer within ${timeout / 1000}s`];
  if (Object.hasOwn(CONNECT, code)) return ['unreachable', `${dial}: connect: ${CONNECT[code]}`];
  if (code === 'ETIMEDOUT') return ['timeout', `${dial}: i/o timeout`];
  if (code === 'ENOTFOUND') return ['unreachable', `dial tcp: lookup ${hostname}: no such host`];
  if (code === 'EAI_AGAIN')
    return ['unreachable', `dial tcp: lookup ${hostname}: temporary failure in name resolution`];
  if (code === 'ECONNRESET' || code === 'EPIPE') return ['unreachable', 'connection reset by peer'];
  if (Object.hasOwn(CERTIFICATE, code)) return ['tls', `tls: failed to verify certificate: x509: ${CERTIFICATE[code]}`];
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return ['tls', `tls: failed to verify certificate: x509: ${wrongName(error)}`];
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return ['tls', handshake(error)];
  if (code.startsWith('HPE_')) return ['malformed', 'malformed HTTP response'];
  if (code.startsWith('Z_')) return ['malformed', 'the compressed body is broken or cut short'];
  return ['unreachable', message];
}

function wrongName({ host = '', cert }: Details): string {
  const names = (cert?.subjectaltname ?? '')
    .split(', ')
    .filter((name) => name.startsWith(isIP(host) ? 'IP Address:' : 'DNS:'));
  const valid = names.map((name) => name.slice(name.indexOf(':') + 1)).join(', ');
  return valid === ''
    ? `certificate is not valid for any names, but wanted to match ${host}`
    : `certificate is valid for ${valid}, not ${host}`;
}

/**
 * The reason of OpenSSL is in a property, or in the middle of the message: `…:SSL routines:ssl3_read_bytes:tlsv13 alert
 * certificate required:…`.
 */
function handshake({ reason, message }: Details): string {
  const words = reason ?? /SSL routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? message;
  if (words === 'wrong version number' || words === 'packet length too long')
    return 'http: server gave HTTP response to HTTPS client';
  const [, alert] = /alert (.+)/.exec(words) ?? [];
  return alert === undefined ? `tls: ${words}` : `remote error: tls: ${alert}`;
}

const CONNECT: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
};

const UNKNOWN_AUTHORITY = 'certificate signed by unknown authority';
const EXPIRED = 'certificate has expired or is not yet valid';
const CERTIFICATE: Record<string, string> = {
  CERT_HAS_EXPIRED: EXPIRED,
  CERT_NOT_YET_VALID: EXPIRED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
};
