import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 collect the old generation whenever it has doubled: by itself V8 lets it grow to up to four times its size.
 * Called before anything large is read. It is not a flag of the executable, because V8 compares its flags with those
 * that cached code was made with: with one that differs it would compile every module of Node that a question needs,
 * which takes 20 ms. That is why zlib, which lists need, is loaded first.
 */
export function growSlowly(): void {
  process.getBuiltinModule('node:zlib');
  setFlagsFromString('--heap-growing-percent=100');
}
