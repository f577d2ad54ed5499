import { describe, expect, it } from 'vitest';
import { readAction } from '../../../src/nlp/offline/actions/read-action.ts';

const told = (text: string) => [{ kind: 'tell', text }];

describe('an action', () => {
  it.each([
    ['Say ahoy', told('ahoy')],
    ['Say it was a pleasure', told('it was a pleasure')],
    ['Say that we are closed', told('we are closed')],
    ['Introduce yourself as Max', told('I am Max')],
    ['Refuse to sell alcohol', told('I cannot sell alcohol')],
    ['Say the price', [{ kind: 'show', text: 'the price', isNamed: false }]],
    ['Say why it is late', [{ kind: 'show', text: 'why it is late', isNamed: false }]],
    ['Say hello', [{ kind: 'courtesy', courtesy: 'greet', text: '' }]],
    ['Say no more', [{ kind: 'do', text: 'Say no more' }]],
    ['Introduce yourself', [{ kind: 'manner', text: 'Introduce yourself' }]],
    ['Transfer to the desk', [{ kind: 'request', text: 'contact the desk', isReminder: false }]],
    [
      'Escalate the conversation to a person',
      [{ kind: 'request', text: 'contact a person', isReminder: false }],
    ],
    ['Send to the printer', [{ kind: 'show', text: 'the printer', isNamed: false }]],
  ])('%s', (text, parts) => {
    expect(readAction(text).parts).toEqual(parts);
  });
});
