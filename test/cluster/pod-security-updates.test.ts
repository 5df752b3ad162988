import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Layer } from '../../src/admission/layer.ts';
import { evaluatePod } from '../../src/admission/pod-security/evaluate.ts';
import { levelOf } from '../../src/admission/pod-security/labels.ts';
import { podSecurity, violationMessage } from '../../src/admission/pod-security/layer.ts';
import { warnings } from '../../src/admission/pod-security/warnings.ts';
import { defaultFields, defaultTemplate } from '../../src/admission/request/defaults/pod.ts';
import type { AdmissionRequest } from '../../src/admission/request/request.ts';
import { validatePod } from '../../src/admission/request/validation/pod.ts';
import type { Raw } from '../../src/world/raw.ts';
import type { Version } from '../../src/world/version.ts';
import type { World } from '../../src/world/world.ts';
import { cluster } from '../helpers/cluster.ts';
import type { ControlPlane } from '../helpers/control-plane.ts';
import { importMutant } from '../helpers/mutate.ts';
import { type Case, generateCases, UPSTREAM } from '../helpers/pod-security/cases.ts';
import { LABEL_SETS, type LabelSet } from '../helpers/pod-security/label-sets.ts';
import { UPDATE_MUTATIONS } from '../helpers/pod-security/mutations.ts';
import { bareNamespaces, label, must } from '../helpers/pod-security/stage.ts';
import { CHANGES, type Change } from '../helpers/pod-security/updates.ts';
import { said, serversWord, type Word } from '../helpers/pod-security/verdict.ts';
import { templateOf, WORKLOADS } from '../helpers/pod-security/workloads.ts';
import { withControlPlane } from '../helpers/real.ts';

/** A change with what the server, and we, say to it. */
interface Judged {
  request: AdmissionRequest;
  world: World;
  word: Word;
}

const ENGINE_FOLDER = join(import.meta.dirname, '../../src/admission/pod-security');
const recorded: Judged[] = [];

for (const minor of [37, 34]) {
  await withControlPlane(minor === 37 ? {} : { emulatedVersion: `1.${minor}` }, (plane) =>
    declare(plane, { major: 1, minor }),
  );
}

test('each deliberate mistake about what an update is looked at for is noticed', async (t) => {
  const valid = recorded.filter(({ word }) => !('invalid' in word));
  const survivors: string[] = [];
  for (const mutation of UPDATE_MUTATIONS) {
    const mutant = await importMutant<{ podSecurity: Layer }>(ENGINE_FOLDER, ['layer.ts'], mutation);
    const isNoticed = ({ request, world, word }: Judged) =>
      (mutant.podSecurity.admits(request, world).value === 'yes') !== 'admitted' in word;
    if (!valid.some(isNoticed)) survivors.push(mutation.name);
  }
  t.diagnostic(`killed ${UPDATE_MUTATIONS.length - survivors.length} of ${UPDATE_MUTATIONS.length} mutants`);
  assert.deepEqual(survivors, []);
});

function declare(plane: ControlPlane, server: Version): void {
  const on = `on 1.${server.minor}`;
  const generated = generateCases(7, server, { alone: 3, good: 30, mixed: 15, invalid: 0 });
  const stored: { set: LabelSet; pod: Raw }[] = [];

  test(`pods that are there: as long as nothing is enforced every change is let through, ${on}`, async () => {
    await bareNamespaces(plane, LABEL_SETS);
    // The older server is asked about fewer: what counts is that it judges updates alike.
    stored.push(
      ...(await store(plane, server.minor === 37 ? generated : generated.filter((_, index) => index % 5 < 3))),
    );
    assert.ok(stored.length >= 40);
    await compareChanges(plane, server, stored, {});
    await Promise.all(
      stored
        .filter((_, index) => index % 3 === 0)
        .map(async (each) => Object.assign(each, { pod: await debugged(plane, each.pod) })),
    );
  });

  test(`pods that are there: once the namespace is labelled, changes are judged as the API server judges them, ${on}`, async (t) => {
    await label(plane, LABEL_SETS);
    const changes = await compareChanges(plane, server, stored, null);
    const words = changes.map(({ word }) => word);
    const count = (kind: string) => words.filter((word) => kind in word).length;
    if (server.minor === 37) recorded.push(...changes);
    t.diagnostic(
      `${words.length} changes compared: ${count('admitted')} admitted, ${count('refused')} refused, ${count('invalid')} invalid`,
    );
    assert.ok(words.length >= 1_000 && count('refused') >= 200 && count('admitted') >= 200 && count('invalid') >= 50);
  });

  test(`workloads are never refused, and warned about in the API server's words, ${on}`, async (t) => {
    const valid = generated.filter(
      ({ pod }) => validatePod(defaultFields(pod), { isNew: true, allowPrivileged: true }).length === 0,
    );
    const compared = await Promise.all(valid.map((each, index) => compareWorkload(plane, server, each, index)));
    const warned = compared.filter(({ length }) => length > 0).length;
    t.diagnostic(`${compared.length} workloads compared, ${warned} warned about`);
    assert.ok(compared.length >= 80 && warned >= 30 && warned < compared.length - 20);
  });
}

