import { gzipSync } from 'node:zlib';
import { dump } from 'js-yaml';
import { binding, clusterRole, json, listOf, pod } from './inputs.ts';

const WEB = pod('shop', 'web');
export const yaml = (...documents: unknown[]): string => documents.map((each) => `---\n${dump(each)}`).join('');
/** A list as kubectl writes it: items at the left edge. */
export const yamlList = (...items: unknown[]): string =>
  `apiVersion: v1\nitems:\n${items.map((each) => dump([each])).join('')}kind: List\nmetadata:\n  resourceVersion: ""\n`;
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

/** What kubectl and others write, and the objects that it holds. */
export const formats: [what: string, content: string | Buffer, names: string[]][] = [
  ['one object as JSON', json(WEB), ['pods shop/web']],
  ['one object as YAML', yaml(WEB), ['pods shop/web']],
  ['a List as JSON', json(listOf(WEB, clusterRole('view'))), ['clusterroles view', 'pods shop/web']],
  ['a List on one line', JSON.stringify(listOf(WEB, pod('shop', 'db'))), ['pods shop/db', 'pods shop/web']],
  ["a List as kubectl's YAML", yamlList(WEB, clusterRole('view')), ['clusterroles view', 'pods shop/web']],
  ['a List with indented items', yaml(listOf(WEB, clusterRole('view'))), ['clusterroles view', 'pods shop/web']],
  [
    'a List whose items are indented, with dashes at every depth',
    'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    metadata:\n      name: a\n    x:\n    - y:\n      - z\n    s: |\n     - t\n  # next\n\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: b}\nmetadata: {}\n',
    ['pods default/a', 'pods default/b'],
  ],
  [
    'a List in flow style',
    'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: web}}]',
    ['pods default/web'],
  ],
  ['an object in flow style', '{apiVersion: v1, kind: Pod, metadata: {name: web}}', ['pods default/web']],
  [
    'a List with a comment before its first item',
    yamlList(WEB).replace('items:\n', 'items:   \n\n# all\n'),
    ['pods shop/web'],
  ],
  ['an empty List', json(listOf()), []],
  ['an empty List as YAML', 'apiVersion: v1\nitems: []\nkind: List\n', []],
  ['a List whose items are null', json({ ...listOf(), items: null }), []],
  [
    'a List in a List',
    json(listOf(listOf(WEB), listOf(listOf(clusterRole('view'))))),
    ['clusterroles view', 'pods shop/web'],
  ],
  [
    'several YAML documents',
    yaml(WEB, clusterRole('view'), listOf(pod('ci', 'a'))),
    ['clusterroles view', 'pods ci/a', 'pods shop/web'],
  ],
  [
    'Lists after one another as YAML',
    `${yamlList(WEB)}---\n${yamlList(pod('ci', 'a'))}`,
    ['pods ci/a', 'pods shop/web'],
  ],
  ['a comment behind the marker', '--- # {\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\n', ['pods default/web']],
  ['JSON with tabs', JSON.stringify(WEB, null, '\t'), ['pods shop/web']],
  ['brackets with tabs', `---\n${JSON.stringify(WEB, null, '\t')}\n`, ['pods shop/web']],
  ['a tag that nobody knows', `${yaml(WEB)}x: !!js/function y\n`, ['pods shop/web']],
  [
    'two equal keys, of which the last counts',
    `${yaml(pod('shop', 'db'))}metadata: {name: web, namespace: shop}\n`,
    ['pods shop/web'],
  ],
  [
    'brackets that close at the edge',
    'apiVersion: v1\nkind: Pod\nmetadata: {\nname: web\n}\nspec:\n  containers: [\n  {name: a, image: b}\n  ]\n',
    ['pods default/web'],
  ],
  ['empty documents between others', `---\n---\n# nothing\n---\n${dump(WEB)}---\n`, ['pods shop/web']],
  [
    'JSON documents after one another',
    json(WEB, clusterRole('view'), listOf(pod('ci', 'a'))),
    ['clusterroles view', 'pods ci/a', 'pods shop/web'],
  ],
  [
    'JSON documents without anything between',
    JSON.stringify(WEB) + JSON.stringify(pod('ci', 'a')),
    ['pods ci/a', 'pods shop/web'],
  ],
  [
    'JSON documents with YAML markers between',
    `${json(WEB)}\n---\n${json(pod('ci', 'a'))}`,
    ['pods ci/a', 'pods shop/web'],
  ],
  ['JSON Lines', `${JSON.stringify(WEB)}\r\n\r\n${JSON.stringify(pod('ci', 'a'))}\r\n`, ['pods ci/a', 'pods shop/web']],
  ['JSON after a YAML comment', `# from kubectl\n${json(WEB)}`, ['pods shop/web']],
  ['a byte order mark before JSON', `\ufeff${json(WEB)}`, ['pods shop/web']],
  ['a byte order mark before YAML', `\ufeff${yaml(WEB)}`, ['pods shop/web']],
  ['UTF-16, as Windows PowerShell writes it, JSON', utf16(json(WEB)), ['pods shop/web']],
  ['UTF-16, YAML', utf16(yaml(WEB)), ['pods shop/web']],
  ['UTF-16, big end first', utf16(json(WEB)).swap16(), ['pods shop/web']],
  ['CRLF', yamlList(WEB, clusterRole('view')).replaceAll('\n', '\r\n'), ['clusterroles view', 'pods shop/web']],
  ['gzip, whatever its name', gzipSync(json(WEB)), ['pods shop/web']],
  [
    'two gzip files after one another',
    Buffer.concat([gzipSync(yaml(WEB)), gzipSync(yaml(pod('ci', 'a')))]),
    ['pods ci/a', 'pods shop/web'],
  ],
  ['white space first', `\n\n   ${json(WEB)}`, ['pods shop/web']],
  ['much white space first', `${' \n'.repeat(100_000)}${json(WEB)}`, ['pods shop/web']],
  [
    'a typed list of the API server, whose items have no kind',
    json({
      kind: 'RoleBindingList',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: {},
      items: [{ ...binding('shop', 'b'), kind: undefined, apiVersion: undefined }],
    }),
    ['rolebindings shop/b'],
  ],
  [
    'a typed list whose kind stands behind its items',
    json({ apiVersion: 'v1', items: [{ metadata: { name: 'web', namespace: 'shop' } }], kind: 'PodList' }),
    ['pods shop/web'],
  ],
  [
    'a typed list in a List',
    json(listOf({ kind: 'PodList', apiVersion: 'v1', items: [{ metadata: { name: 'web', namespace: 'shop' } }] })),
    ['pods shop/web'],
  ],
  [
    'an older version of a group',
    json({ ...clusterRole('view'), apiVersion: 'rbac.authorization.k8s.io/v1beta1' }),
    ['clusterroles view'],
  ],
  ['a kind of that name in another group', json({ ...pod('shop', 'web'), apiVersion: 'example.com/v1' }), []],
  [
    'kinds that no question reads',
    json(listOf({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'c' }, data: { items: '[' } }), WEB),
    ['pods shop/web'],
  ],
  [
    'brackets and quotes in strings',
    json(listOf(pod('shop', 'web', { note: '"]}{[\\' }), pod('shop', 'db', { 'a"items': [1] }))),
    ['pods shop/db', 'pods shop/web'],
  ],
  ['a field called items that is no list', json(pod('shop', 'web', { items: { a: [{}] } })), ['pods shop/web']],
  ['the word items as a value before a list', json(pod('shop', 'web', { a: 'items', b: [{}] })), ['pods shop/web']],
  ['an object that occurs twice', json(listOf(WEB, WEB)), ['pods shop/web']],
  [
    'an attacker’s field',
    '{"apiVersion":"v1","kind":"Pod","__proto__":{"spec":{}},"metadata":{"name":"web","__proto__":{"namespace":"x"}}}',
    ['pods default/web'],
  ],
  ['names that look like YAML', yaml(pod('shop', 'no'), pod('shop', '0x10')), ['pods shop/0x10', 'pods shop/no']],
];
