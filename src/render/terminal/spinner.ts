import type { Writable } from 'node:stream';
import ora from 'ora';

/** A terminal to write to. Without `columns`, or with 0, it does not know its width. */
export type ProgressStream = Writable & { columns?: number };

export interface Spinner {
  say(text: string): void;
  stop(): void;
}

/**
 * A spinner that runs; null where the terminal does not know its width, or has none to speak of. Kept apart from
 * `progress.ts`, so that ora is only loaded once something takes long. ora moves the cursor up by as many lines as its
 * text takes, which on a terminal of 0 columns are infinitely many: where a terminal loses its width later, the spinner
 * stops before it is drawn again.
 */
export function spin(text: string, stream: ProgressStream, color: boolean): Spinner | null {
  if (!isWide(stream)) return null;
  const spinner = ora({
    text,
    stream,
    color: color ? 'cyan' : false,
    isEnabled: true,
    isSilent: false,
    discardStdin: false,
  }).start();
  const watch = (): void => {
    if (!isWide(stream)) stop();
  };
  const stop = (): void => {
    stream.off('resize', watch);
    if (spinner.isSpinning) spinner.stop();
  };
  stream.on('resize', watch);
  return {
    say: (next) => {
      spinner.text = next;
    },
    stop,
  };
}

const isWide = ({ columns }: ProgressStream): boolean => columns !== undefined && columns >= NARROWEST;

const NARROWEST = 20;
