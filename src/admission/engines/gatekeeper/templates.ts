import type { Unknown } from '../../../answer/unknown.ts';
import type { Manifest } from '../../../world/objects.ts';
import { oncePerState } from '../../../world/once.ts';
import { child, type Malformed } from '../../../world/raw.ts';
import { understoodOr } from '../../../world/understood.ts';
import { listed } from '../../request/reading/listed.ts';
import { recognise } from './psp/index.ts';
import type { PspKind } from './psp/kind.ts';
import { type Features, featuresOf, readTemplate, type Template } from './template.ts';

/** A template that was read. */
export interface Entry {
  template: Template;
  /** Undefined where the kind is not modelled. */
  kind: PspKind | undefined;
  features: Features;
  manifest: Manifest;
}

export interface Templates {
  found: ReadonlyMap<string, Entry | Unknown>;
  unknowns: readonly Unknown[];
}

/**
 * The templates by the kind of their constraints, read once for each state of the world. Templates that cannot be read
 * give an unknown.
 */
export const templatesOf = oncePerState((world): Templates => {
  const { objects, unknowns } = listed(
    world,
    'ConstraintTemplate.templates.gatekeeper.sh',
    null,
    'what constraints mean',
  );
  const found = new Map(objects.map((manifest) => readEntry(manifest)));
  return { found, unknowns };
});

function readEntry(manifest: Manifest): [string, Entry | Unknown] {
  return understoodOr(
    () => {
      const template = readTemplate(manifest);
      return [template.kind, { template, kind: recognise(template), features: featuresOf(template), manifest }];
    },
    (error) => [kindName(manifest), broken('ConstraintTemplate', manifest.name, error)],
  );
}

/** The name of the kind that a template defines, as far as it is readable. */
function kindName({ raw }: Manifest): string {
  return understoodOr(
    () => {
      const { kind } = child(child(child(child(raw, 'spec'), 'crd'), 'spec'), 'names');
      return typeof kind === 'string' ? kind : '';
    },
    () => '',
  );
}

export const broken = (kind: string, name: string, error: Malformed): Unknown => ({
  kind: 'unreadable',
  what: `${kind} ${name}`,
  why: error.message,
  affects: 'what Gatekeeper refuses',
});
