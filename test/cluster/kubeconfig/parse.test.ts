import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseKubeconfig } from '../../../src/cluster/connect/kubeconfig/parse.ts';

// biome-ignore format: a table
const refused: [why: string, text: string, words: RegExp][] = [
  ['broken YAML, by its line',              'clusters:\n- {name: c\nusers: sesame',                        /^yaml: line 3: /],
  ['a tab',                                 'clusters:\n\t- a',                                            /^yaml: line 2: /],
  ['a number as token',                     'users: [{name: u, user: {token: 42}}]',                       /^json: cannot unmarshal number into Go struct field AuthInfo\.users\.user\.token of type string$/],
  ['a list as token',                       'users: [{name: u, user: {token: [sesame]}}]',                 /cannot unmarshal array .* of type string$/],
  ['a text as user',                        'users: [{name: u, user: sesame}]',                            /cannot unmarshal string into Go struct field NamedAuthInfo\.users\.user of type v1\.AuthInfo$/],
  ['a number in as-groups',                 'users: [{name: u, user: {as-groups: [7]}}]',                  /cannot unmarshal number .*as-groups of type string$/],
  ['a text in as-user-extra',               'users: [{name: u, user: {as-user-extra: {a: sesame}}}]',      /cannot unmarshal string .*as-user-extra of type \[\]string$/],
  ['data that is a list',                   'users: [{name: u, user: {client-key-data: [1]}}]',            /of type \[\]uint8$/],
  ['data that is not base64',               'users: [{name: u, user: {client-key-data: "ses_me"}}]',       /^illegal base64 data at input byte 3$/],
  ['a name twice',                          'users: [{name: u, user: {token: sesame}}, {name: u}]',        /^error converting .* duplicate name "u" in list$/],
  ['a text',                                'sesame',                                                      /^couldn't get version\/kind/],
  ['a list',                                '[sesame]',                                                    /^couldn't get version\/kind/],
  ['another kind',                          'kind: Pod',                                                   /^no kind "Pod" is registered for version "v1"$/],
  ['a kind that is an object',              'kind: {toString: sesame}',                                    /^couldn't get version\/kind; json parse error: json: cannot unmarshal object into Go struct field \.kind of type string$/],
  ['a kind that is a number',               'kind: 7',                                                     /^couldn't get version\/kind; json parse error: json: cannot unmarshal number into Go struct field \.kind of type string$/],
  ['a version that is a list',              'apiVersion: [sesame]',                                        /^couldn't get version\/kind; json parse error: json: cannot unmarshal array into Go struct field \.apiVersion of type string$/],
  ['a version that is a number',            'apiVersion: 1.0',                                             /^couldn't get version\/kind; json parse error: json: cannot unmarshal number into Go struct field \.apiVersion of type string$/],
  ['another version',                       'apiVersion: v2',                                              /^no kind "Config" is registered for version "v2"$/],
  ['a tag that does not fit',               'users: [{name: u, user: {token: !!int sesame}}]',             /^yaml: line 1: cannot decode !!str `…` as a !!int$/],
  ['a tag that does not fit a letter',      'users: [{name: u, user: {token: !!int a}}]',                  /^yaml: line 1: cannot decode !!str `…` as a !!int$/],
  ['an alias to nothing',                   'users: [{name: u, user: {token: *sesame}}]',                  /^yaml: line 1: unknown anchor '…' referenced$/],
  ['an alias to itself',                    'users: &sesame [*sesame]',                                    /^yaml: line 1: anchor '…' value contains itself$/],
  ['a password that looks like a tag',      'users: [{name: u, user: {password: !sesame^}}]',              /^yaml: line 1: tag name cannot contain such characters: …$/],
  ['a password that looks like a handle',   'users: [{name: u, user: {password: !sesame!x y}}]',           /^yaml: line 1: undeclared tag handle "…"$/],
  ['a password that looks like an anchor',  'users: [{name: u, user: {password: &sesame$ x}}]',            /^yaml: line 1: /],
  ['a password that looks like an alias',   'users: [{name: u, user: {password: *sesame$}}]',              /^yaml: line 1: /],
  ['a password with a bracket',             'users: [{name: u, user: {password: ]sesame}}]',               /^yaml: line 1: /],
  ['a password with a percent sign',        'users:\n- {name: u}\n%sesame: x',                             /^yaml: line \d: /],
  ['a password with an at sign',            'users: [{name: u, user: {password: @sesame}}]',               /^yaml: line 1: /],
  ['a password that is infinite',           'users: [{name: u, user: {password: .inf}}]',                  /^yaml: line 1: json: unsupported value: …$/],
  ['lists in lists without end',            '['.repeat(5000),                                              /^yaml: line 1: /],
];
for (const [why, text, words] of refused) {
  test(`${why} is refused, without a word of the file`, () => {
    assert.throws(
      () => parseKubeconfig(text),
      (error: Error) => {
        assert.match(error.message, words);
        assert.doesNotMatch(error.message, /sesame|\n/);
        return true;
      },
    );
  });
}

test('nothing, null and comments are an empty configuration', () => {
  for (const text of [
    '',
    '\n',
    '# nothing\n',
    '---\n',
    '\uFEFFusers: []',
    'null',
    '{}',
    'kind: null',
    'kind: ""',
    'apiVersion: null',
    'apiVersion: ""',
    'users: null\nclusters: [null]\n',
    'unknown: {a: 1}',
  ]) {
    const { users, currentContext } = parseKubeconfig(text);
    assert.deepEqual([users.size, currentContext], [0, '']);
  }
});

test('names are kept apart from the properties of objects', () => {
  const { users } = parseKubeconfig(
    'users: [{name: __proto__, user: {token: a, __proto__: {tokenFile: b}}}, {name: constructor}]',
  );
  assert.deepEqual([...users.keys()], ['__proto__', 'constructor']);
  assert.deepEqual(Object.keys(users.get('__proto__') ?? {}), ['token']);
});

test('dates and times of day stay texts', () => {
  const { users } = parseKubeconfig('users: [{name: 2024-01-01, user: {token: 12:30}}]');
  assert.deepEqual([...users], [['2024-01-01', { token: '12:30' }]]);
});
