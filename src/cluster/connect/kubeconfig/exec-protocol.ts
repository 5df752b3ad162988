import type { ExecConfig, Target } from './config.ts';
import { decode, type StructShape } from './decode.ts';
import { readNamedFile } from './files.ts';
import { parseYaml } from './parse.ts';

/** The value of KUBERNETES_EXEC_INFO: the ExecCredential that describes the request to a plugin. */
export function execInfo(exec: ExecConfig, { cluster }: Target, interactive: boolean): string {
  const file = cluster['certificate-authority'];
  const ca = cluster['certificate-authority-data']?.length
    ? cluster['certificate-authority-data']
    : file
      ? readNamedFile(file)
      : undefined;
  const info = {
    server: cluster.server,
    'tls-server-name': cluster['tls-server-name'] || undefined,
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'] || undefined,
    'certificate-authority-data': ca?.toString('base64'),
    'proxy-url': cluster['proxy-url'] || undefined,
    'disable-compression': cluster['disable-compression'] || undefined,
    config: cluster.extensions?.find(({ name }) => name === 'client.authentication.k8s.io/exec')?.extension ?? null,
  };
  const spec = { ...(exec.provideClusterInfo && { cluster: info }), interactive };
  return `${JSON.stringify({ kind: 'ExecCredential', apiVersion: exec.apiVersion, spec })}\n`;
}

export interface ExecCredential {
  token: string;
  cert: string;
  key: string;
  /** The expiry in milliseconds since 1970; infinite where the plugin gives none. */
  expires: number;
}

/**
 * The credential in a plugin's output, JSON or YAML. Throws an Error in client-go's words, which never quotes the
 * output.
 */
export function execCredential(output: string, apiVersion: string): ExecCredential {
  const { status, ...type } = parse(output);
  if (type.apiVersion !== apiVersion) {
    throw new Error(
      `exec plugin is configured to use API version ${apiVersion}, plugin returned version ${type.apiVersion ?? 'none'}`,
    );
  }
  if (!status) throw new Error("exec plugin didn't return a status field");
  const { token = '', clientCertificateData: cert = '', clientKeyData: key = '', expirationTimestamp } = status;
  // A token that is only white space would make kubectl silently anonymous to the server, so it does not count.
  if (!token.trim() && !cert && !key) throw new Error("exec plugin didn't return a token or cert/key pair");
  if (!cert !== !key) throw new Error('exec plugin returned only certificate or key, not both');
  const expires = expirationTimestamp ? Date.parse(expirationTimestamp) : Number.POSITIVE_INFINITY;
  if (Number.isNaN(expires)) throw new Error(`decoding stdout: parsing time "${expirationTimestamp}"`);
  return { token, cert, key, expires };
}

interface PluginOutput {
  kind?: string;
  apiVersion?: string;
  status?: { token?: string; clientCertificateData?: string; clientKeyData?: string; expirationTimestamp?: string };
}

function parse(output: string): PluginOutput {
  try {
    const document = parseYaml(output) ?? {};
    if (typeof document !== 'object' || Array.isArray(document)) throw new Error("couldn't get version/kind");
    const decoded = decode<PluginOutput>(document, shape);
    if (decoded.kind && decoded.kind !== 'ExecCredential') {
      throw new Error(`no kind "${decoded.kind}" is registered for version "${decoded.apiVersion ?? ''}"`);
    }
    return decoded;
  } catch (error) {
    throw new Error(`decoding stdout: ${(error as Error).message}`);
  }
}

const statusShape: StructShape = {
  struct: 'ExecCredentialStatus',
  type: 'v1.ExecCredentialStatus',
  fields: { token: 'string', clientCertificateData: 'string', clientKeyData: 'string', expirationTimestamp: 'string' },
};
const shape: StructShape = {
  struct: 'ExecCredential',
  type: 'v1.ExecCredential',
  fields: { kind: 'string', apiVersion: 'string', status: statusShape },
};
