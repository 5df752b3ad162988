import { arithmeticOf } from '../../src/runtime/capabilities/index.ts';
import type { Settings } from '../../src/runtime/container.ts';
import type { Runtime } from '../../src/runtime/runtimes/runtime.ts';
import type { Process, Sandbox } from './process.ts';

/**
 * The process that a runtime starts for a container, as we count it; null where it does not start it. `imageUser`: of
 * the image, where the spec is silent.
 */
export function processOf(
  settings: Settings,
  runtime: Runtime,
  imageUser: number,
): { process: Process; sandbox: Sandbox } | null {
  const { capabilities, inheritable, ambient, refusal } = arithmeticOf(runtime).count(settings);
  const uid = settings.user.uid ?? imageUser;
  // The kubelet looks at the image too.
  if (refusal !== null || settings.neverStarts || (settings.user.nonRoot && uid === 0)) return null;
  const all = [...capabilities];
  return {
    process: {
      uid,
      noNewPrivileges: settings.noNewPrivileges,
      capabilities: {
        bounding: all,
        effective: all,
        permitted: all,
        inheritable: [...inheritable],
        ambient: [...ambient],
      },
    },
    sandbox: { ownUserNamespace: !settings.hostUsers, hostNetwork: settings.hostNetwork },
  };
}
