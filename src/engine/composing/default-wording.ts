/** What is said where nobody has written anything else. */

/** Where nothing that may be said fits. */
export const defaultNoMatch = 'I am not sure I understood that. Could you put it in other words?';

/** How words sound that bridge the time, in an agent's first message … */
export const firstPreambles: readonly string[] = [
  'Hello!',
  'Hi, thanks for getting in touch.',
  'Hello, let me look into that.',
  'Hi there, one moment please.',
];

/** … and in later ones. */
export const laterPreambles: readonly string[] = [
  'One moment please.',
  'Let me check.',
  'I see.',
  'Thanks, noted.',
  'Good question.',
  'Sorry to hear that.',
  'I will look into it.',
];
