import { params } from './params.ts';
import { relabel } from './relabel.ts';
import type { BypassTechnique } from './step.ts';
import { volume } from './volume.ts';
import { weaken } from './weaken.ts';

/** Every way around admission that is pulled in a namespace of its own. */
export const TECHNIQUES: readonly BypassTechnique[] = [relabel, weaken, params, volume];
