/** What an access token of the emulator says (Entra's v1 claims, the ones ARM and the query API look at). */
export interface TokenClaims {
  readonly aud: string;
  /** `https://sts.windows.net/{tid}/` */
  readonly iss: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly tid: string;
  /** Object id in the token's tenant. */
  readonly oid: string;
  readonly sub: string;
  readonly appid: string;
  readonly idtyp: 'user' | 'app';
  readonly ver: '1.0';
  readonly uti: string;
  readonly upn?: string;
  readonly unique_name?: string;
  readonly name?: string;
  /** Home identity provider of a guest. */
  readonly idp?: string;
  /** Group object ids in the token's tenant. */
  readonly groups?: readonly string[];
  readonly scp?: string;
  readonly roles?: readonly string[];
  readonly amr?: readonly string[];
  readonly acrs?: readonly string[];
  readonly xms_cc?: readonly string[];
  /** Values of the claims challenges this token was asked for with. */
  readonly xms_challenge?: readonly string[];
}

type BearerProblem = 'missing' | 'malformed' | 'signature' | 'expired';

/** The token of a request, verified, or what is wrong with it. */
export type Bearer =
  | { readonly ok: true; readonly claims: TokenClaims }
  | {
      readonly ok: false;
      readonly problem: BearerProblem;
      readonly claims?: TokenClaims;
    };
