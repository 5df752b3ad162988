import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from '../../src/render/terminal/width.ts';
import { answer, options } from '../helpers/answers.ts';
import { render } from '../helpers/rendered.ts';
import { main } from '../helpers/run-main.ts';
import { RAW_SOCKETS_STORIES } from './raw-sockets-stories.ts';
import { SPAWN_STORIES } from './spawn-stories.ts';
import { STORIES } from './stories.ts';

/** What a reader with a narrow terminal sees, of every story. */
const ALL = [...STORIES, ...SPAWN_STORIES, ...RAW_SOCKETS_STORIES];
const WIDTHS = [40, 60, 80, 120, 200];

/**
 * A line may be too wide for one word that is: a name, a path, the object of a command. It then stands alone, but for
 * what marks it.
 */
function isTooWide(line: string, width: number): boolean {
  if (displayWidth(line) <= width) return false;
  const longest = Math.max(...[...line.matchAll(/'[^']*'|\S+/g)].map(([word]) => displayWidth(word)));
  return longest + 24 < width;
}

for (const { file, answers, options: own } of ALL.filter(
  ({ options: { output } }) => output === 'default' || output === 'wide',
))
  for (const explain of [false, true])
    test(`${file}${explain ? ', explained' : ''}: no line is wider than the terminal`, () => {
      for (const width of WIDTHS) {
        const text = stripVTControlCharacters(
          render(answers, { ...own, explain, width, showSystem: true, verbose: true }),
        );
        for (const line of text.split('\n'))
          assert.ok(!isTooWide(line, width), `${width}: ${displayWidth(line)}: ${line}`);
      }
    });

test('no name is cut, however narrow', () => {
  // The card lists as many as fit.
  for (const { answers } of ALL.filter(({ answers: [first] }) => !first?.pod)) {
    const wide = render(answers, options({ width: Number.POSITIVE_INFINITY, showSystem: true }));
    const narrow = render(answers, options({ width: 40, showSystem: true }));
    for (const { subject, accepted, verdict, spawn } of answers.flatMap(({ findings }) => findings)) {
      if (accepted || verdict === 'no' || spawn || /[^ -~]/.test(subject.name)) continue;
      const word = [subject.namespace, subject.name]
        .filter((part) => part !== null)
        .join('/')
        .replaceAll(' ', '\\u0020');
      if (wide.includes(word)) assert.ok(narrow.includes(word), word);
    }
  }
});

test('a pipe gets every row whole: one line a row, and no column left out', () => {
  const [story] = STORIES.filter(({ file }) => file === 'holders');
  assert.ok(story);
  const lines = render(story.answers, options({ width: Number.POSITIVE_INFINITY })).split('\n');
  assert.match(lines[3] ?? '', /^SUBJECT +SCOPE +THROUGH +AGE +CHANGED$/);
  assert.match(
    lines[6] ?? '',
    /^group\/system:serviceaccounts:ci\(12\) +shop +RoleBinding\/deployers>ClusterRole\/edit +2y267d +368d$/,
  );
});

describe('the first line', () => {
  const agree: Record<string, RegExp> = {
    yes: /^(?!.*\b(nobody|none|no container|cannot)\b)/,
    no: /\b(nobody|no container|cannot|can't|none|no pods|but none|would be refused|holds back|nothing)\b/i,
    depends: /\b(may|perhaps|depends|could be seen|not sure|no container is sure|may be)\b/i,
  };
  const assertAgrees = (text: string): void => {
    const [first = ''] = stripVTControlCharacters(text).split('\n\n');
    const [, verdict = '', sentence = ''] =
      /^(yes|no|depends)(?:, probably (?:yes|no))?: (.*)/s.exec(first.replace(/\n {2}/g, ' ')) ?? [];
    assert.match(verdict, /./, first);
    assert.match(sentence.split(/[:;] /)[0] ?? '', agree[verdict] ?? /$^/, first);
  };

  for (const { file, answers, options: own } of ALL.filter(
    ({ options: { output } }) => output === 'default' || output === 'wide',
  ))
    if (answers.length === 1 && answers[0]?.question !== 'admit' && answers[0]?.target?.kind)
      test(`${file} agrees with its verdict`, () => assertAgrees(render(answers, { ...own, color: false })));

  for (const question of DEMO())
    test(`${question} agrees with its verdict, in at most two lines`, async () => {
      const { stdout, stderr } = await main(`${question} --demo`, { columns: 80 });
      assert.ok(stdout, stderr);
      assertAgrees(stdout);
      const head = stdout.split('\n\n')[0]?.split('\n') ?? [];
      const verdict = head.findIndex((line) => /^It can become others|context demo/.test(line));
      assert.ok(verdict === 1 || verdict === 2, head.join('\n'));
      assert.match(head.at(-1) ?? '', /context demo, Kubernetes v1\.37/);
    });
});

function DEMO(): string[] {
  return [
    'port-forward web-0 -n shop',
    'exec web-0 -n shop --subject sa/ci/builder',
    'exec web-0 -n shop --subject sa/ci/deployer',
    'pod web-0 -n shop',
    'privileged sa/builder -n ci',
    'privileged user/priya',
    'privileged user/nobody',
    'privileged -A',
    'raw-sockets -A',
    'raw-sockets web-0 -n shop',
    'who create pods/exec -A',
    'who delete nodes -A',
    'logs -l app=web -n shop',
  ];
}

describe('several targets', () => {
  const about = (verdict: 'yes' | 'no' | 'depends', name: string, question = 'raw-sockets') =>
    answer({ question, verdict, target: { kind: 'Pod', namespace: 'shop', name }, summary: `${verdict} ${name}` });
  const cases: [
    verdicts: ('yes' | 'no' | 'depends')[],
    question: string,
    of: string,
    subject: string | null,
    expected: string,
  ][] = [
    [
      ['no', 'depends'],
      'raw-sockets',
      ' of deployment/cart',
      null,
      'depends: 1 of 2 pods of deployment/cart may open raw sockets',
    ],
    [['no', 'yes', 'depends'], 'raw-sockets', '', null, 'yes: 1 of 3 pods can open raw sockets, and 1 more may'],
    [['no', 'no'], 'raw-sockets', '', null, 'no: none of 2 pods can open raw sockets'],
    [['no', 'yes'], 'exec', '', null, 'yes: somebody can exec into 1 of 2 pods'],
    [['no', 'depends'], 'port-forward', '', null, 'depends: somebody may be able to port-forward to 1 of 2 pods'],
    [
      ['no', 'no'],
      'logs',
      ' with labels app=x',
      null,
      'no: nobody can read the logs of any of 2 pods with labels app=x',
    ],
    [['no', 'yes'], 'exec', '', 'user/jane', 'yes: user/jane can exec into 1 of 2 pods'],
    [['no', 'no'], 'exec', '', 'user/jane', 'no: user/jane can exec into none of 2 pods'],
    [['yes', 'depends', 'depends'], 'pod', '', null, 'yes: somebody can get into 1 of 3 pods, and perhaps 2 more'],
  ];
  for (const [verdicts, question, of, subject, expected] of cases)
    test(expected, () => {
      const answers = verdicts.map((verdict, index) => about(verdict, `p${index}`, question));
      const [first, second] = render(answers, options({ of, subject, width: 200 })).split('\n');
      assert.deepEqual([first, second], [expected, 'context prod, Kubernetes v1.37.2']);
    });
  test('of one there is none', () => assert.match(render([about('no', 'p')], options()), /^no: no p\n/));
});

describe('what is a terminal and what is none', () => {
  const QUESTION = 'exec web-0 -n shop --demo';
  test('a verdict that scrolled away is repeated as the last line', async () => {
    const { stdout } = await main(QUESTION, { columns: 80, rows: 10 });
    assert.match(
      stripVTControlCharacters(stdout),
      /\n\nyes: \d+ subjects can exec into pod shop\/web-0, and 1 more subject may; \d+ more can\n {2}indirectly, .*\n$/,
    );
  });
  test('one that did not is not', async () => {
    const { stdout } = await main(QUESTION, { columns: 80, rows: 100 });
    assert.equal(stdout.match(/subjects can exec/g)?.length, 1);
  });
  test('in a pipe nothing is repeated, hinted or left out', async () => {
    const { stdout, stderr } = await main(QUESTION);
    assert.equal(stdout.match(/subjects can exec/g)?.length, 1);
    assert.equal(stderr, '');
    assert.match(stdout, /ClusterRoleBinding\/platform-admins>ClusterRole\/cluster-admin/);
  });
  for (const [env, expected] of [
    [{ LANG: 'C' }, false],
    [{ LANG: '' }, false],
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'C', LC_ALL: 'C.utf8' }, true],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'POSIX' }, false],
    [{ LANG: 'C', LC_CTYPE: 'de_DE.utf8' }, true],
  ] as const)
    test(`${JSON.stringify(env)}: trees ${expected ? 'are drawn' : 'are ASCII'}`, async () => {
      const { stdout } = await main(`${QUESTION} --explain`, undefined, env);
      assert.equal(/[^\n -~]/.test(stdout), expected);
    });
});

test('assumptions are one line, and each of them with -v', async () => {
  const { stdout: short } = await main('raw-sockets -n shop --demo');
  assert.match(short, /\n\d+ assumptions: -v lists them\n$/);
  const { stdout: long } = await main('raw-sockets -n shop --demo -v');
  assert.match(long, /\nAssumed:\n {2}\S.*\n {2}\S/);
});
