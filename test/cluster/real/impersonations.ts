import type { Rule } from '../../../src/world/objects.ts';
import { allow } from '../../helpers/cluster.ts';
import { everywhere, inShop, passes, type RealRequest, type Rights, refused } from '../../helpers/real-requests.ts';

const AUTHENTICATION = 'authentication.k8s.io';
const inAuthentication = (verbs: string, resources: string, names: string[] = []): Rule =>
  allow(verbs, resources, { groups: [AUTHENTICATION], names });

/** Everybody may ask who they are: only the impersonation decides. */
const WHO_AM_I = `POST /apis/${AUTHENTICATION}/v1/selfsubjectreviews`;
const body = { apiVersion: `${AUTHENTICATION}/v1`, kind: 'SelfSubjectReview' };
const as = (user: string, more: Record<string, string> = {}) => ({
  body,
  headers: { 'impersonate-user': user, ...more },
});
const JANE = as('jane');
const CI = as('system:serviceaccount:shop:ci');

const users = allow('impersonate', 'users');
const jane = 'impersonate users jane';

/** The impersonation that every version knows. */
const legacy: RealRequest[] = [
  passes('impersonate users', everywhere(allow('impersonate', 'users', { names: ['jane'] })), WHO_AM_I, [jane], JANE),
  refused('another user', everywhere(allow('impersonate', 'users', { names: ['joe'] })), WHO_AM_I, [jane], JANE),
  refused('users of another group', everywhere(inAuthentication('impersonate', 'users')), WHO_AM_I, [jane], JANE),
  passes('a star is every verb', everywhere(allow('*', '*', { groups: ['*'] })), WHO_AM_I, [jane], JANE),
  passes(
    ...([
      'each group is asked for',
      everywhere(allow('impersonate', 'users groups')),
      WHO_AM_I,
      [jane, 'impersonate groups dev'],
    ] as const),
    as('jane', { 'impersonate-group': 'dev' }),
  ),
  refused(
    'users alone bring none along',
    everywhere(users),
    WHO_AM_I,
    [jane, 'impersonate groups dev'],
    as('jane', { 'impersonate-group': 'dev' }),
  ),
  passes(
    ...([
      'a uid',
      everywhere(users, inAuthentication('impersonate', 'uids')),
      WHO_AM_I,
      [jane, `impersonate uids.${AUTHENTICATION} u`],
    ] as const),
    as('jane', { 'impersonate-uid': 'u' }),
  ),
  passes(
    ...([
      'an extra is a subresource',
      everywhere(users, inAuthentication('impersonate', 'userextras/scopes')),
      WHO_AM_I,
    ] as const),
    [jane, `impersonate userextras.${AUTHENTICATION}/scopes view`],
    as('jane', { 'impersonate-extra-scopes': 'view' }),
  ),
  refused(
    ...(['of its own key', everywhere(users, inAuthentication('impersonate', 'userextras/scopes')), WHO_AM_I] as const),
    [jane, `impersonate userextras.${AUTHENTICATION}/other view`],
    as('jane', { 'impersonate-extra-other': 'view' }),
  ),
  passes(
    ...([
      'an account by a RoleBinding of its namespace',
      inShop(allow('impersonate', 'serviceaccounts', { names: ['ci'] })),
      WHO_AM_I,
    ] as const),
    ['impersonate serviceaccounts ci in shop'],
    CI,
  ),
  refused('an account is no user', everywhere(users), WHO_AM_I, ['impersonate serviceaccounts ci in shop'], CI),
];

/**
 * Constrained impersonation, on by default from 1.36: whom, and for doing what. Before that these verbs mean nothing.
 */
function constrained(minor: number): RealRequest[] {
  const on = (mode: string) => inAuthentication(`impersonate-on:${mode}:create`, 'selfsubjectreviews');
  const asked = (mode: string, who: string) => [
    `impersonate:${mode} ${who}`,
    `impersonate-on:${mode}:create selfsubjectreviews.${AUTHENTICATION}`,
  ];
  const both = (why: string, rights: Rights, needs: string[], before: string[], more: typeof JANE) =>
    minor >= 36 ? passes(why, rights, WHO_AM_I, needs, more) : refused(why, rights, WHO_AM_I, before, more);
  const asJane = asked('user-info', `users.${AUTHENTICATION} jane`);
  const whom = inAuthentication('impersonate:user-info', 'users');
  return [
    both('whom and on what', everywhere(whom, on('user-info')), asJane, [jane], JANE),
    refused('whom is not enough', everywhere(whom), WHO_AM_I, asJane, JANE),
    refused('nor on what', everywhere(on('user-info')), WHO_AM_I, asJane, JANE),
    refused(
      'users of the core group are others',
      everywhere(allow('impersonate:user-info', 'users'), on('user-info')),
      WHO_AM_I,
      asJane,
      JANE,
    ),
    both(
      ...([
        'an account in its namespace',
        everywhere(inAuthentication('impersonate:serviceaccount', 'serviceaccounts', ['ci']), on('serviceaccount')),
      ] as const),
      asked('serviceaccount', `serviceaccounts.${AUTHENTICATION} ci in shop`),
      ['impersonate serviceaccounts ci in shop'],
      CI,
    ),
    both(
      ...([
        'a node',
        everywhere(inAuthentication('impersonate:arbitrary-node', 'nodes', ['n1']), on('arbitrary-node')),
      ] as const),
      asked('arbitrary-node', `nodes.${AUTHENTICATION} n1`),
      ['impersonate users system:node:n1'],
      as('system:node:n1'),
    ),
  ];
}

/** Acting as somebody else. */
export const impersonations = (minor: number): RealRequest[] => [...legacy, ...constrained(minor)];
