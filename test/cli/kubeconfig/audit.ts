import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

/** A user as the API server knows it. */
export interface Identity {
  username: string;
  uid?: string;
  groups?: string[];
  extra?: Record<string, string[]>;
}

export interface AuditLog {
  /** For the API server that is to keep it. */
  flags: string[];
  /**
   * Whom the API server took those for that asked about this namespace; one identity, however many requests it made.
   */
  identities(namespace: string): Promise<Identity[]>;
}

/**
 * An audit log, which says whom the API server took each request for: all that an executable, from outside, can be
 * judged by. Gone after the tests.
 */
export function auditLog(): AuditLog {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const policy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata' }],
  };
  writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy));
  const log = join(folder, 'audit.log');
  writeFileSync(log, '');
  return {
    flags: [`--audit-policy-file=${join(folder, 'policy.json')}`, `--audit-log-path=${log}`],
    async identities(namespace) {
      // The entry is written when the answer has been, and may come after it.
      for (const deadline = Date.now() + 10_000; ; await sleep(20)) {
        const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
        const found = lines
          .filter((line) => line.includes(`/namespaces/${namespace}/`))
          .map((line): Entry => JSON.parse(line));
        const theirs = found.filter(({ userAgent }) => userAgent?.startsWith('kubectl-whocan_escalate/'));
        if (theirs.length > 0) return distinct(theirs.map(({ user, impersonatedUser }) => impersonatedUser ?? user));
        if (Date.now() > deadline) throw new Error(`nobody asked about namespace ${namespace}`);
      }
    },
  };
}

interface Entry {
  user: Identity;
  impersonatedUser?: Identity;
  userAgent?: string;
}

const distinct = (identities: Identity[]): Identity[] => [
  ...new Map(identities.map((each) => [JSON.stringify(each), each])).values(),
];
