/** With `AUTH=jwt` the server wants a token. It is kept for this tab alone, and sent to this server alone. */
import type { FormEvent } from 'react';
import { textIn } from './text-in.ts';
import { usePage, usePageState } from './use-page.ts';

export function SignIn() {
  const page = usePage();
  const wasGiven = usePageState((state) => state.identity.as === 'bearer');
  const signIn = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = textIn(event.currentTarget, 'token');
    if (token !== '') page.identify({ as: 'bearer', token });
  };
  return (
    <main className="sign-in">
      <form onSubmit={signIn}>
        <h1>Sign in</h1>
        <p>This server asks who you are. Paste the token that you were given.</p>
        {wasGiven && <p role="alert">The token was not accepted. It may have ended.</p>}
        <div className="field">
          <label htmlFor="token">Token</label>
          <input id="token" name="token" type="password" autoComplete="off" required />
        </div>
        <button type="submit" className="button primary">
          Sign in
        </button>
      </form>
    </main>
  );
}
