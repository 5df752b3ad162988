import { type AttackText, type FixText, type Safe, type SafeText, safeText } from '../../answer/command.ts';
import { Printable } from './printable.ts';

/** A command to copy: spelled for a shell, it must not be escaped again. */
export const printed = (text: SafeText | FixText | AttackText): Printable => Printable.verbatim(text).unbroken();

/** The same of one that was not spelled yet. */
export const safeCommand = (command: Safe, kubectl: readonly string[] = []): Printable =>
  printed(safeText(command, kubectl));
