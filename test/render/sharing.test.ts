import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EvidenceStep, Finding } from '../../src/answer/answer.ts';
import { toJson } from '../../src/render/document.ts';
import { answer, finding, grant, step } from '../helpers/answers.ts';
import { group, user } from '../helpers/cluster.ts';

const PLACES = Array.from({ length: 300 }, (_, index) => `team-${index}-production`);
const someone = (index: number) => ({ ...user(`user-${index}`), members: null });
const ops = { ...group('ops'), members: null };

/** Subjects of whom every third comes by a group, and every second gets less. */
function ofSubject(index: number): Finding {
  const subject = someone(index);
  const { kind, namespace, name } = index % 3 === 0 ? ops : subject;
  const own: EvidenceStep = step([grant(undefined, undefined, { subject: { kind, namespace, name } })], {
    identity: subject,
    command: null,
  });
  const spawn = {
    strongest: index % 2 ? 'node root' : null,
    maybe: null,
    namespaces: index % 7 === 0 ? null : index % 5 === 0 ? ['shop'] : PLACES,
    escapes: ['hostPath /'],
    refusals: [],
    accounts: { count: 5, powerful: ['ci/deployer'] },
  };
  return finding({
    ...{ id: 'pod-create', subject, spawn, accepted: index % 11 === 0, verdict: index % 2 ? 'yes' : 'no' },
    evidence:
      index % 4 === 0
        ? [
            { ...own, id: 'e1', identity: null },
            { ...own, id: 'e2', uses: ['e1'] },
          ]
        : [own],
    fix: (index % 13 === 0 ? ['kubectl label namespace shop x=y'] : []) as never,
  });
}

type Json = { [key: string]: unknown };

/** What `Answer.shared` says of `same`. */
function whole(value: unknown, shared: Json): unknown {
  if (Array.isArray(value)) return value.map((each) => whole(each, shared));
  if (typeof value !== 'object' || value === null) return value;
  const { same = [], ...own } = value as Json;
  const parts = (same as string[]).map((name) => whole(shared[name], shared) as Json);
  return Object.assign(
    {},
    ...parts,
    Object.fromEntries(Object.entries(own).map(([key, each]) => [key, whole(each, shared)])),
  );
}

function restored(line: Json, shared: Json): unknown {
  const { evidence, subject, ...rest } = whole(line, shared) as { evidence: Json[]; subject: Json };
  const { members: _, ...holder } = subject;
  const steps = evidence.map(({ grants, ...each }) => ({
    ...{ identity: subject, uses: [], ...each },
    grants: (grants as Json[]).map((one) => ({ subject: holder, ...one })),
  }));
  return { ...rest, subject, evidence: steps };
}

const written = (findings: Finding[]): string =>
  [...toJson([answer({ question: 'privileged', target: null, findings })], false)].join('');

test('of many findings what they have in common is written once, and nothing is lost', () => {
  const findings = Array.from({ length: 1200 }, (_, index) => ofSubject(index));
  const text = written(findings);
  const document = JSON.parse(text);
  assert.equal(document.findings.length, findings.length);
  for (const [index, line] of document.findings.entries()) {
    assert.deepEqual(restored(line, document.shared), JSON.parse(JSON.stringify(findings[index])), `finding ${index}`);
    assert.deepEqual(Object.keys(line), ['id', 'verdict', 'subject', 'same']);
  }
  assert.equal(text.split('team-17-production').length, 2, 'a class of namespaces stands there once');
  assert.ok(text.length < 1200 * 250 + 20_000, `${text.length} characters`);
});

test('commands are what differs for each subject, and are left out', () => {
  const findings = Array.from({ length: 1001 }, (_, index) => ({
    ...ofSubject(index),
    evidence: [step([grant()], { command: `kubectl create --as=user-${index}` as never })],
  }));
  assert.doesNotMatch(written(findings), /--as=/);
});

test('a small answer is as it always was', () => {
  const findings = Array.from({ length: 1000 }, (_, index) => ofSubject(index));
  const document = JSON.parse(written(findings));
  assert.deepEqual(document.findings, JSON.parse(JSON.stringify(findings)));
  assert.equal(document.shared, undefined);
});

test('in a list of answers each has its own', () => {
  const findings = Array.from({ length: 1001 }, (_, index) => ofSubject(index));
  const about = answer({ question: 'privileged', target: null, findings });
  const { items } = JSON.parse([...toJson([about, about], true)].join(''));
  for (const { findings: lines, shared } of items)
    assert.deepEqual(restored(lines[7], shared), JSON.parse(JSON.stringify(findings[7])));
});
