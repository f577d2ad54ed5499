/** What an action wants to know, as a question that somebody would ask. */
import { expect, it } from 'vitest';
import { toQuestion } from '../../../src/nlp/offline/actions/question.ts';

it.each([
  ['what kind of study the paper reports', 'What kind of study does the paper report?'],
  ['what it costs', 'What does it cost?'],
  ['where the road goes', 'Where does the road go?'],
  ['which colour the car has', 'Which colour does the car have?'],
  ['when the parcel has arrived', 'When has the parcel arrived?'],
  ['when the parcel will arrive', 'When will the parcel arrive?'],
  ['how long the trip was delayed', 'How long was the trip delayed?'],
  ['what the address is', 'What is the address?'],
  ['what size they want', 'What size do you want?'],
  ['which plan covers the trip', 'Which plan covers the trip?'],
  ['what happens to the parcel', 'What happens to the parcel?'],
  ['who sold the car', 'Who sold the car?'],
])('%s', (wanted, question) => {
  expect(toQuestion(wanted)).toBe(question);
});
