import { gzipSync } from 'node:zlib';
import { clusterRole, json, listOf, pod } from './inputs.ts';

export const LIST = json(listOf(pod('shop', 'web'), clusterRole('view')));
const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n';
export const KUBECTL_YAML = `apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: web\n`;
export const HEADER = '{"format":"whocan-escalate/snapshot","version":1,"facts":{}}\n';
/** Nine levels of nine aliases: 9^9 objects. */
const LAUGHS = Array.from(
  { length: 9 },
  (_, i) =>
    `a${i}: &a${i} [${Array(9)
      .fill(i === 0 ? 'x' : `*a${i - 1}`)
      .join(',')}]`,
).join('\n');

/** What cannot be read, and the one line that says so; `F` stands for the path. The last is the name of the file. */
export const badInputs: [what: string, content: string | Buffer, message: string | RegExp, name?: string][] = [
  ['nothing', '', 'error: F is empty'],
  ['white space alone', ' \n\r\n\t ', 'error: F is empty'],
  ['comments alone', '# nothing\n---\n', 'error: F is empty'],
  ['nothing in gzip', gzipSync(''), 'error: F is empty'],
  ['a byte order mark alone', '\ufeff', 'error: F is empty'],
  ['JSON that breaks off', LIST.slice(0, -20), 'error: error parsing F: line 23: unexpected end of JSON input'],
  ['JSON that breaks off in a string', '{"a', 'error: error parsing F: line 1: unexpected end of JSON input'],
  [
    'broken JSON, a document',
    `${json(pod('shop', 'web'))}\n{"a": }`,
    'error: error parsing F: line 9: invalid JSON in the object that begins here',
  ],
  [
    'broken JSON, an item',
    LIST.replace('"web"', 'web'),
    'error: error parsing F: line 4: invalid JSON in the object that begins here',
  ],
  [
    'broken JSON, between items',
    LIST.replace('},\n        {', '}\n        {'),
    'error: error parsing F: line 1: invalid JSON in the object that begins here',
  ],
  [
    'brackets that do not match',
    '{"a": [}]',
    'error: error parsing F: line 1: invalid JSON in the object that begins here',
  ],
  [
    'a bracket too many',
    `${json(pod('shop', 'web'))}}`,
    'error: error parsing F: line 8: a bracket closes that was never opened',
  ],
  [
    'text after JSON',
    `${json(pod('shop', 'web'))}\nand more`,
    'error: error parsing F: line 9: something other than a JSON object',
  ],
  ['text before JSON', 'Warning: old\n{"apiVersion": "v1"}', /^error: error parsing F: line 2: /],
  ['an array', '[]', 'error: error parsing F: line 1: an array is no object of Kubernetes'],
  ['a string', 'hello', 'error: error parsing F: line 1: a string is no object of Kubernetes'],
  ['a string as JSON', '"hello"', 'error: error parsing F: line 1: a string is no object of Kubernetes'],
  ['a number', '42', 'error: error parsing F: line 1: a number is no object of Kubernetes'],
  [
    'a string among items',
    json(listOf(pod('shop', 'web'), 'hello')),
    'error: error parsing F: line 1: a list whose items are no objects',
  ],
  [
    'an array among items',
    json(listOf([pod('shop', 'web')])),
    'error: error parsing F: line 4: an array is no object of Kubernetes',
  ],
  ['items twice', '{"kind":"List","apiVersion":"v1","items":[{}],"items":[{},{}]}', /Object 'Kind' is missing/],
  [
    'a List whose items are an object',
    json({ ...listOf(), items: {} }),
    'error: error parsing F: line 1: items of the List are not a list',
  ],
  ['an object without a kind', '{"apiVersion": "v1"}', "error: error parsing F: line 1: Object 'Kind' is missing"],
  [
    'an object without an apiVersion',
    '{"kind": "Pod"}',
    "error: error parsing F: line 1: Object 'apiVersion' is missing",
  ],
  ['a kind that is a number', 'apiVersion: v1\nkind: 1\n', "error: error parsing F: line 1: Object 'Kind' is missing"],
  [
    'an item without a kind',
    json(listOf(pod('shop', 'web'), { metadata: {} })),
    "error: error parsing F: line 12: Object 'Kind' is missing",
  ],
  ['broken YAML', `${POD}---\n${POD}   x: [\n`, /^error: error parsing F: line 10: /],
  ["broken YAML in kubectl's list", `${KUBECTL_YAML}- a: [\nkind: List\n`, /^error: error parsing F: line [78]: /],
  [
    "kubectl's YAML that breaks off",
    KUBECTL_YAML,
    'error: error parsing F: line 1: the list that begins here ends without a kind',
  ],
  [
    'a tag that does not fit',
    `${POD}x: !!int y\n`,
    'error: error parsing F: line 5: cannot decode !!bool `y` as a !!int',
  ],
  [
    'a tag that does not fit a text',
    `${POD}x: !!int z\n`,
    'error: error parsing F: line 5: cannot decode !!str `z` as a !!int',
  ],
  [
    'a document behind its marker',
    '--- {apiVersion: v1, kind: Pod, metadata: {name: web}}',
    'error: error parsing F: line 1: invalid Yaml document separator: {apiVersion: v1, kind: Pod, metadata: {name: web}}',
  ],
  [
    'a tab as indentation',
    `${POD}x:\n\ty: z\n`,
    'error: error parsing F: line 6: tab characters must not be used in indentation',
  ],
  [
    'a line of a tab below a plain text',
    `${POD}x: y\n\t\nz: z\n`,
    'error: error parsing F: line 6: found a tab character that violates indentation',
  ],
  ['an alias to nothing', `${POD}x: *y\n`, /^error: error parsing F: line 5: /],
  [
    'aliases that multiply',
    `${POD}${LAUGHS}\n`,
    /^error: error parsing F: line \d+: document contains excessive aliasing$/,
  ],
  ['an alias to itself', `${POD}x: &x [*x]\n`, /^error: error parsing F: line \d: /],
  ['a list that is not what it seems', 'x: "\nitems:\n- a: 1\nkind: List"\n', /^error: error parsing F: line \d: /],
  [
    'a Helm template',
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-web\n',
    /^error: error parsing F: line 4: it looks like a Helm template: render it first, with helm template \(/,
  ],
  [
    'a Helm template from its first line',
    '{{- if .Values.rbac.create }}\napiVersion: v1\n{{- end }}\n',
    /Helm template/,
  ],
  ['gzip garbage', Buffer.from([0x1f, 0x8b, 1, 2, 3, 4]), /^error: error parsing F: gzip: /],
  ['gzip by its name that is none', '{}', 'error: error parsing F: gzip: incorrect header check', 'x.json.gz'],
  ['gzip that breaks off', gzipSync(LIST).subarray(0, -12), 'error: error parsing F: gzip: unexpected end of file'],
  ['gzip that was damaged', damaged(gzipSync(LIST)), /^error: error parsing F: /],
  [
    'binary data',
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]),
    'error: error parsing F: line 1: binary data, neither JSON nor YAML',
  ],
  [
    'bytes that are no UTF-8, JSON',
    Buffer.from('{"a":"\xff"}', 'latin1'),
    'error: error parsing F: line 1: not UTF-8 text',
  ],
  ['bytes that are no UTF-8, YAML', Buffer.from('a: \xff', 'latin1'), 'error: error parsing F: line 1: not UTF-8 text'],
  [
    'JSON that is nested too deep',
    `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    'error: error parsing F: line 1: nested deeper than 1000 levels',
  ],
  [
    'YAML that is nested too deep',
    `a: ${'['.repeat(5000)}${']'.repeat(5000)}`,
    /^error: error parsing F: line 1: nesting exceeded maxDepth/,
  ],
  [
    'a snapshot of a newer version',
    '{"format":"whocan-escalate/snapshot","version":2}',
    /line 1: a snapshot of format 2, written by a newer version/,
  ],
  [
    'a snapshot of no version',
    '{"format":"whocan-escalate/snapshot"}',
    'error: error parsing F: line 1: the snapshot does not say its version',
  ],
  [
    'a snapshot that breaks off',
    HEADER,
    'error: error parsing F: line 1: the snapshot breaks off: it was not finished, or cut',
  ],
  [
    'two snapshots after one another',
    `${HEADER}{"record":"end"}\n${HEADER}`,
    'error: error parsing F: line 3: a snapshot has to be the only input',
  ],
  [
    'a snapshot after objects',
    `${JSON.stringify(pod('a', 'b'))}\n${HEADER}`,
    'error: error parsing F: line 2: a snapshot has to be the only input',
  ],
  [
    'a snapshot with facts of a wrong type',
    '{"format":"whocan-escalate/snapshot","version":1,"facts":{"version":"1.37"}}',
    'error: error parsing F: facts.version is not a version',
  ],
];

function damaged(bytes: Buffer): Buffer {
  bytes[bytes.length - 8] = (bytes.at(-8) ?? 0) ^ 0xff;
  return bytes;
}
