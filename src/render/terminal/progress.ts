import { visible } from './printable.ts';
import type { ProgressStream, Spinner } from './spinner.ts';

export interface Progress {
  say(text: string): void;
  /** Clears the line. To be called before anything else is written to the terminal. */
  stop(): void;
}

/**
 * Says on a terminal what is being waited for, once that has taken a while. `stream` null: not a terminal, or asked to
 * be quiet: nothing is ever written. Never keeps the process alive.
 */
export function startProgress(text: string, stream: ProgressStream | null, color: boolean): Progress {
  let saying = visible(text);
  let spinner: Spinner | null = null;
  let stopped = stream === null;
  const timer = setTimeout(async () => {
    const { spin } = await import('./spinner.ts');
    if (stream !== null && !stopped) spinner = spin(saying, stream, color);
  }, PATIENCE);
  timer.unref();
  if (stopped) clearTimeout(timer);
  return {
    say(next) {
      saying = visible(next);
      spinner?.say(saying);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}

/** Milliseconds within which an answer needs no excuse. */
const PATIENCE = 300;
