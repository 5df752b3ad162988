import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { UserError } from '../../src/answer/user-error.ts';
import { connect } from '../../src/cluster/connect/connect.ts';
import { openInput } from '../../src/cluster/input/open.ts';
import { readPodFiles } from '../../src/cluster/input/pod-files.ts';
import { tryPod } from '../../src/cluster/live/dry-run.ts';
import { LiveSource } from '../../src/cluster/live/live.ts';
import { askServer } from '../../src/cluster/live/reviews.ts';
import { ApiClient } from '../../src/cluster/transport/transport.ts';
import { admit } from '../../src/questions/admit/admit.ts';
import { ask, type Source } from '../../src/questions/ask.ts';
import type { Asked, Result } from '../../src/questions/question.ts';
import { verify } from '../../src/questions/verify.ts';
import { NEWEST } from '../../src/world/version.ts';
import { type ControlPlane, DEFAULT_CONTROLLERS, startControlPlane } from '../../test/helpers/control-plane.ts';
import { OPTIONS } from '../../test/helpers/question.ts';
import { waitForAggregation } from '../../test/helpers/real.ts';
import { claimsOf, differences, isServed } from './compare.ts';
import { type Manifest, readManifests } from './manifests.ts';
import { type Asking, questionsAbout } from './questions.ts';
import { applyAll, isWebhook, makeNode, NODE, settle } from './server.ts';

export interface Examined {
  /** What was done, for people. */
  lines: string[];
  disagreements: string[];
}

/** The controllers that make pods of workloads, beside those that every test has. */
const CONTROLLERS = [
  ...DEFAULT_CONTROLLERS,
  ...['deployment', 'replicaset', 'statefulset', 'daemonset', 'job', 'cronjob', 'replicationcontroller'].map(
    (name) => `${name}-controller`,
  ),
];

/** Holds the answers about one folder of manifests against a server of its own. */
export async function examine(folder: string): Promise<Examined> {
  const plane = await startControlPlane({ controllers: CONTROLLERS });
  const scratch = mkdtempSync(join(tmpdir(), 'whocan-escalate-realworld-'));
  try {
    return await new Examination(folder, plane, scratch).run();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    await plane.stop();
  }
}

class Examination {
  readonly #folder: string;
  readonly #plane: ControlPlane;
  readonly #scratch: string;
  readonly #disagreements: string[] = [];
  #reviews = { yes: 0, no: 0 };
  #dryRuns = { admitted: 0, refused: 0 };

  constructor(folder: string, plane: ControlPlane, scratch: string) {
    this.#folder = folder;
    this.#plane = plane;
    this.#scratch = scratch;
  }

