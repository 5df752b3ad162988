import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { withProviderConfig } from '../../../src/cluster/connect/kubeconfig/edit-user.ts';
import type { claimsOf } from '../../../src/cluster/connect/kubeconfig/jwt.ts';
import type { lookPath } from '../../../src/cluster/connect/kubeconfig/look-path.ts';
import { type parseKubeconfig, parseYaml } from '../../../src/cluster/connect/kubeconfig/parse.ts';
import type { replaceFile } from '../../../src/cluster/connect/kubeconfig/replace-file.ts';
import type { parseServer } from '../../../src/cluster/connect/kubeconfig/server.ts';
import type { userInfoOf, withoutSecrets } from '../../../src/cluster/wire/user-info.ts';
import { importMutant, type Mutation, mistakes } from '../../helpers/mutate.ts';

const CLUSTER = join(import.meta.dirname, '../../../src/cluster');
const folder = mkdtempSync(join(tmpdir(), 'mutations-'));
after(() => rmSync(folder, { recursive: true }));

type Engine = {
  withProviderConfig: typeof withProviderConfig;
  claimsOf: typeof claimsOf;
  parseKubeconfig: typeof parseKubeconfig;
  lookPath: typeof lookPath;
  replaceFile: typeof replaceFile;
  parseServer: typeof parseServer;
  userInfoOf: typeof userInfoOf;
  withoutSecrets: typeof withoutSecrets;
};

/** What each does right on hostile input. Throws where it does not. */
function examine(engine: Engine): void {
  const {
    withProviderConfig: edit,
    claimsOf: claims,
    lookPath: look,
    replaceFile: replace,
    parseServer: server,
  } = engine;
  const provider = (name: string, config: string): string =>
    `{name: ${name}, user: {auth-provider: {config: ${config}}}}`;
  const shared = [
    `base: &b {id-token: OLD}\nusers: [${provider('u', '*b')}, ${provider('v', '*b')}]\n`,
    `users: [${provider('u', '&b {id-token: OLD}')}, ${provider('v', '*b')}]\n`,
  ];
  const twice = 'n: 010\nusers: [{name: u, user: {auth-provider: {config: {id-token: A, id-token: OLD}}}}]\n';
  const read = (text: string): unknown => parseYaml(edit(text, 'u', { 'id-token': 'a\n- b: c' }) ?? '');
  for (const text of shared) {
    const { users } = read(text) as { users: { user: { 'auth-provider': { config: object } } }[] };
    const configs = users.map(({ user }) => user['auth-provider'].config);
    assert.deepEqual(configs, [{ 'id-token': 'a\n- b: c' }, { 'id-token': 'OLD' }]);
  }
  assert.match(edit(twice, 'u', { 'id-token': 'x' }) ?? '', /^n: 010\n.*id-token: A, id-token: "x"/s);
  assert.match(
    edit('{"n": 9007199254740993, "users": [{"name": "u", "user": {"auth-provider": {}}}]}', 'u', {
      'id-token': 'x',
    }) ?? '',
    /"n":9007199254740993,/,
  );

  const part = (text: string): string => Buffer.from(text).toString('base64url');
  assert.ok(claims(`${part('{}')}.${part('{}')}.x`));
  for (const token of [
    `${part('{}')}.${part('{}')}.x\n`,
    `${part('{}')}.${part('[]')}.x`,
    `${part('x')}.${part('{}')}.x`,
    `${part('{}')}.${part('{}')}`,
  ])
    assert.equal(claims(token), null);

  for (const text of ['kind: {toString: x}', 'apiVersion: [v1]', 'kind: 7'])
    assert.throws(
      () => engine.parseKubeconfig(text),
      /^Error: couldn't get version\/kind; json parse error: json: cannot unmarshal/,
    );
  for (const text of ['kind: null', 'apiVersion: ""']) assert.equal(engine.parseKubeconfig(text).users.size, 0);

  writeFileSync(join(folder, 'sh'), '', { mode: 0o755 });
  const here = process.cwd();
  process.chdir(folder);
  try {
    for (const path of ['', '.', './', '../x:']) assert.equal(look('sh', { PATH: `${path}:/bin` }, ['']), null);
  } finally {
    process.chdir(here);
  }
  assert.equal(look('bin', { PATH: '/usr' }, ['']), null);

  rmSync(join(folder, 'sh'));
  writeFileSync(join(folder, 'config'), 'old', { mode: 0o640 });
  symlinkSync('config', join(folder, 'link'));
  const { ino } = statSync(join(folder, 'config'));
  replace(join(folder, 'link'), 'new');
  const after = statSync(join(folder, 'config'));
  const left = readdirSync(folder);
  rmSync(join(folder, 'link'));
  assert.deepEqual(
    [readFileSync(join(folder, 'config'), 'utf8'), after.mode & 0o777, left],
    ['new', 0o640, ['config', 'link']],
  );
  assert.notEqual(after.ino, ino);

  assert.throws(
    () => server('me:ses@ame@a/b'),
    (error: Error) => !/ses|ame/.test(error.message),
  );
  assert.throws(() => server('https://me:%zz@a'), { name: 'UserError' });
  assert.equal(
    server('https://m%ff:x@a').authorization,
    `Basic ${Buffer.from('m\xff:x', 'latin1').toString('base64')}`,
  );
  assert.equal(engine.withoutSecrets('a?token=sesame'), 'a');
  assert.equal(engine.withoutSecrets('https://me:sesame'), 'https://me:…');
}

