import { createPrivateKey, type KeyObject } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOwnFile } from './ownFile.ts';
import { makeCertificates, newRsaKey, type Certificates } from './certificates.ts';

/** What the emulator signs with: its certificates, and the key of its tokens. */
export interface Keys {
  readonly certificates: Certificates;
  readonly tokenKey: KeyObject;
}

/**
 * The certificate authority and the key tokens are signed with; kept under `dir`, where given, so that clients and
 * refresh tokens outlive a restart. Secrets are readable by their owner alone; Windows has no such mode, there they are
 * as private as `dir` is by its access list.
 */
export async function loadKeys(hosts: readonly string[], dir: string | undefined): Promise<Keys> {
  const kept = dir === undefined ? undefined : await readKept(dir);
  const [certificates, tokenKey] = await Promise.all([
    makeCertificates(hosts, kept),
    kept ? Promise.resolve(kept.tokenKey).then(createPrivateKey) : newRsaKey(),
  ]).catch((error: unknown) => {
    if (!kept) throw error;
    throw new Error(`The keys in ${dir} cannot be read. Move ca.pem, ca.key and token.key away to start afresh.`);
  });
  if (dir !== undefined && !kept) {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeOwnFile(join(dir, 'ca.key'), certificates.caKey);
    await writeOwnFile(join(dir, 'token.key'), tokenKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    await writeOwnFile(join(dir, 'ca.pem'), certificates.ca, 0o644);
  }
  return { certificates, tokenKey };
}

async function readKept(dir: string): Promise<{ ca: string; caKey: string; tokenKey: string } | undefined> {
  try {
    const [ca, caKey, tokenKey] = await Promise.all(
      ['ca.pem', 'ca.key', 'token.key'].map((name) => readFile(join(dir, name), 'utf8')),
    );
    return { ca: ca!, caKey: caKey!, tokenKey: tokenKey! };
  } catch {
    return undefined;
  }
}
