// Fills the parts of README.md that are made from the program itself: the samples on the demo cluster and the table of
// questions. `node scripts/readme.ts` writes it; a test holds it against what this gives.
import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import type { Answer } from '../src/answer/answer.ts';
import { COMMANDS, findQuestion } from '../src/cli/commands.ts';
import { openDemo } from '../src/cluster/input/demo/demo.ts';
import { ask } from '../src/questions/ask.ts';
import { withIndirect } from '../src/questions/holders/indirect/index.ts';
import { portForward } from '../src/questions/index.ts';
import { privileged } from '../src/questions/privileged/privileged.ts';
import type { Result } from '../src/questions/question.ts';
import { rawSockets } from '../src/questions/raw-sockets/raw-sockets.ts';
import { reach } from '../src/questions/reach/reach.ts';
import { render } from '../src/render/formats.ts';
import type { QuestionView } from '../src/render/views/view.ts';

export const README = new URL('../README.md', import.meta.url);

/** The README as it should be. */
export async function renderedReadme(text: string): Promise<string> {
  const pod = { refs: [{ kind: 'pods', name: 'web-0' } as const], selector: null, namespace: 'shop' };
  const subjects = [{ kind: 'ServiceAccount', namespace: 'ci', name: 'builder' }];
  const samples = {
    'port-forward web-0 -n shop': await ask(withIndirect(portForward), pod, demo(), OPTIONS),
    'raw-sockets -n shop': await ask(rawSockets, { refs: [], selector: null, namespace: 'shop' }, demo(), OPTIONS),
    'reach cluster-admin': await ask(reach, { goals: [{ kind: 'cluster' }] }, demo(), OPTIONS),
    'privileged sa/builder -n ci': await ask(privileged, { subjects, pods: null, namespace: null }, demo(), OPTIONS),
  };
  let shown = text;
  for (const [words, result] of Object.entries(samples))
    shown = fill(shown, `sample: ${words}`, await sample(words, result));
  return fill(shown, 'commands', commands());
}

const demo = () => openDemo({ serverVersion: null, namespace: null });

const OPTIONS = {
  subject: null,
  subjectGroups: [],
  accepts: () => false,
  direct: false,
  expand: false,
  showAttack: false,
  kubectl: [],
};

async function sample(words: string, { asked }: Result): Promise<string> {
  const view = {
    output: 'default',
    explain: false,
    showAttack: false,
    kubectl: [],
    verbose: false,
    ascii: false,
    subject: null,
    summaryOf: ({ summary }: Answer) => summary,
    of: '',
    noHeaders: false,
    asList: false,
    showSystem: false,
    color: false,
    width: 80,
    allNamespaces: false,
  } as const;
  const answer = render(
    asked.map((each) => each.answer),
    view,
    await viewOf(words),
  );
  return ['```', `$ kubectl whocan-escalate ${words}`, answer.trimEnd(), '```'].join('\n');
}

function viewOf(words: string): Promise<QuestionView> {
  const [name = ''] = words.split(' ');
  const question = findQuestion(name);
  if (!question) throw new Error(`no question is called ${name}`);
  return question.view();
}

function commands(): string {
  const rows = COMMANDS.map(
    ({ name, usage, summary }) => `| \`${`${name} ${usage}`.trim().replaceAll('|', '\\|')}\` | ${summary} |`,
  );
  return ['| question | answers |', '| --- | --- |', ...rows].join('\n');
}

function fill(text: string, mark: string, content: string): string {
  const start = `<!-- ${mark} -->\n`;
  const from = text.indexOf(start) + start.length;
  return `${text.slice(0, from)}${content}\n${text.slice(text.indexOf('<!-- end -->', from))}`;
}

if (argv[1] === import.meta.filename) writeFileSync(README, await renderedReadme(readFileSync(README, 'utf8')));
