import type { Finding } from '../../answer/answer.ts';
import { type Printable, sentence } from '../terminal/printable.ts';
import { printed } from '../terminal/shell.ts';
import type { View } from './view.ts';

/** What ends it, each command once: as a dry run first, then the same for real; and what it does to what runs. */
export function fixView(findings: readonly Finding[], { paint }: View): Printable[] {
  const commands = new Set(findings.flatMap(({ fix }) => fix));
  const notes = new Set(findings.flatMap(({ fixNotes = [] }) => fixNotes));
  if (commands.size === 0 && notes.size === 0) return [];
  return [
    paint('heading', commands.size > 0 ? sentence`Fix (as a dry run first, then the same for real):` : sentence`Fix:`),
    ...[...commands].map((text) => sentence`  ${printed(text)}`),
    ...[...notes].map((text) => sentence`  ${text}`),
  ];
}
