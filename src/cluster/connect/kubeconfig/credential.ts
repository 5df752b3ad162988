import type { KeyPair } from '../../wire/tls.ts';

/** Our proof of identity to the server: the value of the Authorization header, a client certificate, or both. */
export interface Credential {
  authorization?: string;
  certificate?: KeyPair;
}

/** A source of credentials that may expire. Rejects with a UserError. */
export interface Credentials {
  /** The credential to use now. Its certificate stays the same object until it is renewed. */
  current(): Promise<Credential>;
  /** Called when the server answered 401 to `refused`. Resolves to whether there may be another credential now. */
  renew(refused: Credential): Promise<boolean>;
}
