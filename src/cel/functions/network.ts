import { goQuote } from '../../answer/go-quote.ts';
import { Extension, failure, type Value } from '../values.ts';
import type { CelFunction, Functions } from './function.ts';

/**
 * `ip()` and `cidr()`. Mirrors apiserver pkg/cel/library/ip.go and cidr.go: no zones, no leading zeros, no IPv4 inside
 * IPv6.
 */
export const networkFunctions: Functions = {
  ip: ([text]) =>
    text instanceof Network ? text.ip : typeof text === 'string' ? (parseAddress(text) ?? badAddress(text)) : undefined,
  isIP: ([text]) => (typeof text === 'string' ? parseAddress(text) !== undefined : undefined),
  'ip.isCanonical': ([text]) => {
    if (typeof text !== 'string') return undefined;
    const address = parseAddress(text);
    return address ? address.text === text : badAddress(text);
  },
  cidr: ([text]) => (typeof text === 'string' ? (parseNetwork(text) ?? badNetwork(text)) : undefined),
  isCIDR: ([text]) => (typeof text === 'string' ? parseNetwork(text) !== undefined : undefined),
};

export const networkMethods: Functions = {
  family: ofAddress(({ isV6 }) => (isV6 ? 6n : 4n)),
  isUnspecified: ofAddress(({ bits }) => bits === 0n),
  isLoopback: ofAddress(({ isV6, bits }) => (isV6 ? bits === 1n : bits >> 24n === 127n)),
  isLinkLocalMulticast: ofAddress(({ isV6, bits }) =>
    isV6 ? ((bits >> 112n) & 0xff0fn) === 0xff02n : bits >> 8n === 0xe00000n,
  ),
  isLinkLocalUnicast: ofAddress(isLinkLocal),
  isGlobalUnicast: ofAddress((address) => isGlobal(address)),
  ip: ([network]) => (network instanceof Network ? network.ip : undefined),
  prefixLength: ([network]) => (network instanceof Network ? BigInt(network.length) : undefined),
  masked: ([network]) => (network instanceof Network ? network.masked : undefined),
  containsIP: ([network, address]) => {
    if (!(network instanceof Network)) return undefined;
    const other = typeof address === 'string' ? (parseAddress(address) ?? MISTAKEN) : address;
    return other instanceof Address ? network.contains(other) : other === MISTAKEN ? other : undefined;
  },
  containsCIDR: ([network, inner]) => {
    if (!(network instanceof Network)) return undefined;
    const other = typeof inner === 'string' ? (parseNetwork(inner) ?? MISTAKEN) : inner;
    if (!(other instanceof Network)) return other === MISTAKEN ? other : undefined;
    return network.length <= other.length && network.contains(other.ip);
  },
};

/** The server's error for a text that is no address where an address is needed. */
const MISTAKEN = failure('no such overload');

export class Address extends Extension {
  readonly type = 'net.IP';
  readonly isV6: boolean;
  readonly bits: bigint;

  constructor(isV6: boolean, bits: bigint) {
    super();
    this.isV6 = isV6;
    this.bits = bits;
  }

  get key(): string {
    return this.text;
  }

  /** The address in canonical form. */
  get text(): string {
    return this.isV6 ? shortened(this.bits) : [24n, 16n, 8n, 0n].map((shift) => (this.bits >> shift) & 0xffn).join('.');
  }
}

export class Network extends Extension {
  readonly type = 'net.CIDR';
  readonly ip: Address;
  readonly length: number;

  constructor(ip: Address, length: number) {
    super();
    this.ip = ip;
    this.length = length;
  }

  get key(): string {
    return this.text;
  }

  get text(): string {
    return `${this.ip.text}/${this.length}`;
  }

  get masked(): Network {
    const host = BigInt((this.ip.isV6 ? 128 : 32) - this.length);
    return new Network(new Address(this.ip.isV6, (this.ip.bits >> host) << host), this.length);
  }

  contains({ isV6, bits }: Address): boolean {
    const host = BigInt((isV6 ? 128 : 32) - this.length);
    return isV6 === this.ip.isV6 && bits >> host === this.ip.bits >> host;
  }
}

function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  const bits = text.includes(':') ? parseV6(text) : parseV4(text);
  if (bits === undefined) return undefined;
  const isV6 = text.includes(':');
  return isV6 && bits >> 32n === 0xffffn ? undefined : new Address(isV6, bits);
}

function parseNetwork(text: string): Network | undefined {
  const match = /^(.+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const ip = match && parseAddress(match[1] ?? '');
  const length = Number(match?.[2]);
  return ip && length <= (ip.isV6 ? 128 : 32) ? new Network(ip, length) : undefined;
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const start = text.lastIndexOf(':') + 1;
  const isDotted = start > 0 && /^[\d.]+$/.test(text.slice(start)) && text.slice(start + 1, -1).includes('.');
  const last = isDotted ? parseV4(text.slice(start)) : undefined;
  if (isDotted && last === undefined) return undefined;
  const hex =
    last !== undefined ? `${text.slice(0, start)}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}` : text;
  const halves = hex.split('::');
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** Leaves out the longest run of at least two zero groups, the first one where there are several. */
function shortened(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - index * 16)) & 0xffffn).toString(16));
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}

function isLinkLocal({ isV6, bits }: Address): boolean {
  return isV6 ? bits >> 118n === 0xfe80n >> 6n : bits >> 16n === 0xa9fen;
}

function isGlobal(address: Address): boolean {
  const { isV6, bits } = address;
  if (bits === 0n || isLinkLocal(address)) return false;
  if (isV6) return bits !== 1n && bits >> 120n !== 0xffn;
  return bits !== 0xffff_ffffn && bits >> 24n !== 127n && bits >> 28n !== 0xen;
}

function badAddress(text: string): Value {
  const quoted = goQuote(text);
  if (text.includes(':') && (parseV6(text) ?? 0n) >> 32n === 0xffffn)
    return failure(`IPv4-mapped IPv6 address ${quoted} is not allowed`);
  return failure(
    `IP Address ${quoted} parse error during conversion from string: ParseAddr(${quoted}): unable to parse IP`,
  );
}

const badNetwork = (text: string): Value =>
  failure(`network address parse error during conversion from string: ${goQuote(text)}`);

function ofAddress(run: (address: Address) => Value): CelFunction {
  return ([address]) => (address instanceof Address ? run(address) : undefined);
}