const mutations: Mutation[] = [
  ...mistakes('connect/kubeconfig/edit-user.ts', [
    [
      'what was written is not read again',
      'return text !== null && isDeepStrictEqual(parseYaml(text), wanted);',
      'return text !== null;',
    ],
    ['of two equal keys the first is changed', 'items.findLast(', 'items.find('],
    ['numbers of JSON lose their digits', "typeof value === 'number' && source !== undefined", 'false'],
    ['every file is written anew from its values', '[inJson, inTree, anew]', '[anew]'],
  ]),
  ...mistakes('connect/kubeconfig/jwt.ts', [
    ['anything with two dots is a token', 'if (!COMPACT.test(token)) return null;', ''],
    ['claims may be a list', ' && !Array.isArray(value)', ''],
    ['the header is not looked at', 'return header && claims ? claims : null;', 'return claims ?? null;'],
    ['two parts are a token', '\\.[A-Za-z0-9_-]*$/', '(\\.[A-Za-z0-9_-]*)?$/'],
  ]),
  ...mistakes('connect/kubeconfig/look-path.ts', [
    ['a program of the current directory runs', 'isAbsolute(path) ? path : null', 'path'],
    [
      'a relative folder is passed over',
      'if (isExecutable(path)) return isAbsolute(path) ? path : null;',
      'if (isAbsolute(path) && isExecutable(path)) return path;',
    ],
    ['a folder is a program', 'if (statSync(path).isDirectory()) return false;', ''],
  ]),
  ...mistakes('connect/kubeconfig/parse.ts', [
    ['a kind may be anything', "kind: 'string', apiVersion: 'string'", "kind: 'any', apiVersion: 'string'"],
    ['a version may be anything', "kind: 'string', apiVersion: 'string'", "kind: 'string', apiVersion: 'any'"],
    ['an empty version is one', "apiVersion || 'v1'", "apiVersion ?? 'v1'"],
    [
      'where the kind is wrong is not said',
      "couldn't get version/kind; json parse error: ${(error as Error)",
      '${(error as Error)',
    ],
  ]),
  ...mistakes('connect/kubeconfig/replace-file.ts', [
    ['the file is written in place', 'replace(file, content);\n', 'writeFileSync(file, content);\n'],
    ['the mode is lost', 'fchmodSync(descriptor, mode & 0o7777);', ''],
    ['a link is replaced', 'realpathSync(path)', 'path'],
  ]),
  ...mistakes('connect/kubeconfig/server.ts', [
    ['a bad URL is quoted', 'pair: "${withoutSecrets(text)}"', 'pair: "${text}"'],
  ]),
  ...mistakes('wire/user-info.ts', [
    ['a bad escape is taken', 'if (/%(?![0-9a-fA-F]{2})/.test(text)) return null;', ''],
    ['bytes become UTF-8', "Buffer.from(bytes, 'latin1')", 'Buffer.from(bytes)'],
    ['the first @ ends the user', "rest.lastIndexOf('@')", "rest.indexOf('@')"],
    [
      'the query is quoted',
      "before(rest.slice(rest.lastIndexOf('@') + 1), /[?#]/)",
      "rest.slice(rest.lastIndexOf('@') + 1)",
    ],
    ['a port that is none is quoted', ".replace(/^([^:/[]*):(?!\\d+(?:\\/|$)).*$/s, '$1:…')", ''],
  ]),
];

const entries = [
  'connect/kubeconfig/edit-user.ts',
  'connect/kubeconfig/jwt.ts',
  'connect/kubeconfig/look-path.ts',
  'connect/kubeconfig/parse.ts',
  'connect/kubeconfig/replace-file.ts',
  'connect/kubeconfig/server.ts',
  'wire/user-info.ts',
];

test('without a mistake nothing is found', async () => {
  const modules = await Promise.all(entries.map((entry) => import(join(CLUSTER, entry))));
  examine(Object.assign({}, ...modules));
});

for (const mutation of mutations)
  test(`${mutation.name}: is noticed`, async () => {
    const engine = await importMutant<Engine>(CLUSTER, entries, mutation);
    assert.throws(() => examine(engine));
    rmSync(join(folder, 'link'), { force: true });
  });
