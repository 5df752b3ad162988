import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Answer, Finding } from '../../../src/answer/answer.ts';
import { type Identity, identityKeys, identityOf, subjectKey } from '../../../src/rbac/subjects.ts';
import type { Alternatives, Oracle } from '../../helpers/oracle.ts';
import { storyIdentities } from '../../helpers/story.ts';

export interface Truth {
  /** Whoever is allowed one of these has to be among the holders, and nobody else. */
  held: Alternatives;
  /** The same for the rows that depend on something: of those who are no holders for sure. */
  maybe: Alternatives;
  /** What a row claims of its subject: one alternative of each. */
  claims(finding: Finding): readonly Alternatives[];
}

/** Holds the holders of an answer against the server, as sets over everybody of the story, and row by row. */
export async function agreeOnHolders(
  t: TestContext,
  server: Oracle,
  { findings, nearMisses }: Answer,
  { held, maybe, claims }: Truth,
): Promise<void> {
  const said = { yes: 0, no: 0, rows: 0 };
  const wrong: string[] = [];
  const check = async (identity: Identity): Promise<void> => {
    const here = verdictOf([...findings, ...nearMisses], identity);
    const there = (await server.allows(identity, held))
      ? 'yes'
      : (await server.allows(identity, maybe))
        ? 'depends'
        : 'no';
    said[there === 'no' ? 'no' : 'yes'] += 1;
    if (here !== there) wrong.push(`${JSON.stringify(identity)}: here ${here}, the server says ${there}`);
  };
  const checkRow = async (finding: Finding): Promise<void> => {
    const identity = identityOf(finding.subject);
    const allowed = await Promise.all(claims(finding).map((claim) => server.allows(identity, claim)));
    said.rows += 1;
    if (allowed.includes(false))
      wrong.push(
        `${JSON.stringify(finding.subject)} ${JSON.stringify(finding.scope)}: the server denies ${finding.reason}`,
      );
  };
  await Promise.all([
    ...storyIdentities().map(check),
    ...findings.filter(({ verdict }) => verdict === 'yes').map(checkRow),
  ]);
  t.diagnostic(`${said.yes} yes, ${said.no} no, ${said.rows} rows`);
  assert.deepEqual(wrong, []);
  assert.ok(said.yes > 0 && said.no > 0);
}

function verdictOf(findings: readonly Finding[], identity: Identity): string {
  const keys = identityKeys(identity);
  const verdicts = findings
    .filter(({ subject }) => keys.includes(subjectKey(subject, null) ?? ''))
    .map(({ verdict }) => verdict);
  return verdicts.includes('yes') ? 'yes' : verdicts.includes('depends') ? 'depends' : 'no';
}
