import type { KeyPair } from '../../wire/tls.ts';

/** What proves to the server who we are: the value of the Authorization header, a client certificate, or both. */
export interface Credential {
  authorization?: string;
  certificate?: KeyPair;
}

/** A source of credentials that may run out. Rejects with a UserError. */
export interface Credentials {
  /** The credential to use now. Its certificate is the same object as before until it has been renewed. */
  current(): Promise<Credential>;
  /** Called when the server answered 401 to `refused`: whether there may be another one now. */
  renew(refused: Credential): Promise<boolean>;
}