  async run(): Promise<Examined> {
    const started = performance.now();
    const client = await clientOf(this.#plane);
    const manifests = await readManifests(this.#folder);
    const { namespace: home } = await (await this.#open(this.#folder, true)).facts(false);
    await makeNode(this.#plane);
    const first = await applyAll(
      this.#plane,
      client,
      manifests.filter((each) => !isWebhook(each)),
      home,
    );
    await settle(this.#plane);
    await waitForAggregation(this.#plane);
    await this.#tryPods(first.accepted, home, client);
    const later = await applyAll(this.#plane, client, manifests.filter(isWebhook), home);
    const accepted = [...first.accepted, ...later.accepted];
    const asked = await this.#askAll(accepted, client);
    const seconds = Math.round((performance.now() - started) / 1000);
    const refused = [...first.refused, ...later.refused];
    return {
      lines: [
        `${basename(this.#folder)}: ${accepted.length} objects, ${asked} questions, ${this.#reviews.yes} yes and ${this.#reviews.no} no by SubjectAccessReview, ` +
          `${this.#dryRuns.admitted} pods admitted and ${this.#dryRuns.refused} refused as dry runs, ${seconds} s`,
        ...refused.map((each) => `  not taken by the server: ${each}`),
      ],
      disagreements: this.#disagreements,
    };
  }

  /** Whether the pods of workloads are admitted: by us offline, by us live, and by the server. */
  async #tryPods(accepted: readonly Manifest[], home: string, client: ApiClient): Promise<void> {
    const path = this.#write(
      'workloads.json',
      accepted.filter(({ group, kind }) => kind === 'Pod' || group === 'apps' || group === 'batch'),
    );
    const all = this.#write('all.json', accepted);
    const files = await readPodFiles([path], Readable.from([]));
    const target = { ...files, namespace: home, given: null, level: null };
    const asking: Asking = { words: 'admit', isOfPods: false, ask: (source) => ask(admit, target, source, OPTIONS) };
    const offline = await this.#attempt(asking, await this.#open(all, true));
    const live = await this.#attempt(asking, new LiveSource(client));
    if (!offline || !live || files.objects.length === 0) return;
    this.#compare(asking, offline, live);
    for (const each of offline.asked) await this.#verify(asking.words, each, client);
  }

  async #askAll(accepted: readonly Manifest[], client: ApiClient): Promise<number> {
    const path = this.#write('all.json', accepted);
    const [whole, part, original] = [
      await this.#open(path, true),
      await this.#open(path, false),
      await this.#open(this.#folder, false),
    ];
    const namespaces = [...new Set(accepted.flatMap(({ namespace }) => namespace ?? []))].sort();
    const askings = questionsAbout(accepted, namespaces);
    for (const asking of askings) {
      const offline = await this.#attempt(asking, whole);
      const live = await this.#attempt(asking, new LiveSource(client));
      const partial = await this.#attempt(asking, part);
      await this.#attempt(asking, original);
      if (!offline || !live || !partial || !isServed(live)) continue;
      this.#compare(asking, offline, live);
      this.#compareSure(asking, offline, partial);
      for (const each of offline.asked) await this.#verify(asking.words, each, client);
    }
    return askings.length;
  }

  #compare(asking: Asking, offline: Result, live: Result): void {
    const different = differences(claimsOf(offline, asking), claimsOf(live, asking), ['offline', 'live']);
    if (different.length > 0) this.#disagreements.push([asking.words, ...different].join('\n    '));
  }

  /** What is sure without --complete is so with it. */
  #compareSure(asking: Asking, whole: Result, part: Result): void {
    for (const { answer } of part.asked) {
      const other = whole.asked.find(
        ({ answer: { target } }) => JSON.stringify(target) === JSON.stringify(answer.target),
      )?.answer;
      if (other && answer.verdict !== 'depends' && answer.verdict !== other.verdict)
        this.#disagreements.push(`${asking.words}: ${answer.verdict} without --complete, ${other.verdict} with it`);
    }
  }

  async #verify(words: string, asked: Asked, client: ApiClient): Promise<void> {
    const checks = asked.checks();
    const trials = asked.trials?.() ?? [];
    for (const { expected } of checks) this.#reviews[expected] += 1;
    for (const { expected } of trials) this.#dryRuns[expected === 'yes' ? 'admitted' : 'refused'] += 1;
    const fixed = { ...asked, checks: () => checks, trials: () => trials };
    const { verification } = await verify(
      fixed,
      (...claim) => askServer(client, ...claim),
      (run) => tryPod(client, run),
    );
    for (const { question, expected, server, reason } of verification?.contradictions ?? [])
      this.#disagreements.push(`${words}: ${question}: ${expected} here, ${server} by the server (${reason})`);
  }

  /** Null where it throws, which is noted. */
  async #attempt(asking: Asking, source: Source): Promise<Result | null> {
    try {
      return await asking.ask(source);
    } catch (error) {
      if (error instanceof UserError) return { asked: [], errors: [error], warnings: [] };
      this.#disagreements.push(
        `${asking.words} crashes: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
      );
      return null;
    }
  }

  #open(path: string, complete: boolean): Promise<Source> {
    return openInput(path, { complete, serverVersion: NEWEST, namespace: null, whole: true, stdin: Readable.from([]) });
  }

  #write(name: string, manifests: readonly Manifest[]): string {
    const path = join(this.#scratch, name);
    writeFileSync(path, [NODE, ...manifests].map(({ raw }) => `${JSON.stringify(raw)}\n`).join(''));
    return path;
  }
}

async function clientOf(plane: ControlPlane): Promise<ApiClient> {
  const environment = { env: {}, stdinIsTerminal: false, version: '0' };
  return new ApiClient(await connect({ kubeconfig: plane.kubeconfigFile }, environment));
}
