import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { signAdHoc } from '../../scripts/build/macho/sign.ts';
import { executableName, isHost, nameOf, nodeIn, PLATFORMS, type Platform } from '../../scripts/build/platforms.ts';
import { runtimeFor, untouchedNode } from '../../scripts/build/runtime.ts';
import { arm64Emulator } from '../../scripts/emulator.mjs';
import { executableReader } from '../../scripts/reader.mjs';
import { sha256, temporary, unpacked, VERSION } from '../helpers/released.ts';

/*
 * Each executable by readers that are not ours (test/release/reader), since those for other systems cannot be started
 * here. linux/arm64 can, by qemu-user.
 */

interface Report {
  Format: string;
  Machine: string;
  Libraries: string[];
  LocalSymbols: number;
  CertificateBytes: number;
  Fixups: number;
  FixupsHash: string;
  Signature?: { Identifier: string; Flags: string; Pages: number; Wrong: number; CoversAll: boolean };
}

const found = await executableReader();
const reader = 'missing' in found ? null : found.reader;
const skip = 'missing' in found && found.missing;
const ROOT = join(import.meta.dirname, '../..');

function read(executable: string, blob?: string): Report {
  if (!reader) throw new Error('there is no reader');
  return JSON.parse(execFileSync(reader, [executable, ...(blob ? [blob] : [])], { encoding: 'utf8' }));
}

const EXPECTED: Record<string, Partial<Report>> = {
  'linux/amd64': { Format: 'ELF', Machine: 'EM_X86_64' },
  'linux/arm64': { Format: 'ELF', Machine: 'EM_AARCH64' },
  'darwin/arm64': { Format: 'Mach-O', Machine: 'AARCH64 EXECUTE' },
  'windows/amd64': { Format: 'PE', Machine: '0x8664' },
};

const executables = new Map(
  PLATFORMS.map((platform) => [platform, join(unpacked(platform), executableName(platform))] as const),
);
const pathOf = (platform: Platform): string => executables.get(platform) ?? '';
const platform = (name: string): Platform => {
  const named = PLATFORMS.find((each) => nameOf(each) === name);
  if (!named) throw new Error(`no platform ${name}`);
  return named;
};

describe('each executable is one of its system, with the same program in it', { skip }, () => {
  const blobs = new Map<Platform, Buffer>();
  for (const each of PLATFORMS)
    test(nameOf(each), () => {
      const file = join(temporary, `blob-${each.os}-${each.arch}`);
      const { Format, Machine, LocalSymbols, CertificateBytes } = read(pathOf(each), file);
      assert.deepEqual({ Format, Machine }, EXPECTED[nameOf(each)]);
      assert.deepEqual([LocalSymbols, CertificateBytes], [0, 0], 'symbols, or a signature that no longer holds');
      blobs.set(each, readFileSync(file));
    });

  test('the blobs of other systems with the same options are equal, and this one has the code cache besides', () => {
    // On Windows the file that has nothing in it has another name.
    const foreign = PLATFORMS.filter((each) => !isHost(each) && each.os !== 'windows');
    assert.equal(new Set(foreign.map((each) => sha256(blobs.get(each) ?? ''))).size, 1);
    const programs = PLATFORMS.map((each) => sha256(programIn(blobs.get(each))));
    assert.equal(new Set(programs).size, 1);
    const own = PLATFORMS.find(isHost);
    const [other] = foreign;
    if (own && other) assert.ok((blobs.get(own)?.length ?? 0) > 1_000_000 + (blobs.get(other)?.length ?? 0));
  });
});

/** The program, to the last byte of its last piece: it begins as every wrapped module does, and so does each piece. */
function programIn(blob: Buffer | undefined): Buffer {
  const start = blob?.indexOf(FIRST) ?? -1;
  const last = blob?.lastIndexOf(FIRST) ?? -1;
  assert.ok(blob && start > 0);
  const end = blob.indexOf('\n});', last);
  assert.ok(last - start > 1_000_000 && end > last);
  return blob.subarray(start, end);
}

const FIRST = '(function (exports, require, module';

