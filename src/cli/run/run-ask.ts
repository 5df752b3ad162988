import { setImmediate as turn } from 'node:timers/promises';
import { count, joinAnd } from '../../answer/words.ts';
import type { Change } from '../../apply/change.ts';
import { tryPod } from '../../cluster/live/dry-run.ts';
import { askServer } from '../../cluster/live/reviews.ts';
import type { ApiClient } from '../../cluster/transport/transport.ts';
import { ask, type Supposed } from '../../questions/ask.ts';
import type { DryRun, Options, Result } from '../../questions/question.ts';
import { verify } from '../../questions/verify.ts';
import type { Request } from '../../rbac/request.ts';
import type { Identity } from '../../rbac/subjects.ts';
import { visible } from '../../render/terminal/printable.ts';
import type { Ask } from '../parse/invocation.ts';
import { parseSubject } from '../parse/subject.ts';
import type { Asks, Ready } from '../questions/question.ts';
import { readAccepted } from './accept.ts';
import { readChange } from './change.ts';
import { exitCodeOf, strictly } from './exit-code.ts';
import type { Host } from './host.ts';
import { asksIndirect, loadWithIndirect } from './indirect.ts';
import { openSource } from './source.ts';
import { sourceWords } from './source-words.ts';
import { during } from './waiting.ts';

/**
 * Asks a question and prints the answers. Resolves with the exit code; rejects with a UserError where there is nothing
 * to answer from.
 */
export async function runAsk(invocation: Ask, host: Host, open = openSource): Promise<number> {
  const { asks, allNamespaces, connect } = invocation;
  // Before anybody is asked: a file that cannot be read is no reason to log in.
  const ready = await readFiles(asks, invocation, host);
  const changeIn = await readChange(invocation, host);
  const { source, namespace: home, name, client, close } = await open(invocation, host);
  try {
    const options = optionsOf(invocation, home);
    const isWide = asksIndirect(invocation);
    const place = { home, namespace: allNamespaces ? null : home, given: connect.namespace || null };
    const supposed = changeIn && (await suppose(changeIn(home)));
    const asking = ready(place, (load, target) =>
      ask(soon(isWide ? () => loadWithIndirect(load) : load), target, source, options, supposed ?? undefined),
    );
    const [result, { printResult }, view] = await Promise.all([
      during(`Reading ${name}`, invocation, host, asking),
      soon(() => import('./print-result.ts')),
      soon(asks.question.view),
    ]);
    const checked = client && invocation.verify ? await verifyResult(result, client, name, invocation, host) : result;
    const outcome = invocation.strict ? strictly(checked) : checked;
    printResult(outcome, invocation, view, host);
    return exitCodeOf(outcome, invocation.exitCode);
  } finally {
    close();
  }
}

const readFiles = ({ named, ready }: Asks, invocation: Ask, host: Host): Promise<Ready> =>
  named.files ? during('Reading files', invocation, host, ready(host.stdin)) : ready(host.stdin);

/** What is only asked where something is to be changed is only loaded there. */
async function suppose(change: Change): Promise<Supposed> {
  const { WhatIfAsked } = await import('../../questions/what-if/what-if.ts');
  return new WhatIfAsked(change);
}

function optionsOf(invocation: Ask, namespace: string): Options {
  const { subject, subjectGroups, accept, direct, expand, view, source } = invocation;
  return {
    subject: subject === undefined ? null : parseSubject(subject, namespace),
    subjectGroups,
    accepts: readAccepted(accept, namespace),
    direct,
    expand,
    showAttack: view.showAttack,
    // kubectl knows neither files nor the demo.
    kubectl: source.kind === 'live' ? sourceWords(invocation) : [],
  };
}

/** Loads when what was sent before is on its way, so that the server thinks meanwhile. */
async function soon<T>(load: () => Promise<T>): Promise<T> {
  await turn();
  return load();
}

/** Says first what is about to be sent, where that leaves more than questions behind. */
async function verifyResult(
  result: Result,
  client: ApiClient,
  name: string,
  invocation: Ask,
  host: Host,
): Promise<Result> {
  const asked = result.asked.map((each) => {
    const runs = each.trials?.() ?? [];
    return { ...each, trials: () => runs };
  });
  const runs = asked.flatMap(({ trials }) => trials());
  if (runs.length > 0) host.stderr.write(`${announcement(runs, name)}\n`);
  const askOne = (identity: Identity, request: Request) => askServer(client, identity, request);
  const tryOne = (run: DryRun) => tryPod(client, run);
  const verified = Promise.all(asked.map(async (each) => ({ ...each, answer: await verify(each, askOne, tryOne) })));
  return { ...result, asked: await during(`Asking ${name}`, invocation, host, verified) };
}

function announcement(runs: readonly DryRun[], name: string): string {
  const users = [
    ...new Set(runs.map(({ as }) => (as === null ? 'you' : (as.user ?? `a member of ${as.groups.join(', ')}`)))),
  ];
  const shown = users.length > 3 ? `${users.slice(0, 3).join(', ')} and ${users.length - 3} more` : joinAnd(users);
  const what = `${count(runs.length, 'pod')} as ${runs.length === 1 ? 'a dry run' : 'dry runs'}`;
  return visible(`Sending ${what} to ${name}, as ${shown}: nothing is stored, but audit entries are left.`);
}
