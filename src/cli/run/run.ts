import { helpOf } from '../parse/help.ts';
import type { Invocation } from '../parse/invocation.ts';
import type { Host } from './host.ts';
import { reportError, reportMisuse } from './report.ts';
import { versionLine } from './version.ts';

/**
 * Does what a command line asks for. Resolves with the exit code: whatever goes wrong has been reported. What is not
 * asked for is not loaded.
 */
export async function run(invocation: Invocation, host: Host): Promise<number> {
  switch (invocation.action) {
    case 'help':
      host.stdout.write(helpOf(invocation.command));
      host.answered?.();
      return 0;
    case 'version':
      host.stdout.write(versionLine);
      host.answered?.();
      return 0;
    case 'misuse':
      return reportMisuse(invocation, host);
  }
  try {
    if (invocation.action === 'versions')
      return await (await import('./run-versions.ts')).runVersions(invocation, host);
    if (invocation.action === 'snapshot')
      return await (await import('./run-snapshot.ts')).runSnapshot(invocation, host);
    return await (await import('./run-ask.ts')).runAsk(invocation, host);
  } catch (error) {
    return reportError(error, host, invocation.verbosity);
  }
}
