/** The facts other than flags and files that decide which cluster is used, and as whom. */
export interface ConnectEnvironment {
  env: NodeJS.ProcessEnv;
  /** Whether a credential plugin may talk to the user through standard input. */
  stdinIsTerminal: boolean;
  /** The program's version, for the User-Agent. */
  version: string;
  /** The folder in which the kubelet mounts the service account of a pod; the usual one where absent. */
  serviceAccountFolder?: string;
}
