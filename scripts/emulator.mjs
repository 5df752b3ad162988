/**
 * What starts an executable for another processor: qemu-user, and the libraries of that processor that Node needs.
 *
 *   node scripts/emulator.mjs      gets what is missing and prints where it is
 *
 * They are the system's; with CI=true they are installed where apt is. Plain JavaScript for Node 20.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onPath, orMissing } from './programs.mjs';
import { step } from './step.mjs';

/** The command that runs a linux/arm64 executable, to be followed by it; `missing` says why there is none. */
export function arm64Emulator() {
  return orMissing(async () => {
    if (process.platform !== 'linux') throw new Error('no qemu-user: not Linux');
    if (process.arch === 'arm64') return { command: [] };
    if (!isThere()) await install();
    const qemu = onPath('qemu-aarch64-static') ?? onPath('qemu-aarch64');
    return { command: [qemu, '-L', LIBRARIES] };
  });
}

const isThere = () =>
  (onPath('qemu-aarch64-static') ?? onPath('qemu-aarch64')) !== undefined &&
  ['libc.so.6', 'libstdc++.so.6', 'libatomic.so.1'].every((name) => existsSync(join(LIBRARIES, 'lib', name)));

async function install() {
  if (process.env.CI !== 'true' || !onPath('apt-get') || process.getuid() !== 0)
    throw new Error(`linux/arm64 cannot be run here: apt install ${PACKAGES}`);
  await step('qemu', 'sh', ['-c', INSTALL], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  if (!isThere()) throw new Error(`${PACKAGES} are installed, and ${LIBRARIES} does not have what Node needs`);
}

/** Where Debian has libraries of arm64. */
const LIBRARIES = '/usr/aarch64-linux-gnu';
const PACKAGES =
  'qemu-user-static libc6-arm64-cross libgcc-s1-arm64-cross libstdc++6-arm64-cross libatomic1-arm64-cross';
/** Mirrors are away for a moment, and another apt may hold its locks. */
const INSTALL = `
for attempt in 1 2 3; do
  apt-get -o Acquire::Retries=3 update
  apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends ${PACKAGES} && exit 0
  sleep 5
done
exit 1
`;

if (process.argv[1] === import.meta.filename) {
  const found = await arm64Emulator();
  console.log(found.missing ? `not available: ${found.missing}` : found.command.join(' '));
}
