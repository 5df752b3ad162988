import { Extension, NONE, Optional, type Value } from '../values.ts';
import type { Functions } from './function.ts';

/**
 * The named formats: `format.dns1123Label().validate(name)` returns none for a valid name. Mirrors apiserver
 * pkg/cel/library/format.go.
 */
export const formatFunctions: Functions = {
  'format.named': ([name]) => {
    const test = typeof name === 'string' ? FORMATS.get(name) : undefined;
    return typeof name === 'string' ? (test ? new Optional(new Format(name, test)) : NONE) : undefined;
  },
  ...Object.fromEntries(
    [
      'dns1123Label',
      'dns1123Subdomain',
      'dns1035Label',
      'qualifiedName',
      'dns1123LabelPrefix',
      'dns1123SubdomainPrefix',
      'dns1035LabelPrefix',
      'labelValue',
      'uri',
      'uuid',
      'byte',
      'date',
      'datetime',
    ].map((name) => [`format.${name}`, () => new Format(name, FORMATS.get(name) ?? (() => false))]),
  ),
};

/**
 * The reasons differ from those of the server, so that an expression that prints them differs; whether there are any is
 * the same.
 */
export const formatMethods: Functions = {
  validate: ([format, text]): Value | undefined => {
    if (!(format instanceof Format) || typeof text !== 'string') return undefined;
    return format.test(text) ? NONE : new Optional([`not a valid ${format.key}`]);
  },
};

class Format extends Extension {
  readonly type = 'kubernetes.NamedFormat';
  readonly key: string;
  readonly test: (text: string) => boolean;

  constructor(key: string, test: (text: string) => boolean) {
    super();
    this.key = key;
    this.test = test;
  }
}

const within = (length: number, pattern: RegExp) => (text: string) => text.length <= length && pattern.test(text);
const LABEL = within(63, /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/);
const SUBDOMAIN = within(253, /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/);
const LABEL_1035 = within(63, /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/);
const NAME = within(63, /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/);
const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** A prefix may end in a dash, which is tested as if it were a letter. */
const prefix = (test: (text: string) => boolean) => (text: string) => test(text.replace(/-$/, 'a'));

const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['dns1123Label', LABEL],
  ['dns1123Subdomain', SUBDOMAIN],
  ['dns1035Label', LABEL_1035],
  ['qualifiedName', (text) => qualified(text.split('/'))],
  ['dns1123LabelPrefix', prefix(LABEL)],
  ['dns1123SubdomainPrefix', prefix(SUBDOMAIN)],
  ['dns1035LabelPrefix', prefix(LABEL_1035)],
  ['labelValue', (text) => text === '' || NAME(text)],
  ['uri', (text) => /^(?:\/|[a-zA-Z][a-zA-Z0-9+.-]*:\/)[^\s\p{Cc}]*$/u.test(text)],
  ['uuid', (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text)],
  ['byte', (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)],
  ['date', (text) => isDate(text)],
  [
    'datetime',
    (text) => isDate(text.slice(0, 10)) && /^.{10}[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(text),
  ],
]);

/** Whether a text is a date that exists: JavaScript reads the 30th of February as the 1st of March. */
function isDate(text: string): boolean {
  const time = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function qualified(parts: readonly string[]): boolean {
  const [first = '', name] = parts;
  return name === undefined ? NAME(first) : parts.length === 2 && SUBDOMAIN(first) && NAME(name);
}
