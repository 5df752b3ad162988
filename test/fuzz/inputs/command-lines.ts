import { Readable } from 'node:stream';
import { COMMANDS, FLAGS } from '../../../src/cli/commands.ts';
import type { Command } from '../../../src/cli/parse/command.ts';
import type { Opened } from '../../../src/cli/run/source.ts';
import { openInput } from '../../../src/cluster/input/open.ts';
import type { Random } from '../../helpers/random.ts';
import type { Input } from '../ask.ts';
import { sentence } from '../grammar.ts';
import { SELECTOR } from '../grammars.ts';
import { HOSTILE } from '../hostile.ts';
import { BASE } from './base.ts';
import { PODS, place } from './files.ts';
import { serverOpened } from './server.ts';

const CLUSTER = place('asked.jsonl', BASE.map((each) => `${JSON.stringify(each)}\n`).join(''));
const source = await openInput(CLUSTER, {
  whole: true,
  complete: true,
  serverVersion: { major: 1, minor: 37 },
  namespace: 'dev',
  stdin: Readable.from([]),
});
const here = async (): Promise<Opened> => ({
  source,
  namespace: 'dev',
  name: CLUSTER,
  client: null,
  close: () => undefined,
});
const live = async (): Promise<Opened> => serverOpened((_, body) => body);

const TARGETS: readonly string[] = [
  ...[
    'web',
    'pod/web',
    'pods',
    'deployment/web',
    'svc/web',
    'svc/https:web:80',
    'node/n1',
    'nodes',
    'sa/web',
    'user/jane',
    'group/system:masters',
    'system:serviceaccount:dev:web',
    'web:8080',
    'https:web:',
  ],
  ...[
    'create',
    'get',
    '*',
    'pods/exec',
    'secrets/x',
    '/metrics',
    '/metrics*',
    'deployments.apps',
    'deployments.v1.apps/scale',
    'pods/log',
    'impersonate',
    'exec',
    'use',
    'securitycontextconstraints',
  ],
];
/** What some flags take. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  namespace: ['dev', 'prod'],
  output: ['json', 'yaml', 'wide', 'name', 'json=x'],
  subject: ['sa/web', 'user/jane', 'group/ops', 'system:serviceaccount:dev:web', 'jane'],
  accept: ['user/jane', '@none', 'sa/web', 'user/jane,group/ops'],
  'server-version': ['1.37', 'v1.29.3', '1.2', '2.0'],
  'request-timeout': ['1s', '0', '1h30m', '-1s', '1e3s', '5'],
  level: ['baseline', 'restricted', 'privileged'],
  'level-version': ['latest', 'v1.31', '1.31'],
  color: ['always', 'never', 'auto'],
};

/** A command line that is nearly right, or not at all. */
export function commandLineOf(choose: Random): Input {
  const command = choose.pick(COMMANDS);
  const flags = Array.from({ length: choose.below(4) }, () => flagOf(command, choose)).flat();
  const targets = choose.chance(0.5)
    ? choose.pick(RIGHT[command.name] ?? OBJECTS).split(' ')
    : wordsFrom(TARGETS, choose);
  const words = choose.chance(0.95)
    ? [command.name, ...targets, ...flags]
    : [...flags, choose.pick(HOSTILE), ...targets, command.name];
  return {
    words: choose.chance(0.1) ? mixed(words, choose) : words,
    open: choose.chance(0.1) ? live : here,
    ...(choose.chance(0.2) ? { columns: choose.pick([1, 20, 80, 0]) } : {}),
  };
}

const wordsFrom = (among: readonly string[], choose: Random): string[] =>
  Array.from({ length: choose.pick([0, 1, 1, 2, 2, 3]) }, () => choose.pick(choose.chance(0.75) ? among : HOSTILE));

/** What each command takes. */
const OBJECTS = ['web', 'pod/web', 'web -A', 'deployment/web', 'web web', '-l app', 'web --direct --expand'];
const RIGHT: Readonly<Record<string, readonly string[]>> = {
  who: [
    'create pods',
    'get /metrics',
    'get secrets/x',
    'create pods --subresource exec',
    '* * -A',
    'list deployments.apps',
  ],
  privileged: ['sa/web', 'user/jane', 'group/system:masters', 'web', 'user/jane sa/web'],
  'raw-sockets': ['', 'web', '-A', '-l app=web'],
  admit: [`-f ${PODS[0]}`, `-f ${PODS[1]} -f ${PODS[2]}`, `-f ${PODS[1]} --level restricted`],
  snapshot: ['x.jsonl', ''],
};

function flagOf({ flags }: Command, choose: Random): string[] {
  const own = FLAGS.filter((flag) => flags.includes(flag) || choose.chance(0.05));
  const { name, short, type } = choose.pick(own);
  const spelled = short && choose.chance(0.4) ? `-${short}` : `--${name}`;
  if (type === 'boolean' && choose.chance(0.9)) return [spelled];
  const value =
    name === 'selector'
      ? sentence(SELECTOR, 'root', choose)
      : choose.pick(choose.chance(0.75) ? (VALUES[name] ?? TARGETS) : HOSTILE);
  return choose.chance(0.3) ? [`${spelled}=${value}`] : [spelled, value];
}

/** In another order, with something twice and something gone. */
const mixed = (words: readonly string[], choose: Random): string[] => words.map(() => choose.pick(words));
