/** Put in by the build. */
declare const BUILD_VERSION: string;
declare const BUILD_COMMIT: string;

/** `0.1.0`. */
export const VERSION = typeof BUILD_VERSION === 'undefined' ? 'development' : BUILD_VERSION;

/** The commit that it was built from. */
export const COMMIT = typeof BUILD_COMMIT === 'undefined' ? 'none' : BUILD_COMMIT;

/** What `--version` prints. */
export const versionLine = `kubectl-whocan-escalate ${VERSION} (commit ${COMMIT}, Node ${process.versions.node})\n`;
