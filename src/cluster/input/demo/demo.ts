import type { Source } from '../../../questions/ask.ts';
import { isRaw } from '../../../world/raw.ts';
import type { Version } from '../../../world/version.ts';
import { FileSource } from '../file-source.ts';
import { SnapshotLoader } from '../snapshot/loader.ts';
import records from './objects.json' with { type: 'json' };

/**
 * Opens the built-in example cluster (`--demo`), which is the records of a snapshot with the header first. This file is
 * only to be imported where the demo is asked for.
 */
export function openDemo(options: { serverVersion: Version | null; namespace: string | null }): Source {
  const [header, ...rest]: readonly unknown[] = records;
  const loader = new SnapshotLoader(isRaw(header) ? header : {}, { ...options, origin: 'demo', whole: true });
  rest.forEach((value, index) => {
    loader.add({ type: 'object', value, line: index + 2 });
  });
  return new FileSource(loader.end());
}
