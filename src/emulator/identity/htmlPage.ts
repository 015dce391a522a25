import type { Answer } from '../router.ts';
import type { Account } from '../state.ts';

/** A button for each account that may go on; it posts `username`. */
export function accountButtons(users: readonly Account[]): string {
  if (!users.length) return '<p>No account of the sample estate exists in this tenant.</p>';
  return users
    .map(
      (user) =>
        `<p><button name="username" value="${escapeHtml(user.username)}">${escapeHtml(user.displayName)} <small>${escapeHtml(user.username)}</small></button></p>`,
    )
    .join('');
}

/** Text as it stands in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A page without script, and with nothing from elsewhere. */
export function htmlPage(title: string, body: string, status = 200): Answer {
  const style =
    'body{font:16px system-ui;max-width:30rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.6rem 1rem;width:100%;text-align:left}small{color:#666}';
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    headers: { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${style}</style><h1>${escapeHtml(title)}</h1>${body}<p><small>Emulated Microsoft Entra ID of the Tenantscope emulator.</small></p></html>`,
  };
}
