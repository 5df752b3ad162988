import { allow } from '../../helpers/cluster.ts';
import {
  APPLY,
  everywhere,
  MERGE,
  passes,
  type RealRequest,
  type Rights,
  refused,
  SHOP,
} from '../../helpers/real-requests.ts';

const MAPS = `${SHOP}/configmaps`;
const named = (verbs: string, name: string): Rights => everywhere(allow(verbs, 'configmaps', { names: [name] }));
const map = (metadata: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
const both = (first: Rights, second: Rights): Rights => everywhere(...first.rules, ...second.rules);

/** Applies ConfigMap `d`, which is not there, unless another name is given. */
const apply = (name = 'd') => [`PATCH ${MAPS}/${name}?fieldManager=t`, [`patch configmaps ${name} in shop`]] as const;
const applied = (name = 'd') => ({ body: map({ name }), headers: APPLY });
const applyNew = (name = 'd') => [apply(name)[0], [...apply(name)[1], `create configmaps ${name} in shop`]] as const;

const token = everywhere(allow('create', 'serviceaccounts/token', { names: ['ci'] }));
const evict = everywhere(allow('create', 'pods/eviction', { names: ['web'] }));
const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web' } };
const SELECT = 'fieldSelector=metadata.name%3D';

/** Which requests carry a name. */
export const names: RealRequest[] = [
  refused('a POST names nothing', named('create', 'a'), `POST ${MAPS}`, ['create configmaps in shop'], {
    ...{ body: map({ name: 'a' }), misleading: 'create configmaps a in shop' },
  }),
  passes('the empty name meets it', named('create', ''), `POST ${MAPS}`, ['create configmaps in shop'], {
    body: map({ generateName: 'x-' }),
  }),
  passes(
    'an apply of an absent object is patch and create, both named',
    named('patch create', 'b'),
    ...applyNew('b'),
    applied('b'),
  ),
  passes('in one rule or in two', both(named('patch', 'c'), named('create', 'c')), ...applyNew('c'), applied('c')),
  refused('patch alone creates nothing', named('patch', 'd'), ...applyNew(), applied()),
  refused('nor does create alone', named('create', 'd'), ...applyNew(), applied()),
  refused(
    'nor the right to create what has no name',
    both(named('patch', 'd'), named('create', '')),
    ...applyNew(),
    applied(),
  ),
  refused('nor that for another name', named('patch create', 'e'), ...applyNew(), applied()),
  passes('an apply of an object that is there is patch', named('patch', 'there'), ...apply('there'), applied('there')),
  passes('a merge patch creates nothing: not found', named('patch', 'd'), ...apply(), { body: {}, headers: MERGE }),

  refused('a list names nothing', named('list', 'a'), `GET ${MAPS}`, ['list configmaps in shop']),
  passes('but for the name that it selects', named('list', 'a'), `GET ${MAPS}?${SELECT}a`, [
    'list configmaps a in shop',
  ]),
  passes('a watch too', named('watch', 'a'), `GET ${MAPS}?watch=1&timeoutSeconds=1&${SELECT}a`, [
    'watch configmaps a in shop',
  ]),
  refused('another name', named('list', 'a'), `GET ${MAPS}?${SELECT}b`, ['list configmaps b in shop']),
  passes('the empty name meets the list of all', named('list', ''), `GET ${MAPS}`, ['list configmaps in shop']),
  refused('but no object', named('get', ''), `GET ${MAPS}/there`, ['get configmaps there in shop']),
  refused('get alone does not list', everywhere(allow('get', 'configmaps')), `GET ${MAPS}`, [
    'list configmaps in shop',
  ]),
  refused('a star in resourceNames is a name', named('get', '*'), `GET ${MAPS}/there`, [
    'get configmaps there in shop',
  ]),

  refused(
    'the deletion of a collection names nothing',
    named('deletecollection', 'a'),
    `DELETE ${MAPS}`,
    ['deletecollection configmaps in shop'],
    {
      misleading: 'deletecollection configmaps a in shop',
    },
  ),
  refused(
    'also where it selects a name',
    named('deletecollection', 'a'),
    `DELETE ${MAPS}?${SELECT}a`,
    ['deletecollection configmaps in shop'],
    {
      misleading: 'deletecollection configmaps a in shop',
    },
  ),
  passes('the empty name meets it', named('deletecollection', ''), `DELETE ${MAPS}?${SELECT}absent`, [
    'deletecollection configmaps in shop',
  ]),

  passes(
    'a new token is a named creation',
    token,
    `POST ${SHOP}/serviceaccounts/ci/token`,
    ['create serviceaccounts/token ci in shop'],
    {
      body: { spec: {} },
    },
  ),
  refused(
    'of one account',
    token,
    `POST ${SHOP}/serviceaccounts/default/token`,
    ['create serviceaccounts/token default in shop'],
    {
      body: { spec: {} },
    },
  ),
  passes('an eviction is one too', evict, `POST ${SHOP}/pods/web/eviction`, ['create pods/eviction web in shop'], {
    body: eviction,
  }),
];
