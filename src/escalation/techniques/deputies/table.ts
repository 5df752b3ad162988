import type { Deputy } from './deputy.ts';
import { LEADS_NOWHERE, OTHERS } from './rows/others.ts';
import { RUNS_PODS } from './rows/runs-pods.ts';
import { WRITES_OBJECTS } from './rows/writes-objects.ts';

/** Every custom resource of which it is known what its controller does for whoever writes it. */
export const DEPUTIES: readonly Deputy[] = [...RUNS_PODS, ...WRITES_OBJECTS, ...OTHERS, ...LEADS_NOWHERE];
