/** Where an answer comes from: the first few in sight, the others folded. */
import type { Source } from '../../state/source.ts';
import { Icon } from '../icon.tsx';

const IN_SIGHT = 3;

export function Sources({ sources }: { readonly sources: readonly Source[] }) {
  const others = sources.slice(IN_SIGHT);
  return (
    <div className="sources" role="group" aria-label={sources.length === 1 ? 'Source' : 'Sources'}>
      <List sources={sources.slice(0, IN_SIGHT)} />
      {others.length > 0 && (
        <details>
          <summary>{others.length} more</summary>
          <List sources={others} />
        </details>
      )}
    </div>
  );
}

function List({ sources }: { readonly sources: readonly Source[] }) {
  return (
    <ul>
      {sources.map(({ name, place, link }) => (
        <li key={`${name} ${place}`}>
          <Icon name="book" />
          {link === null ? (
            <span>{name}</span>
          ) : (
            <a href={link} target="_blank" rel="noopener noreferrer">
              {name}
            </a>
          )}
          {place !== null && place !== name && <code>{place}</code>}
        </li>
      ))}
    </ul>
  );
}
