/** The tools that were called, folded: what they were told and what they answered is for who asks. */
import type { ToolCall, ToolsItem } from '../../state/chat-item.ts';
import { Icon } from '../icon.tsx';

export function ToolCalls({ item: { calls } }: { readonly item: ToolsItem }) {
  return (
    <details className="tools">
      <summary>
        <Icon name="tool" /> {titleOf(calls)}
      </summary>
      {calls.map((call, index) => (
        <dl key={index}>
          <dt>{call.name}</dt>
          <dd>
            <pre tabIndex={0}>{JSON.stringify(call.arguments, null, 2)}</pre>
          </dd>
          <dt>Answer</dt>
          <dd>
            <pre tabIndex={0}>{JSON.stringify(call.result, null, 2)}</pre>
          </dd>
        </dl>
      ))}
    </details>
  );
}

/** Tool ids are `<service>:<tool>`. */
function titleOf(calls: readonly ToolCall[]): string {
  const names = [...new Set(calls.map(({ name }) => name.split(':').at(-1)))].join(', ');
  return calls.length === 1 ? `Called ${names}` : `Called ${calls.length} tools: ${names}`;
}
