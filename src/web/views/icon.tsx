/** Small pictures beside words; never instead of them without a label. */

const paths = {
  plus: 'M10 4v12M4 10h12',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  send: 'M4 10h11M10.5 5l5 5-5 5',
  stop: 'M6 6h8v8H6z',
  down: 'M10 4v11M5.5 10.5 10 15l4.5-4.5',
  tool: 'M12.5 3.5a4 4 0 0 0-3.6 5.7L3.5 14.6l1.9 1.9 5.4-5.4a4 4 0 0 0 5.5-4.6L13.9 9 11 6.1z',
  warning: 'M10 3.5 17.5 16h-15zM10 8.5v3.2M10 13.8v.01',
  book: 'M4 4.5h4.5A1.5 1.5 0 0 1 10 6v10a1.5 1.5 0 0 0-1.5-1.5H4zM16 4.5h-4.5A1.5 1.5 0 0 0 10 6v10a1.5 1.5 0 0 1 1.5-1.5H16z',
  chat: 'M4 4.5h12v8.5H9l-3.5 3v-3H4z',
  chart: 'M3.5 4h5v4h-5zM11.5 12h5v4h-5zM8.5 6h3.5a2 2 0 0 1 2 2v4',
  list: 'M4 5.5h12M4 10h12M4 14.5h12',
  close: 'M5 5l10 10M15 5 5 15',
  microphone: 'M10 3a2 2 0 0 1 2 2v4a2 2 0 0 1-4 0V5a2 2 0 0 1 2-2zM5.5 9a4.5 4.5 0 0 0 9 0M10 13.5V17',
  person: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.5c.7-3 3-4.5 6-4.5s5.3 1.5 6 4.5',
} as const;

export function Icon({ name }: { readonly name: keyof typeof paths }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
