import type { KindName } from '../../../world/kinds.ts';
import type { Need } from '../../../world/needs.ts';
import { POD } from './pod.ts';
import {
  always,
  integer,
  map,
  object,
  objects,
  optionalText,
  type Schema,
  schema,
  text,
  texts,
  time,
} from './schema.ts';

/**
 * The kinds that are read as protobuf, with the fields that `reduce` reads. Another kind is another entry here. Kinds
 * that are kept complete have none. Numbers and types: k8s.io/api/rbac/v1/generated.proto and
 * k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto. Whether an empty text is left out: the json tags of types.go in
 * the same folders.
 */
export const schemaOf = ({ kind, whole }: Pick<Need, 'kind' | 'whole'>): Schema | undefined =>
  whole ? undefined : SCHEMAS[kind];

const MANAGED_FIELDS_ENTRY = schema({ 1: optionalText('manager'), 4: time('time') });

const METADATA = {
  1: optionalText('name'),
  3: optionalText('namespace'),
  8: time('creationTimestamp'),
  17: objects('managedFields', MANAGED_FIELDS_ENTRY),
};

const LABEL_SELECTOR = schema({
  1: map('matchLabels'),
  2: objects('matchExpressions', schema({ 1: text('key'), 2: text('operator'), 3: texts('values') })),
});

const RULE = schema({
  1: texts('verbs'),
  2: texts('apiGroups'),
  3: texts('resources'),
  4: texts('resourceNames'),
  5: texts('nonResourceURLs'),
});

const ROLE = schema({
  1: object('metadata', schema({ ...METADATA, 11: map('labels') })),
  2: always(objects('rules', RULE)),
  3: object('aggregationRule', schema({ 1: objects('clusterRoleSelectors', LABEL_SELECTOR) })),
});

const BINDING = schema({
  1: object('metadata', schema(METADATA)),
  2: objects('subjects', schema({ 1: text('kind'), 3: text('name'), 4: optionalText('namespace') })),
  3: object('roleRef', schema({ 2: text('kind'), 3: text('name') })),
});

const SCHEMAS: { readonly [kind in KindName]?: Schema } = {
  clusterroles: ROLE,
  clusterrolebindings: BINDING,
  roles: ROLE,
  rolebindings: BINDING,
  pods: POD,
};

/** The type of a message, in apimachinery pkg/runtime. */
export const TYPE_META = schema({ 1: text('apiVersion'), 2: text('kind') });

export const LIST_META = schema({ 3: optionalText('continue'), 4: integer('remainingItemCount') });

export const STATUS = schema({
  2: optionalText('status'),
  3: optionalText('message'),
  5: object('details', schema({ 5: integer('retryAfterSeconds') })),
  6: integer('code'),
});
