import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { withProviderConfig } from '../../../src/cluster/connect/kubeconfig/edit-user.ts';
import { parseYaml } from '../../../src/cluster/connect/kubeconfig/parse.ts';

const users = (config: string, more = ''): string => `apiVersion: v1
current-context: x
users:
- name: other
  user: {auth-provider: {name: oidc, config: {id-token: OLD, refresh-token: r0}}}
- name: u
  user:
    auth-provider:
      name: oidc
      config:${config}
${more}`;
const block = users('\n        client-id: me\n        id-token: OLD\n        refresh-token: r1\n');
const isInUse = 'users: [{name: u, user: {auth-provider: {name: oidc, config: {id-token: OLD}}}}]\n';

/** How somebody may have written the value, and what is around it. */
const texts: [name: string, text: string][] = [
  ['block style', block],
  ['flow style', users(' {id-token: OLD, client-id: me}\n')],
  [
    'a value that stands elsewhere too',
    users(' {id-token: OLD, client-id: OLD, idp-issuer-url: "https://OLD"}\n', 'note: OLD\n'),
  ],
  [
    'a user who is called as the value',
    `users:\n- {name: OLD, user: {token: OLD}}\n- {name: u, user: {auth-provider: {config: {id-token: OLD}}}}\n`,
  ],
  ['no token before', users(' {client-id: me}\n')],
  ['an empty token', users(' {id-token: "", client-id: me}\n')],
  ['a token that is null', users(' {id-token: , client-id: me}\n')],
  ['a token in a block scalar', users('\n        id-token: |-\n          OLD\n        client-id: me\n')],
  ['a token in a folded scalar', users('\n        id-token: >-\n          OL\n          D\n        client-id: me\n')],
  ['two tokens, of which the last counts', users(' {id-token: OLDER, id-token: OLD}\n')],
  ['a token with an anchor, and an alias to it', users(' {id-token: &t OLD, client-id: *t}\n')],
  ['a token that is an alias', users(' {client-id: &t OLD, id-token: *t}\n')],
  [
    'a configuration that two users share',
    `base: &b {id-token: OLD, client-id: me}\nusers:\n- {name: u, user: {auth-provider: {name: oidc, config: *b}}}\n- {name: v, user: {auth-provider: {name: oidc, config: *b}}}\n`,
  ],
  [
    'a configuration with an anchor of its own',
    `users:\n- {name: u, user: {auth-provider: {name: oidc, config: &b {id-token: OLD}}}}\n- {name: v, user: {auth-provider: {name: oidc, config: *b}}}\n`,
  ],
  [
    'a merged configuration',
    `base: &b {id-token: OLD, client-id: me}\nusers: [{name: u, user: {auth-provider: {name: oidc, config: {<<: *b, x: y}}}}]\n`,
  ],
  [
    'a user that is an alias',
    `base: &b {name: u, user: {auth-provider: {name: oidc, config: {id-token: OLD}}}}\nusers: [*b]\n`,
  ],
  ['comments and line ends of Windows', block.replaceAll('\n', ' # why\r\n')],
  [
    'scalars of YAML 1.1',
    `${isInUse}a: [yes, on, 010, 0x1F, ~, "yes", 'on', !!str 7, 1e3, 12:30:00, 2001-12-14, .5, "\\u0041", 9007199254740993]\n`,
  ],
  ['a second document', `${isInUse}---\nusers: [{name: u, user: {token: OLD}}]\n`],
  ['a directive', `%YAML 1.1\n---\n${isInUse}`],
  ['a key called __proto__', `${isInUse}extensions: {__proto__: {a: 1}}\n`],
  ['JSON', JSON.stringify(parseYaml(block))],
  ['JSON with indentation', `${JSON.stringify(parseYaml(block), null, 4)}\n`],
  ['JSON of one line with blanks', isInUse.replaceAll(/(\w[\w-]*)/g, '"$1"')],
];

