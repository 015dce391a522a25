import type { SecretStorage } from 'vscode';

/** Client secrets, one per app registration, in VS Code's secret storage and nowhere else. */
export class Secrets {
  private readonly storage: SecretStorage;

  constructor(storage: SecretStorage) {
    this.storage = storage;
  }

  async clientSecret(clientId: string): Promise<string | undefined> {
    return this.storage.get(keyOf(clientId));
  }
  async keepClientSecret(clientId: string, secret: string): Promise<void> {
    await this.storage.store(keyOf(clientId), secret);
  }
  async forgetClientSecret(clientId: string): Promise<void> {
    await this.storage.delete(keyOf(clientId));
  }
}

function keyOf(clientId: string): string {
  return `tenantscope.clientSecret.${clientId.toLowerCase()}`;
}
