import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';

/** PEM texts of the emulator's own certificate authority and of the server certificate it signed. */
export interface Certificates {
  readonly ca: string;
  readonly caKey: string;
  readonly cert: string;
  readonly key: string;
}

/** A new RSA key; made in native code, off the main thread. */
export async function newRsaKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })).privateKey;
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/**
 * A certificate authority and a leaf for localhost, 127.0.0.1, ::1 and the given names. `authority` reuses an earlier
 * one, so that clients which trust it go on doing so after a restart. Valid from a day ago for two years: real time,
 * not the emulated one.
 */
export async function makeCertificates(
  hosts: readonly string[],
  authority?: { readonly ca: string; readonly caKey: string },
): Promise<Certificates> {
  const [caKey, leafKey] = await Promise.all([
    authority ? authority.caKey : newRsaKey().then(pem),
    newRsaKey().then(pem),
  ]);
  const ca =
    authority?.ca ??
    signCertificate({
      subject: 'Tenantscope emulator CA',
      key: caKey,
      issuer: 'Tenantscope emulator CA',
      signer: caKey,
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
        { name: 'subjectKeyIdentifier' },
      ],
    });
  const names = [...new Set(['localhost', '127.0.0.1', '::1', ...hosts])];
  const cert = signCertificate({
    subject: names[0]!,
    key: leafKey,
    issuer: 'Tenantscope emulator CA',
    signer: caKey,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'authorityKeyIdentifier',
        keyIdentifier: forge.pki.certificateFromPem(ca).generateSubjectKeyIdentifier().getBytes(),
      },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { ca, caKey, cert, key: leafKey };
}

function signCertificate(spec: {
  subject: string;
  key: string;
  issuer: string;
  signer: string;
  extensions: object[];
}): string {
  const certificate = forge.pki.createCertificate();
  const privateKey = forge.pki.privateKeyFromPem(spec.key);
  certificate.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  certificate.serialNumber = `01${createHash('sha256').update(spec.key).digest('hex').slice(0, 30)}`;
  const day = 86_400_000;
  certificate.validity.notBefore = new Date(Date.now() - day);
  certificate.validity.notAfter = new Date(Date.now() + 730 * day);
  certificate.setSubject([
    { name: 'commonName', value: spec.subject },
    { name: 'organizationName', value: 'Tenantscope' },
  ]);
  certificate.setIssuer([
    { name: 'commonName', value: spec.issuer },
    { name: 'organizationName', value: 'Tenantscope' },
  ]);
  certificate.setExtensions(spec.extensions);
  certificate.sign(forge.pki.privateKeyFromPem(spec.signer), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

/**
 * SHA-1 and SHA-256 thumbprints of a PEM certificate (base64url), and its key: what a client assertion's header names.
 */
export function thumbprints(certificatePem: string): readonly string[] {
  const der = Uint8Array.from(Buffer.from(certificatePem.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
  return ['sha1', 'sha256'].map((algorithm) => createHash(algorithm).update(der).digest('base64url'));
}
