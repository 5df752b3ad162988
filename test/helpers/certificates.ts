import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export type KeyAndCertificate = { cert: string; key: string };
export type CertificateAuthority = KeyAndCertificate & { issue(identity: Identity): KeyAndCertificate };
/**
 * As Kubernetes reads a client certificate: the user is the common name, each group an organization. `ips` makes it
 * serve there.
 */
export type Identity = { user: string; groups?: readonly string[]; ips?: readonly string[] };

/**
 * A certificate authority of the test's own (ECDSA P-256, valid for a day), written in DER by hand because Node reads
 * X.509 but can't make it.
 */
export function certificateAuthority(name = 'test-ca'): CertificateAuthority {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = distinguishedName({ user: name });
  const basics = [
    extension(BASIC_CONSTRAINTS, sequence(der(0x01, Buffer.of(0xff)))),
    extension(KEY_USAGE, bits(Buffer.of(0x06))),
  ];
  return {
    ...pem(certificate(issuer, issuer, pair.publicKey, pair.privateKey, basics), pair.privateKey),
    issue(identity) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const addresses = (identity.ips ?? []).map((ip) => der(0x87, Buffer.from(ip.split('.').map(Number))));
      const extensions = [extension(EXTENDED_KEY_USAGE, sequence(oid(CLIENT_AUTH), oid(SERVER_AUTH)))];
      if (addresses.length > 0) extensions.push(extension(SUBJECT_ALT_NAME, sequence(...addresses)));
      return pem(certificate(issuer, distinguishedName(identity), publicKey, pair.privateKey, extensions), privateKey);
    },
  };
}

/** A request for a client certificate of this identity (PKCS #10, PEM), and the key that it will belong to. */
export function signingRequest(identity: Identity): { request: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(integer(Buffer.of(0)), distinguishedName(identity), spki, der(0xa0));
  const signed = sequence(body, sequence(oid(ECDSA_WITH_SHA256)), bits(sign('sha256', body, privateKey)));
  return { request: armor('CERTIFICATE REQUEST', signed), key: sec1(privateKey) };
}

function certificate(
  issuer: Buffer,
  subject: Buffer,
  publicKey: KeyObject,
  signer: KeyObject,
  extensions: Buffer[],
): Buffer {
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const validity = sequence(time(-3600_000), time(86_400_000));
  const body = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    issuer,
    validity,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  return sequence(body, algorithm, bits(sign('sha256', body, signer)));
}

function distinguishedName({ user, groups = [] }: Identity): Buffer {
  const entries: [string, string][] = [
    ...groups.map((group): [string, string] => [ORGANIZATION, group]),
    [COMMON_NAME, user],
  ];
  return sequence(...entries.map(([type, value]) => der(0x31, sequence(oid(type), der(0x0c, Buffer.from(value))))));
}

function pem(certificateDer: Buffer, key: KeyObject): KeyAndCertificate {
  return { cert: armor('CERTIFICATE', certificateDer), key: sec1(key) };
}

function armor(label: string, content: Buffer): string {
  const lines = content.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

const sec1 = (key: KeyObject): string => key.export({ type: 'sec1', format: 'pem' }).toString();

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const header = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...header), content]);
}

const sequence = (...contents: Buffer[]) => der(0x30, ...contents);
const integer = (value: Buffer) => der(0x02, value);
const bits = (value: Buffer) => der(0x03, Buffer.of(0), value);
const extension = (id: string, value: Buffer) => sequence(oid(id), der(0x04, value));
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));

function time(offset: number): Buffer {
  const digits = new Date(Date.now() + offset).toISOString().replace(/\D/g, '');
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const ORGANIZATION = '55040a';
const KEY_USAGE = '551d0f';
const SUBJECT_ALT_NAME = '551d11';
const BASIC_CONSTRAINTS = '551d13';
const EXTENDED_KEY_USAGE = '551d25';
const SERVER_AUTH = '2b06010505070301';
const CLIENT_AUTH = '2b06010505070302';
