/** Why the last command had no effect. */
import { Icon } from './icon.tsx';
import { usePage, usePageState } from './use-page.ts';

export function Complaint() {
  const page = usePage();
  const complaint = usePageState((state) => state.complaint);
  return (
    <div className="complaint" role="alert">
      {complaint !== null && (
        <>
          <p>{complaint}</p>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={page.dismiss}>
            <Icon name="close" />
          </button>
        </>
      )}
    </div>
  );
}