/** What an issuer may send. */
const values: [name: string, value: string][] = [
  ['a token', 'e30.e30.x'],
  ['line ends', 'x\n- name: evil\n  user: {exec: {command: sh}}\ncurrent-context: evil\n'],
  ['a quote that closes', '"}}}}, {"name": "evil", "user": {"token": "t"}}]}'],
  ['a single quote that closes', "'}}\nusers: []"],
  ['a comment', 'a #b'],
  ['a colon', 'a: b'],
  ['an anchor', '&a *a'],
  ['a merge key', '<<'],
  ['a tag', '!!binary e30='],
  ['a boolean of YAML 1.1', 'yes'],
  ['a number', '010'],
  ['null', '~'],
  ['nothing', ''],
  ['a document end', '...\n---\na: b'],
  ['line breaks of YAML 1.1', 'a\u0085b\u2028c\u2029d'],
  ['control characters', '\0\x07\x1b[31m\x7f\u200e'],
  ['a carriage return', 'a\r\nb'],
  ['signs of replacements', '$& $1 $$ $`'],
  ['letters beyond the first plane', '😀é'],
  ['ten thousand letters', 'A'.repeat(10_000)],
];

function changed(text: string, config: Record<string, string>): unknown {
  const after = withProviderConfig(text, 'u', config) ?? assert.fail('no such user');
  assert.doesNotThrow(() => parseYaml(after), after);
  return parseYaml(after);
}

function expected(text: string, config: Record<string, string>): unknown {
  const document = parseYaml(text) as { users: { name: string; user: { 'auth-provider': { config: object } } }[] };
  const user = document.users.find(({ name }) => name === 'u')?.user ?? assert.fail();
  user['auth-provider'] = { ...user['auth-provider'], config: { ...user['auth-provider'].config, ...config } };
  return document;
}

for (const [what, text] of texts)
  test(`${what}: only the values of the user change`, () => {
    for (const [, value] of values)
      assert.deepEqual(
        changed(text, { 'id-token': value, 'refresh-token': value }),
        expected(text, { 'id-token': value, 'refresh-token': value }),
      );
  });

for (const [what, value] of values)
  test(`${what} is written as a value that reads back`, () => {
    assert.deepEqual(changed(block, { 'id-token': value }), expected(block, { 'id-token': value }));
  });

test('any value, in any place of any user', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'\n\r\t -:#{}[]&*!|>\'"%@`,?~0yn\\\u0085\u2028') }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...texts), text, text, fc.jsonValue(), ([, kubeconfig], id, refresh, extension) => {
      const isWellFormed = [id, refresh].every((each) => each.isWellFormed());
      fc.pre(isWellFormed);
      const config = { 'id-token': id, 'refresh-token': refresh };
      assert.deepEqual(changed(kubeconfig, config), expected(kubeconfig, config));
      const own = JSON.stringify({
        users: [{ name: 'u', user: { 'auth-provider': { config: {} } } }],
        extensions: extension,
      });
      assert.deepEqual(changed(own, config), expected(own, config));
    }),
    { numRuns: 500 },
  );
});

test('JSON stays JSON with its digits and its indentation', () => {
  const text =
    '{\n\t"users": [{"name": "u", "user": {"auth-provider": {"config": {"id-token": "é\\u0085"}}}}],\n\t"n": 9007199254740993\n}\n';
  const after = withProviderConfig(text, 'u', { 'id-token': 'x\u0085' }) ?? '';
  assert.deepEqual(JSON.parse(after), {
    ...JSON.parse(text),
    users: [{ name: 'u', user: { 'auth-provider': { config: { 'id-token': 'x\u0085' } } } }],
  });
  assert.match(after, /^\{\n\t"users": \[\n/);
  assert.match(after, /"n": 9007199254740993\n\}\n$/);
});

test('what scalars are spelled like stays', () => {
  const spelled = 'a: yes\nb: 010\nc: "on"\nd: 9007199254740993\ne: !!str 7\nf: 1.50\n';
  assert.ok(withProviderConfig(`${isInUse}${spelled}`, 'u', { 'id-token': 'x' })?.endsWith(spelled));
});

for (const [what, text] of [
  ['another user', 'users: [{name: v, user: {auth-provider: {config: {id-token: OLD}}}}]'],
  ['a user without a provider', 'users: [{name: u, user: {token: OLD}}]'],
  ['no users', 'current-context: x'],
  ['nothing', ''],
  ['a list', '[1]'],
  ['users that are none', 'users: {name: u}'],
] as const)
  test(`${what}: nothing is written`, () => assert.equal(withProviderConfig(text, 'u', { 'id-token': 'x' }), null));

test('a kubeconfig that is broken by now is refused without a word of its text', () => {
  assert.throws(
    () => withProviderConfig('users: [sesame', 'u', {}),
    (error: Error) => /^yaml: line \d+: /.test(error.message) && !error.message.includes('sesame'),
  );
});
