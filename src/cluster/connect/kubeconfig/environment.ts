/** What decides, beside flags and files, which cluster is talked to and as whom. */
export interface ConnectEnvironment {
  env: NodeJS.ProcessEnv;
  /** Whether a credential plugin may talk to the user through standard input. */
  stdinIsTerminal: boolean;
  /** The program's version, for the User-Agent. */
  version: string;
  /** Where the kubelet mounts the service account of a pod; absent: where it always does. */
  serviceAccountFolder?: string;
}
