import { execFileSync } from 'node:child_process';

/** What a printed command does to the cluster: nothing, a dry run, the mending of an object, or harm. */
export type Class = 'reads' | 'dry-run' | 'fix' | 'harm';

/** The commands of a screen, as a reader would copy them: from `kubectl`, or what is piped into it, to the end of what belongs to it. */
export function commandsOn(screen: string): string[] {
  // A line that goes on is one with the next.
  const lines = screen.replaceAll(/ \\\n +/g, ' ').split('\n');
  return lines.flatMap((line) => /(?:^|[^\w'"-])((?:printf %s '|kubectl )(?!whocan-escalate).*)$/.exec(line)?.[1] ?? []).map(withoutRemark);
}

/** Dates stand behind two spaces; neither is in any command but quoted. */
const withoutRemark = (line: string): string => line.replace(/ {2}\((?:created|changed) .*\)?$/, '').replace(/, which names .*$/, '');

/** By a list of what is allowed: whatever is not on it is harm. */
export function classOf(line: string): Class {
  const classes = runsOf(line).map(classOfRun);
  return CLASSES.findLast((each) => classes.includes(each)) ?? 'harm';
}

const CLASSES = ['reads', 'dry-run', 'fix', 'harm'] as const;

/** The words of each run of kubectl, as a shell understands the line. */
function runsOf(line: string): string[][] {
  const script = `kubectl() { cat >/dev/null & printf '%s\\036' "$@" >&3; printf '\\035' >&3; }; exec 3>&1; { ${line}\n} </dev/null >/dev/null`;
  const output = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8', env: { LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' } });
  return output
    .split('\u001d')
    .slice(0, -1)
    .map((run) => run.split('\u001e').slice(0, -1));
}

function classOfRun(words: readonly string[]): Class {
  const [verb = '', second = ''] = words;
  if (words.includes('--raw') || words.includes('--'))
    return verb === 'auth' && second === 'can-i' && !words.includes('--raw') ? 'reads' : 'harm';
  if (verb === 'get' || verb === 'describe') return 'reads';
  if (verb === 'auth' && (second === 'can-i' || second === 'whoami')) return 'reads';
  if (verb === 'patch' && words.includes('--dry-run=client')) return 'reads';
  if (verb === 'create' || verb === 'apply')
    return words.includes('--dry-run=server') && words.some((word) => word.startsWith('--as=')) && words.includes('-f')
      ? 'dry-run'
      : 'harm';
  if (verb === 'label' || verb === 'patch') return words[1] === '--dry-run=server' ? 'dry-run' : 'fix';
  if (verb === 'replace' && words.join(' ').startsWith('replace --force -f -')) return 'fix';
  return 'harm';
}

/** Whether a shell would take the line at all. */
export function parses(line: string): boolean {
  try {
    execFileSync('bash', ['--norc', '-n', '-c', line], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
