import type { ConnectFlags } from '../../cluster/connect/connection.ts';
import type { Values } from './parser.ts';

/** The flags of kubectl that say which cluster to talk to, and as whom. */
export const connectFlags = (values: Values): ConnectFlags =>
  Object.fromEntries(
    Object.entries(READERS).flatMap(([key, read]) => {
      const value = values[read](key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
      return value === undefined || value === false ? [] : [[key, value]];
    }),
  );

const READERS: Readonly<Record<keyof ConnectFlags, keyof Values>> = {
  kubeconfig: 'text',
  context: 'text',
  cluster: 'text',
  user: 'text',
  namespace: 'text',
  server: 'text',
  token: 'text',
  username: 'text',
  password: 'text',
  as: 'text',
  asUid: 'text',
  asGroup: 'list',
  asUserExtra: 'list',
  clientCertificate: 'text',
  clientKey: 'text',
  certificateAuthority: 'text',
  insecureSkipTlsVerify: 'is',
  tlsServerName: 'text',
  disableCompression: 'is',
  proxyUrl: 'text',
};
