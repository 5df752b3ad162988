import { startProgress } from '../../render/terminal/progress.ts';
import type { Reads } from '../parse/invocation.ts';
import { type Host, usesColor } from './host.ts';

/** Says on a terminal what takes so long, unless asked to be quiet, until `work` is done. */
export async function during<T>(
  text: string,
  { quiet, color }: Reads,
  { stderr }: Pick<Host, 'stderr'>,
  work: Promise<T>,
): Promise<T> {
  const progress = startProgress(text, stderr.isTTY && !quiet ? stderr : null, usesColor(color, stderr));
  try {
    return await work;
  } finally {
    progress.stop();
  }
}
