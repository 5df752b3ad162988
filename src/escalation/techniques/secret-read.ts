import { readCommand } from '../../spawn/commands/read-command.ts';
import { covering, type Right } from '../../spawn/rights/holder.ts';
import type { Attacker } from '../attacker.ts';
import { CERTAIN } from '../derivation.ts';
import type { Position } from '../position.ts';
import type { Technique } from '../technique.ts';
import { right } from '../wanted.ts';
import { TOKEN_SECRET } from './secret-step.ts';

/** Verbs whose answer holds the object: the last ones read without anybody expecting it. */
const READS = right(['get', 'list', 'watch'], 'secrets');
/** Who may only get Secrets has to know their names. */
const LISTS = right(['list', 'watch'], 'secrets');
const ANSWERS = right(['patch', 'delete'], 'secrets');
const COLLECTIONS = right('deletecollection', 'secrets');

/** The content of Secrets. */
export const secretRead: Technique = {
  id: 'secret-read',
  title: 'read Secrets',
  takes:
    'get, list or watch secrets. patch is enough, since an empty patch answers with the object, and so are delete and deletecollection, as dry runs.',
  gives: 'The content of the Secrets that are there.',
  mitre: ['T1552.007'],
  microsoft: ['MS-TA9025'],
  references: ['apiserver pkg/endpoints/handlers/patch.go', 'apiserver pkg/endpoints/handlers/delete.go'],
  *ofIdentity(actor, attacker) {
    for (const wanted of [READS, ANSWERS, COLLECTIONS])
      for (const found of attacker.rights(actor, wanted))
        for (const to of secretsOf(found)) {
          if (attacker.has(to) || isIncluded(to, attacker)) continue;
          const by = to.name === null ? (covering(attacker.rights(actor, LISTS), to.namespace) ?? found) : found;
          yield {
            technique: secretRead.id,
            to,
            steps: [
              {
                ...{ words: wordsOf(found, to), actor, rights: [found], namespace: found.namespace },
                attack: () => readCommand(asRead(to, attacker), by, to.namespace, to.name),
                takes: ({ secret }) =>
                  secret ? readCommand(TOKEN_SECRET, found, secret.namespace, secret.name) : null,
              },
            ],
            from: attacker.basisOf(actor, [found]),
            ...CERTAIN,
          };
        }
  },
  *toward(goal) {
    if (goal.kind !== 'secret' || goal.namespace === null || goal.name === null) return;
    const asked = { namespace: goal.namespace, name: goal.name };
    yield {
      technique: secretRead.id,
      steps: [
        {
          words: `read Secret ${goal.namespace}/${goal.name}`,
          any: [[{ wanted: READS, ...asked }], [{ wanted: ANSWERS, ...asked }]],
        },
      ],
    };
  },
};

type SecretPosition = Extract<Position, { kind: 'secret' }>;

const secretsOf = ({ namespace, names }: Right): SecretPosition[] =>
  (names ?? [null]).map((name) => ({ kind: 'secret', namespace, name }));

const asRead = ({ namespace, name }: SecretPosition, { world }: Attacker) =>
  name !== null && world.find('secrets', namespace, name) ? TOKEN_SECRET : { kind: 'Secret' };

/** Whether a wider position that includes this one is held. */
const isIncluded = ({ namespace, name }: SecretPosition, attacker: Attacker): boolean =>
  [
    { namespace: null, name: null },
    ...(name === null
      ? []
      : [
          { namespace, name: null },
          { namespace: null, name },
        ]),
  ].some((wider) => attacker.has({ kind: 'secret', ...wider }));

function wordsOf({ verb }: Right, { namespace, name }: SecretPosition): string {
  const what = name === null ? 'Secrets' : `Secret ${name}`;
  const where = namespace === null ? 'in every namespace' : `in namespace ${namespace}`;
  const how = verb === 'patch' || verb.startsWith('delete') ? `, by the answer to ${verb}` : '';
  return `read ${what} ${where}${how}`;
}
