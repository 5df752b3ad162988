import { random } from '../../test/helpers/random.ts';

/** What a container's security context asks for. Null lists: it has no `capabilities`. */
export interface Case {
  add: readonly string[] | null;
  drop: readonly string[] | null;
  privileged: boolean;
}

/** Each way to write a name that some runtime takes differently than another. */
const SPELLINGS = [
  'NET_RAW',
  'net_raw',
  'Net_Raw',
  'CAP_NET_RAW',
  'cap_net_raw',
  'Cap_Net_Raw',
  ' NET_RAW',
  'NET_RAW ',
  'CAP_CAP_NET_RAW',
  'NET-RAW',
];
const EVERYTHING = ['ALL', 'all', 'All', ' ALL', 'CAP_ALL', 'cap_all', '*'];
const OTHERS = [
  'NET_ADMIN',
  'SYS_ADMIN',
  'SETUID',
  'CHOWN',
  'BPF',
  'PERFMON',
  'CHECKPOINT_RESTORE',
  'MKNOD',
  'AUDIT_READ',
];
const UNKNOWN = ['', 'CAP_', 'BOGUS', 'bogus', '38'];
const NAMES = [...SPELLINGS, ...EVERYTHING, ...OTHERS, ...UNKNOWN];

/** Drawn more often than others: those that decide. Most of the rest is refused by most. */
const DECISIVE = [
  ...OTHERS,
  ...SPELLINGS.slice(0, 6),
  ...Array<string>(4).fill('NET_RAW'),
  ...Array<string>(4).fill('ALL'),
  'all',
  'All',
];
const DRAWN = 300;
const SEED = 1;

/** The traps by hand, then some drawn at random, the same each time. */
export function allCases(): Case[] {
  return distinct([...traps(), ...drawn()]);
}

function traps(): Case[] {
  const lists: [string[] | null, string[] | null][] = [
    [null, null],
    [[], []],
    ...NAMES.flatMap((name): [string[], string[]][] => [
      [[name], []],
      [[], [name]],
      [[name], [name]],
      [[name], ['ALL']],
      [['ALL'], [name]],
    ]),
    ...product(SPELLINGS.slice(0, 5), SPELLINGS.slice(0, 5)),
    ...product(EVERYTHING, EVERYTHING),
    [['NET_RAW', 'NET_ADMIN'], []],
    [['NET_RAW', 'NET_RAW'], ['ALL']],
    [['NET_RAW', 'net_raw', 'CAP_NET_RAW'], ['ALL']],
    [[], ['NET_RAW', 'NET_RAW']],
    [[], ['ALL', 'NET_RAW']],
    [['NET_RAW'], ['ALL', 'NET_RAW']],
    [['NET_RAW'], ['NET_RAW', 'ALL']],
    [
      ['ALL', 'NET_RAW'],
      ['ALL', 'NET_RAW'],
    ],
    [['ALL', 'NET_RAW'], ['ALL']],
    [['ALL', 'NET_RAW'], ['NET_RAW']],
    [
      ['ALL', 'NET_ADMIN'],
      ['ALL', 'NET_RAW'],
    ],
    [['ALL', 'BOGUS'], []],
    [['ALL'], ['BOGUS']],
    [['BOGUS'], ['ALL']],
    [[], ['ALL', 'BOGUS']],
    [['NET_BIND_SERVICE'], ['ALL']],
    [['NET_ADMIN', 'NET_RAW', 'SYS_ADMIN'], ['all']],
    [['BPF', 'PERFMON', 'CHECKPOINT_RESTORE'], []],
    [['ALL'], ['BPF', 'PERFMON', 'CHECKPOINT_RESTORE']],
  ];
  const privileged: [string[] | null, string[] | null][] = [
    [null, null],
    [[], []],
    [['NET_RAW'], []],
    [['BOGUS'], []],
    [[], ['NET_RAW']],
    [[], ['ALL']],
    [[], ['CAP_ALL']],
    [['NET_RAW'], ['ALL']],
    [['ALL'], ['NET_RAW']],
    [['ALL'], ['ALL']],
  ];
  return [
    ...lists.map(([add, drop]) => ({ add, drop, privileged: false })),
    ...privileged.map(([add, drop]) => ({ add, drop, privileged: true })),
  ];
}

function drawn(): Case[] {
  const { chance, pick } = random(SEED);
  const name = () => pick(chance(0.07) ? NAMES : DECISIVE);
  const list = () => Array.from({ length: pick([0, 1, 2, 3, 4]) }, name);
  return Array.from({ length: DRAWN }, () => ({ add: list(), drop: list(), privileged: chance(0.05) }));
}

function product(adds: readonly string[], drops: readonly string[]): [string[], string[]][] {
  return adds.flatMap((add) => drops.map((drop): [string[], string[]] => [[add], [drop]]));
}

function distinct(cases: readonly Case[]): Case[] {
  return [...new Map(cases.map((each) => [JSON.stringify(each), each])).values()];
}
