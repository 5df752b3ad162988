/**
 * Gives the program so many inputs that nobody should write, and looks at what it prints: `npm run fuzz -- N [--seed S]
 * [--piece TEXT]… [--only SEED]`. Prints what is wrong with it and the slowest input, and ends with 1 where something
 * is wrong. `--only` shows one input whole.
 */
import { parseArgs } from 'node:util';
import { ask } from '../test/fuzz/ask.ts';
import { type Failure, fuzz, inputOf } from '../test/fuzz/fuzz.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    piece: { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
  },
});
const { piece: pieces } = values;
if (values.only === undefined) await tryMany();
else await show(Number(values.only));

async function tryMany(): Promise<void> {
  const started = process.cpuUsage();
  const seen = new Map<string, number>();
  const onEach = (tried: number, failure: Failure | null): void => {
    if (tried % 50_000 === 0) console.log(`${tried} tried`);
    if (!failure) return;
    const { seed, piece, what, outcome } = failure;
    const said = `${what}${what === 'internal error' ? `: ${outcome?.stderr.trim()}` : ''}`.slice(0, 300);
    seen.set(said, (seen.get(said) ?? 0) + 1);
    // As it is found: the end may be an hour away.
    if (seen.get(said) === 1) console.log(`--only ${seed} (${piece}): ${said}`);
  };
  const { tried, failures, counts, slowest } = await fuzz(Number(positionals[0] ?? 20_000), Number(values.seed), {
    pieces,
    onEach,
  });
  for (const [said, times] of seen) console.log(`${times} times: ${said}`);
  for (const [piece, { tried: each, answered, milliseconds }] of counts)
    console.log(`${piece}: ${each}, ${answered} of them answered, ${(milliseconds / each).toFixed(2)} ms each`);
  const { user, system } = process.cpuUsage(started);
  console.log(`slowest: ${Math.round(slowest.milliseconds)} ms, --only ${slowest.seed} (${slowest.piece})`);
  console.log(`${tried} inputs, ${failures.length} that went wrong, ${((user + system) / 1e6).toFixed(1)} s of CPU`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

async function show(seed: number): Promise<void> {
  const { piece, input } = inputOf(seed, pieces);
  console.log(`${piece}: ${JSON.stringify(input.words)}\n${input.stdin ?? ''}`);
  const words = input.words.includes('-v') ? input.words : [...input.words, '-v'];
  console.log(await ask({ ...input, words }));
}