/** Those that can be made where nothing is enforced, each under a name of its own, as the server holds them. */
async function store(plane: ControlPlane, cases: readonly Case[]): Promise<{ set: LabelSet; pod: Raw }[]> {
  const named = cases.map(({ pod, ...each }, index) => ({
    ...each,
    pod: { ...pod, metadata: { ...(pod.metadata as Raw), name: `p-${index}` } },
  }));
  const valid = named.filter(
    ({ pod }) => validatePod(defaultFields(pod), { isNew: true, allowPrivileged: true }).length === 0,
  );
  const replies = await Promise.all(
    valid.map(({ set, pod }) => must(plane, 'POST', `/api/v1/namespaces/${set.namespace}/pods`, pod)),
  );
  return replies.map((pod, index) => ({ set: valid[index]?.set as LabelSet, pod }));
}

/** With an ephemeral container that stays. */
function debugged(plane: ControlPlane, pod: Raw): Promise<Raw> {
  const { namespace, name } = pod.metadata as { namespace: string; name: string };
  const spec = { ...(pod.spec as Raw), ephemeralContainers: [{ name: 'old', image: 'busybox' }] };
  return must(plane, 'PUT', `/api/v1/namespaces/${namespace}/pods/${name}/ephemeralcontainers`, { ...pod, spec });
}

/**
 * Every change of every pod as a dry run, and what we say to it. `labels`: what the namespaces carry now; null: their
 * own.
 */
async function compareChanges(
  plane: ControlPlane,
  server: Version,
  stored: readonly { set: LabelSet; pod: Raw }[],
  labels: Record<string, string> | null,
) {
  const cases = stored.flatMap(({ set, pod }) =>
    CHANGES.flatMap((change) => {
      const changed = change.apply(pod);
      return changed === null ? [] : [{ set: { ...set, labels: labels ?? set.labels }, pod, change, changed }];
    }),
  );
  return Promise.all(
    cases.map(async ({ set, pod, change, changed }) => {
      const { name } = pod.metadata as { name: string };
      const path = `/api/v1/namespaces/${set.namespace}/pods/${name}${change.subresource && `/${change.subresource}`}?dryRun=All`;
      const { status, body } = await plane.request('PUT', path, changed);
      const theirs = serversWord({ status, body: body as Raw });
      const ours = ourWord(server, set, change, pod, changed);
      assert.deepEqual(
        ours.word,
        theirs,
        `${change.name}, in ${JSON.stringify(set.labels)}, of ${JSON.stringify(pod.spec, null, 1)}`,
      );
      return ours;
    }),
  );
}

function ourWord(server: Version, set: LabelSet, { subresource }: Change, oldObject: Raw, sent: Raw): Judged {
  const object = defaultFields(sent);
  const problems = subresource === 'status' ? [] : validatePod(object, { isNew: false, allowPrivileged: true });
  const request: AdmissionRequest = { ...requestOf(set, object), operation: 'UPDATE', subresource, oldObject };
  const world = worldOf(server, set);
  if (problems.length > 0) return { request, world, word: { invalid: problems.map(said).sort() } };
  const verdict = podSecurity.admits(request, world);
  if (verdict.value === 'yes') return { request, world, word: { admitted: true } };
  const { enforce } = levelOf(set.labels, { default: UPSTREAM });
  const evaluation = evaluatePod(object, enforce.level, enforce.version, server);
  assert.deepEqual(
    verdict.evidence.map(({ check, reason, detail }) => [check, reason, detail]),
    evaluation.violations.map(({ check, reason, detail }) => [check, reason, detail]),
  );
  return { request, world, word: { refused: violationMessage(enforce, evaluation) } };
}

async function compareWorkload(
  plane: ControlPlane,
  server: Version,
  { set, pod }: Case,
  index: number,
): Promise<string[]> {
  const [group, resource, wrap] = WORKLOADS[index % WORKLOADS.length] as (typeof WORKLOADS)[number];
  const object = wrap(templateOf(pod));
  const path = group === '' ? '/api/v1' : `/apis/${group}/v1`;
  const { status, headers, body } = await plane.request(
    'POST',
    `${path}/namespaces/${set.namespace}/${resource}?dryRun=All`,
    object,
  );
  const theirs = String(headers.warning ?? '').match(/"(?:\\.|[^"\\])*"/g) ?? [];
  const violations = theirs
    .map((each) => each.slice(1, -1).replaceAll(/\\(.)/g, '$1'))
    .filter((each) => each.startsWith('would violate'));
  assert.ok(status < 300, `${resource} is refused: ${status} ${JSON.stringify(body).slice(0, 500)}`);
  const request = {
    ...requestOf(set, wrap(defaultTemplate(templateOf(pod)))),
    resource: { group, version: 'v1', resource },
  };
  const world = worldOf(server, set);
  assert.equal(podSecurity.admits(request, world).value, 'yes');
  assert.deepEqual(
    warnings(request, world),
    violations,
    JSON.stringify({ labels: set.labels, spec: pod.spec }, null, 1),
  );
  return violations;
}

function worldOf(server: Version, { namespace, labels }: LabelSet): World {
  return cluster({ version: server }).namespace(namespace, labels).world();
}

function requestOf({ namespace }: LabelSet, object: Raw): AdmissionRequest {
  return {
    operation: 'CREATE',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    ...{
      subresource: '',
      namespace,
      name: '',
      object,
      oldObject: null,
      user: { name: 'admin', groups: ['system:masters'] },
    },
  };
}
