import { params } from './params.ts';
import { relabel } from './relabel.ts';
import type { BypassTechnique } from './step.ts';
import { volume } from './volume.ts';
import { weaken } from './weaken.ts';

/** Every technique by which a step takes away what refuses pods in a namespace. */
export const TECHNIQUES: readonly BypassTechnique[] = [relabel, weaken, params, volume];
