import { execFileSync } from 'node:child_process';

/** What a printed command does to the cluster: nothing, a dry run, the mending of an object, or harm. */
export type Class = 'reads' | 'dry-run' | 'fix' | 'harm';

/**
 * The commands of a screen, as a reader would copy them: from `kubectl`, or what is piped into it, to the end of what
 * belongs to it.
 */
export function commandsOn(screen: string): string[] {
  // A line that goes on is one with the next.
  const lines = screen.replaceAll(/ \\\n +/g, ' ').split('\n');
  return lines
    .flatMap((line) => /(?:^|[^\w'"-])((?:printf %s '|kubectl )(?!whocan-escalate).*)$/.exec(line)?.[1] ?? [])
    .map(withoutRemark);
}

/** Dates stand behind two spaces; neither is in any command but quoted. */
const withoutRemark = (line: string): string =>
  line.replace(/ {2}\((?:created|changed) .*\)?$/, '').replace(/, which names .*$/, '');

/** By a list of what is allowed: whatever is not on it is harm, and so is what no shell would take. */
export function classOf(line: string): Class {
  return classesOf([line])[0] ?? 'harm';
}

/** The same of many lines, which one shell reads, each in a subshell of its own. */
export function classesOf(lines: readonly string[]): Class[] {
  return runsOf(lines).map((runs) => {
    const classes = runs.map(classOfRun);
    return CLASSES.findLast((each) => classes.includes(each)) ?? 'harm';
  });
}

const CLASSES = ['reads', 'dry-run', 'fix', 'harm'] as const;

/**
 * The words of each run of kubectl, as a shell understands each line: none where the line is no command that a shell
 * can read.
 */
function runsOf(lines: readonly string[]): string[][][] {
  const kubectl = `kubectl() { cat >/dev/null & printf '%s\\036' "$@" >&3; printf '\\035' >&3; }`;
  // What stands in braces and in parentheses alike is whole: nothing of a line runs whose end no shell can read.
  const whole = `{ eval "f() { $line"$'\\n'"}" && eval "f() ( $line"$'\\n'")"; } 3>/dev/null`;
  const script = `${kubectl}; exec 3>&1; for line; do ( ${whole} && eval "$line" ) </dev/null >/dev/null; printf '\\034' >&3; done`;
  const output = execFileSync('bash', ['--norc', '-c', script, 'bash', ...lines], {
    encoding: 'utf8',
    env: { LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' },
  });
  const all = output.split('\u001c').slice(0, -1);
  if (all.length !== lines.length) throw new Error(`a shell read ${all.length} of ${lines.length} lines`);
  return all.map((runs) =>
    runs
      .split('\u001d')
      .slice(0, -1)
      .map((run) => run.split('\u001e').slice(0, -1)),
  );
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
  // What is deleted in earnest is printed nowhere but as a field of a document.
  if (verb === 'delete' || verb === 'cordon') return words[1] === '--dry-run=server' ? 'dry-run' : 'harm';
  if (verb === 'label' || verb === 'patch') return words[1] === '--dry-run=server' ? 'dry-run' : 'fix';
  if (verb === 'replace' && words.join(' ').startsWith('replace --force -f -')) return 'fix';
  return 'harm';
}