describe('darwin/arm64', { skip }, () => {
  const mac = platform('darwin/arm64');

  test('is signed ad hoc: the hash of each page holds, and all of the file is covered', () => {
    const { Signature } = read(pathOf(mac));
    const { Pages = 0, ...rest } = Signature ?? {};
    const identifier = executableName(mac);
    assert.deepEqual(rest, { Identifier: identifier, Flags: 'adhoc, linker-signed', Wrong: 0, CoversAll: true });
    assert.ok(Pages > 20_000);
  });

  test('the reader sees a byte that was changed, in any page', () => {
    const content = readFileSync(pathOf(mac));
    for (const at of [0x2000, content.length >> 1, content.length - 2_000_000]) {
      const changed = Buffer.from(content);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const file = join(temporary, 'changed');
      execFileSync('sh', ['-c', 'cat > "$0"', file], { input: changed });
      assert.equal(read(file).Signature?.Wrong, 1, String(at));
    }
  });

  test('what was signed once is not signed again', () => {
    assert.throws(() => signAdHoc(readFileSync(pathOf(mac)), 'x'), /signed already/);
  });

  test('every pointer of the runtime is where Node has it, and points to the same', () => {
    const original = join(temporary, 'node-darwin');
    execFileSync('sh', ['-c', 'cat > "$0"', original], { input: untouchedNode(mac, ROOT) });
    const [theirs, ours] = [read(original), read(pathOf(mac))];
    assert.ok(theirs.Fixups > 100_000 && theirs.LocalSymbols > 100_000, nodeIn(mac));
    assert.deepEqual(
      [ours.Fixups, ours.FixupsHash, ours.Libraries],
      [theirs.Fixups, theirs.FixupsHash, theirs.Libraries],
    );
    assert.deepEqual(
      [theirs.Signature?.Wrong, theirs.Signature?.CoversAll],
      [0, true],
      'their signature, too, is read',
    );
  });
});

describe('linux', { skip }, () => {
  test('what it needs of the system is what the README names', () => {
    for (const name of ['linux/amd64', 'linux/arm64']) {
      const { Libraries } = read(pathOf(platform(name)));
      assert.deepEqual(Libraries.filter((library) => !/^(ld-linux|lib(c|m|dl|pthread)\.so)/.test(library)).sort(), [
        'libatomic.so.1',
        'libgcc_s.so.1',
        'libstdc++.so.6',
      ]);
    }
    const texts = ['README.md', 'plugin.yaml'].map((name) => readFileSync(join(ROOT, name), 'utf8'));
    for (const text of texts)
      for (const name of ['glibc 2.28', 'libatomic.so.1', 'libstdc++']) assert.ok(text.includes(name), name);
  });

  test('no symbol wants a newer glibc than 2.28', () => {
    for (const name of ['linux/amd64', 'linux/arm64']) {
      const content = readFileSync(runtimeFor(platform(name), ROOT)).toString('latin1');
      const versions = [...content.matchAll(/\0GLIBC_2\.(\d+)(?=[.\0])/g)].map(([, minor]) => Number(minor));
      assert.ok(versions.length > 0 && Math.max(...versions) <= 28, `${name}: ${Math.max(...versions)}`);
    }
  });
});

const emulator = await arm64Emulator();
describe('linux/arm64, run by qemu-user', { skip: 'missing' in emulator && emulator.missing }, () => {
  const [command = '', ...args] = 'missing' in emulator ? [] : [...emulator.command, pathOf(platform('linux/arm64'))];
  const run = (...words: string[]) =>
    execFileSync(command, [...args, ...words], { encoding: 'utf8', env: { LANG: 'C.UTF-8' } });

  test('says its version', () => {
    assert.match(
      run('--version'),
      new RegExp(`^kubectl-whocan-escalate ${VERSION.replaceAll('.', '\\.')} \\(commit \\S+, Node 26\\.`),
    );
  });

  test('answers a question as the executable for this machine does', () => {
    const words = ['port-forward', 'web-0', '-n', 'shop', '--demo', '--explain'];
    const own = PLATFORMS.find(isHost);
    const answer = run(...words);
    assert.match(answer, /^yes: 11 subjects can port-forward to pod shop\/web-0/);
    if (own) assert.equal(answer, execFileSync(pathOf(own), words, { encoding: 'utf8', env: { LANG: 'C.UTF-8' } }));
  });
});
