import type { Writable } from 'node:stream';
import ora from 'ora';

/** A spinner that runs. Kept apart from `progress.ts`, so that ora is only loaded once something takes long. */
export const spin = (text: string, stream: Writable, color: boolean): { text: string; stop(): unknown } =>
  ora({ text, stream, color: color ? 'cyan' : false, isEnabled: true, isSilent: false, discardStdin: false }).start();
