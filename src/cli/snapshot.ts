import type { Command } from './parse/command.ts';
import { taking } from './parse/flags.ts';

/** The command that is no question: it writes what questions read. */
export const SNAPSHOT: Command = {
  name: 'snapshot',
  usage: 'FILE',
  summary: 'Write what questions read to a file, for later',
  details: [
    'JSON Lines, without values of secrets, ConfigMaps or environment variables;',
    'gzip where FILE ends in .gz.',
  ],
  examples: [
    ['Read now', 'snapshot cluster.jsonl.gz'],
    ['Ask later', 'exec web-0 -n shop --input cluster.jsonl.gz'],
  ],
  flags: taking(),
};
