/**
 * The runtime without the compiler that takes the types out of TypeScript: a WebAssembly module, as text in base64,
 * which is 3.8 MB of every runtime and 1.4 MB of every archive. The program has no way to come to it
 * (`test/cli/bundle.test.ts` has what it may load). Its letters become blanks, so that nothing else moves. Throws where
 * it is not there once: another version of Node may have it in another way.
 */
export function blankTypeScriptCompiler(runtime: Buffer): Buffer {
  const large: [start: number, end: number][] = [];
  for (let start = runtime.indexOf(MODULE); start !== -1; start = runtime.indexOf(MODULE, start + 1)) {
    let end = start;
    while (isBase64(runtime[end])) end += 1;
    if (end - start >= LARGE) large.push([start, end]);
  }
  const [only, ...others] = large;
  if (!only || others.length > 0)
    throw new Error(`${large.length} large WebAssembly modules in the runtime, and not one`);
  return runtime.fill(' ', ...only);
}

const isBase64 = (byte = 0): boolean =>
  (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x2f && byte <= 0x39) || byte === 0x2b;

/** How every WebAssembly module begins, in base64. */
const MODULE = 'AGFzbQE';
const LARGE = 1_000_000;
