import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usageError } from '../../src/answer/user-error.ts';
import { parseSubject } from '../../src/cli/parse/subject.ts';
import { subjectName } from '../../src/render/views/names.ts';

const account = (namespace: string, name: string) => ({ kind: 'ServiceAccount', namespace, name });
const user = (name: string) => ({ kind: 'User', namespace: null, name });
const group = (name: string) => ({ kind: 'Group', namespace: null, name });

const subjects: [text: string, expected: object, why: string][] = [
  ['sa/builder', account('home', 'builder'), 'of the namespace in use'],
  ['serviceaccount/builder', account('home', 'builder'), 'in full'],
  ['serviceaccounts/builder', account('home', 'builder'), 'in the plural'],
  ['system:serviceaccount:ci:builder', account('ci', 'builder'), 'the name that it has as a user'],
  ['ServiceAccount/ci/builder', account('ci', 'builder'), 'as tables print it'],
  ['user/jane', user('jane'), 'a user'],
  ['User/jane', user('jane'), 'a user as tables print it'],
  ['user/https://idp/#a b', user('https://idp/#a b'), 'users may hold anything'],
  [
    'user/system:serviceaccount:ci:builder',
    user('system:serviceaccount:ci:builder'),
    'a User subject that spells an account',
  ],
  ['group/ops', group('ops'), 'a group'],
  ['group/system:masters', group('system:masters'), 'a group of Kubernetes'],
  ['group/oidc:/team/a', group('oidc:/team/a'), 'a group with slashes'],
];
for (const [text, expected, why] of subjects)
  test(`${text}: ${why}`, () => assert.deepEqual(parseSubject(text, 'home'), expected));

for (const subject of [account('ci', 'builder'), user('a/b'), group('system:masters')])
  test(`what -o name prints is a subject: ${subjectName(subject)}`, () =>
    assert.deepEqual(parseSubject(subjectName(subject), 'home'), subject));

/** Names that lead out of every path. */
const astray: [text: string, what: string][] = [
  ['sa/..', 'no service account can be called ".."'],
  ['sa/.', 'no service account can be called "."'],
  ['sa/a%2fb', 'no service account can be called "a%2fb"'],
  ['sa/../builder', 'no namespace can be called ".."'],
  ['ServiceAccount/%2e%2e/builder', 'no namespace can be called "%2e%2e"'],
];
for (const [text, what] of astray)
  test(`${text} is refused`, () =>
    assert.throws(() => parseSubject(text, 'home'), usageError(`error: invalid subject "${text}": ${what}`)));

const FORMS = 'sa/NAME, system:serviceaccount:NAMESPACE:NAME, user/NAME or group/NAME';
const refused: [text: string, advice: string, why: string][] = [
  ['jane', 'sa/jane, user/jane or group/jane', 'a bare name may be anything'],
  ['system:masters', 'group/system:masters', 'a group that everybody knows'],
  ['system:serviceaccounts:ci', 'group/system:serviceaccounts:ci', 'the accounts of a namespace'],
  ['system:anonymous', 'user/system:anonymous or group/system:anonymous', 'other names of Kubernetes'],
  [
    'system:serviceaccount:ci',
    'user/system:serviceaccount:ci or group/system:serviceaccount:ci',
    'an account without its name',
  ],
  ['ci:builder', FORMS, 'half a name'],
  ['', FORMS, 'nothing'],
  ['sa/', FORMS, 'no name'],
  ['sa/a/b/c', FORMS, 'a slash too many'],
  ['sa//builder', FORMS, 'an empty namespace'],
  ['pod/web-0', FORMS, 'a pod is no subject'],
  ['/jane', FORMS, 'no kind'],
];
for (const [text, advice, why] of refused)
  test(`${JSON.stringify(text)} is refused: ${why}`, () =>
    assert.throws(
      () => parseSubject(text, 'home'),
      usageError(`error: invalid subject ${JSON.stringify(text)}: say ${advice}`),
    ));
