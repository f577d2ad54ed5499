/** A bug in a view ends here, not in an empty page. What was said is on the server. */
import { Component, type ReactNode } from 'react';

type MishapProps = { readonly children: ReactNode };

export class Mishap extends Component<MishapProps, { readonly happened: boolean }> {
  override state = { happened: false };

  static getDerivedStateFromError() {
    return { happened: true };
  }

  override render() {
    if (!this.state.happened) return this.props.children;
    return (
      <main className="empty" role="alert">
        <h1>Something went wrong on this page</h1>
        <p>Everything that was said is kept. Loading the page again brings it back.</p>
        <button type="button" className="button primary" onClick={() => location.reload()}>
          Load again
        </button>
      </main>
    );
  }
}
