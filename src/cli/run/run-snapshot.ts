import { writeSnapshot } from '../../cluster/input/snapshot/write.ts';
import { LiveSource } from '../../cluster/live/live.ts';
import { visible } from '../../render/terminal/printable.ts';
import { describeNeed } from '../../world/needs.ts';
import type { Snapshot } from '../parse/invocation.ts';
import type { Host } from './host.ts';
import { openClient } from './source.ts';
import { during } from './waiting.ts';

/**
 * Takes a snapshot, and says on stderr what is in it and what could not be read. Resolves with the exit code; rejects
 * with a UserError.
 */
export async function runSnapshot(invocation: Snapshot, host: Host): Promise<number> {
  const { file, quiet } = invocation;
  const client = await openClient(invocation, host);
  const { connection } = client;
  try {
    const reading = writeSnapshot(file, (onRaw) => new LiveSource(client, { onRaw }));
    const world = await during(`Reading ${connection.context ?? connection.server}`, invocation, host, reading);
    host.answered?.();
    // A kind that the server does not have has no objects.
    for (const { need, outcome } of world.outcomes())
      if (!outcome.read && outcome.failure.kind !== 'notFound')
        host.stderr.write(`Warning: ${visible(`could not read ${describeNeed(need)}: ${outcome.failure.message}`)}\n`);
    if (world.facts.selfDoubt !== undefined)
      host.stderr.write(
        `Warning: ${visible(`could not see whether the server acts for the user of --as: ${world.facts.selfDoubt}`)}\n`,
      );
    if (!quiet) host.stderr.write(`${visible(file)}: ${world.size} objects\n`);
    return 0;
  } finally {
    connection.close();
  }
}
