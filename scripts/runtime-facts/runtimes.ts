/** A version of a container runtime, and how to have its own code say what capabilities a container gets. */
export interface Runtime {
  family: 'containerd' | 'cri-o' | 'docker';
  version: string;
  /** The Go module that has its code. */
  module: string;
  /** Switches of its configuration that change capabilities, each asked for beside the runtime as it comes. */
  settings?: readonly string[];
  /** Our Go files, by the place in the module that they are copied to, whatever they are called here. */
  glue: Record<string, string>;
  /** What else stands for what in our Go files. */
  words?: Record<string, string>;
  /** The package to build, as a test binary if it has to see what upstream does not export. */
  build: { package: string; test?: true; tags?: readonly string[] };
  /** For modules from before go.mod: what else has to be of upstream's time. */
  requires?: readonly string[];
}

const CRI = 'k8s.io/cri-api/pkg/apis/runtime';

/**
 * The oldest and the newest version of each family that clusters run, and both sides of each change to its
 * capabilities: CVE-2022-24769 emptied the inheritable set of containerd (1.5.11, 1.6.2) and moby (20.10.14); moby 23
 * learned of BPF, PERFMON and CHECKPOINT_RESTORE, and 24 stopped taking other users' permitted set away before the
 * kernel does. Only one version of CRI-O is published as a module that Go can verify.
 */
export const RUNTIMES: readonly Runtime[] = [
  containerd('1.5.0', `${CRI}/v1alpha2`),
  containerd('1.5.18', `${CRI}/v1alpha2`),
  containerd('1.6.1'),
  containerd('1.6.38'),
  containerd('1.7.35'),
  containerd('2.0.14'),
  containerd('2.3.7'),
  containerd('2.4.2'),
  crio('1.34.0'),
  docker('20.10.13'),
  docker('20.10.27'),
  docker('23.0.5'),
  docker('24.0.9'),
  docker('28.5.2'),
  {
    family: 'docker',
    version: '29.3.0', // the one that speaks version 1.54 of the API, as this module does
    module: 'github.com/moby/moby/v2@v2.0.0-beta.10',
    glue: { 'facts/facts.go': 'facts/facts.go', 'facts/run/main.go': 'moby/main_v2.go' },
    build: { package: './facts/run' },
  },
];

function containerd(version: string, cri = `${CRI}/v1`): Runtime {
  const isV1 = version.startsWith('1.');
  const folder = isV1 ? 'pkg/cri/server' : 'internal/cri/server';
  return {
    family: 'containerd',
    version,
    module: `github.com/containerd/containerd${isV1 ? '' : '/v2'}@v${version}`,
    settings: ['privileged_without_host_devices'],
    glue: {
      'facts/facts.go': 'facts/facts.go',
      [`${folder}/facts_test.go`]: 'containerd/facts_test.go',
      [`${folder}/facts_build_test.go`]: `containerd/build_${isV1 ? 'v1' : 'v2'}_test.go`,
    },
    words: { CRI: cri },
    build: { package: `./${folder}`, test: true },
  };
}

function crio(version: string): Runtime {
  return {
    family: 'cri-o',
    version,
    module: `github.com/cri-o/cri-o@v${version}`,
    settings: ['add_inheritable_capabilities'],
    glue: { 'facts/facts.go': 'facts/facts.go', 'facts/run/main.go': 'cri-o/main.go' },
    build: {
      package: './facts/run',
      tags: ['containers_image_openpgp', 'containers_image_ostree_stub', 'exclude_graphdriver_btrfs'],
    },
  };
}

function docker(version: string): Runtime {
  return {
    family: 'docker',
    version,
    module: `github.com/docker/docker@v${version}+incompatible`,
    glue: { 'facts/facts.go': 'facts/facts.go', 'facts/run/main.go': 'moby/main.go' },
    build: { package: './facts/run' },
    requires: [
      'github.com/containerd/containerd@v1.4.13',
      'github.com/docker/distribution@v2.7.1+incompatible',
      'github.com/opencontainers/runc@v1.0.0-rc92',
      'github.com/opencontainers/runtime-spec@v1.0.3-0.20200728170252-4d89ac9fbff6',
      'github.com/syndtr/gocapability@v0.0.0-20200815063812-42c35b437635',
      'google.golang.org/grpc@v1.27.1',
    ],
  };
}
