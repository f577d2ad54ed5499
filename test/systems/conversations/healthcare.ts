/** What patients say to docs/examples/healthcare.ts. */
import type { ExpectedCall, ExpectedTurn, ToldConversation } from './conversation.ts';

const hours = 'Our office hours are Monday to Friday from 8:00 to 18:00 and Saturday from 9:00 to 13:00.';
const emergency =
  'This can be an emergency. Please call 112 now, and do not wait for an appointment with us.';
const noDiagnosis = 'I cannot judge that; one of our doctors can. Shall I find you an appointment?';
const aboutWhat = 'Gladly. What is the visit about?';
const times =
  'These times are free: Monday at 9:00 with Dr. Osei, Tuesday at 10:30 with Dr. Osei, Thursday at 16:00 with Dr. Vidal. Which one suits you?';
const results =
  'Your results: Cholesterol 182 mg/dl and blood sugar 88 mg/dl, both in the normal range. Do you want to talk about them with a doctor?';

const findTimes: ExpectedCall = { tool: 'find_times', args: {} };
const lookUpResults: ExpectedCall = { tool: 'lab_results', args: {} };

function accepted(insurer: string): Pick<ExpectedTurn, 'answer' | 'calls'> {
  return {
    answer: `Yes, we work with ${insurer}. Please bring your card.`,
    calls: [{ tool: 'check_insurance', args: { insurer } }],
  };
}

/** What is promised, told or done somewhere else: it has no place in an answer that knows nothing. */
const anythingOfUs = /office hours are|free:|results:|we work with|booked|\b112\b/i;

const questions: ToldConversation = {
  title: 'a patient who only asks',
  turns: [
    {
      turn: 'says hello',
      says: ['Hi', 'Good morning!', 'hello, is anyone there?', 'hey there', 'Hello :) how are you today?'],
      answer: /how can I help you\?$/i,
      never: anythingOfUs,
    },
    {
      turn: 'asks for the office hours',
      says: [
        'When are you open?',
        'Could you please tell me your opening hours?',
        'what time do u close today',
        'I only get off work at five. Will you still be open then?',
        'opening times??',
      ],
      answer: hours,
    },
    {
      turn: 'asks about Saturdays',
      says: [
        'And on Saturdays?',
        'what about saturday',
        'do you open on the weekend too?',
        'I can only come on a Saturday. Are you there then?',
        'saturday aswell?',
      ],
      answer: hours,
    },
    {
      turn: 'names an insurer that is accepted',
      says: [
        'Do you take NordHealth?',
        "I'm insured with NordHealth, is that okay?",
        'is nordhealth accepted at your place',
        'My health plan is NordHealth - do you work with them?',
        'Hi again, quick question: do you accept the NordHealth insurance at all?',
      ],
      ...accepted('NordHealth'),
    },
    {
      turn: 'names one that is not',
      says: [
        'And Harbor Mutual?',
        'My wife has Harbor Mutual. Is she covered too?',
        'what about harbor mutual',
        'Do you also accept patients with Harbor Mutual?',
        'my husband is with harbor mutual tho, does that work',
      ],
      answer: 'Sorry, we do not work with Harbor Mutual. You can pay yourself, and we write you a bill.',
      calls: [{ tool: 'check_insurance', args: { insurer: 'Harbor Mutual' } }],
    },
    {
      turn: 'asks which ones there are',
      says: [
        'Which insurances do you accept?',
        'what health insurance companies do you work with',
        'Could you tell me which insurers you take?',
        'so which insurers are ok then',
        'Is there a list of the health plans you accept?',
      ],
      answer: /We work with NordHealth, Unita and CarePlus\./,
      never: /Harbor/,
    },
    {
      turn: 'asks about something the agent does not know',
      says: [
        'What will the weather be like tomorrow?',
        'can you recommend a good pizza place',
        'Who won the football match last night?',
        'Write me a poem about the sea, please.',
        'how do i change a tyre',
      ],
      answer: /^I'm sorry, I (?:don't )?have (?:an|no) answer to th(?:at|is)/,
      never: anythingOfUs,
    },
    {
      turn: 'says thank you',
      says: [
        'Thanks!',
        'ok thank you very much',
        'Great, thanks a lot for your help',
        'thx',
        'Perfect. Thank you, that was very kind!',
      ],
      answer: /welcome/i,
      never: anythingOfUs,
    },
  ],
};

const booking: ToldConversation = {
  title: 'a patient who books an appointment, and almost does not',
  isAlone: true,
  turns: [
    {
      turn: 'wants an appointment',
      says: [
        "I'd like to book an appointment",
        'I need to see a doctor',
        'can i get an appointment this week pls',
        'Hello! Would it be possible to schedule a check-up?',
        'Do you have any free appointments?',
      ],
      answer: aboutWhat,
      step: 'Ask what the visit is about',
    },
    {
      turn: 'tells what it is about, and is offered times',
      says: [
        "I've had a cough for two weeks",
        'my back hurts',
        "It's about my knee, it gets worse when I take the stairs.",
        'headaches, almost every day',
        'Just a routine check of my blood pressure',
      ],
      answer: times,
      calls: [findTimes],
      step: 'Tell the free times and ask which one suits',
    },
    {
      turn: 'asks what to bring, before choosing',
      says: [
        'What should I bring?',
        'do i need to bring anything',
        'Is there anything I have to prepare?',
        'Before I decide: which documents do I have to bring along?',
        'ok and how do I prepare for it?',
      ],
      answer: [/Please bring your insurance card and a list of the medicines you take\./],
      never: /You are booked|office hours/,
      step: 'Tell the free times and ask which one suits',
    },
    {
      turn: 'likes none of the times',
      says: [
        'None of these times works for me',
        "Hm, I can't make any of those, sorry.",
        'nope, all of them are bad for me',
        'Unfortunately none of them suits me',
        "those don't work",
      ],
      answer: 'Then please call the front desk at 555-0142: it often knows of more times.',
      step: 'Say how to reach the front desk, which may know of more times',
    },
    {
      turn: 'changes their mind and takes one',
      says: [
        'Oh wait, Tuesday does work after all',
        "Actually I can make it on Tuesday, I'll take that one",
        'sorry, changed my mind. the tuesday one please',
        'Hm, then book me in for Tuesday at 10:30.',
        'ok tuesday then',
      ],
      answer: 'You are booked: Tuesday at 10:30 with Dr. Osei. Please bring your insurance card.',
      calls: [
        {
          tool: 'book_appointment',
          args: {
            time: 'Tuesday at 10:30 with Dr. Osei',
            reason: /cough|back|knee|headache|blood pressure/,
          },
        },
      ],
      step: 'Say that the appointment is booked, and to bring the insurance card',
    },
    {
      turn: 'asks for lab results',
      says: [
        'Are my lab results in yet?',
        'have my blood test results arrived',
        'By the way, I gave blood last week. Are there any test results?',
        'test results pls',
        'Could you also check whether the lab has sent my results?',
      ],
      answer: results,
      calls: [lookUpResults],
      step: 'Tell the results, and ask whether the patient wants to talk about them with a doctor',
    },
  ],
};

const unclear: ToldConversation = {
  title: 'a patient who is not clear, and then in danger',
  turns: [
    {
      turn: 'mentions a follow-up, and is asked which',
      says: [
        'I have a question about my follow-up',
        'what about my follow up',
        "Hello, I'm here because of the follow-up.",
        'followup?',
        'Dr. Osei said something about a follow-up to me last week',
      ],
      answer: [/appointment/i, /results/i, /\?$/],
      never: /free:|Cholesterol|booked/,
    },
    {
      turn: 'means an appointment',
      says: [
        'The appointment',
        'a follow-up appointment, please',
        'I mean that I want to see the doctor again',
        'the first one',
        'Oh, I want to book a second appointment.',
      ],
      answer: aboutWhat,
      step: 'Ask what the visit is about',
    },
    {
      turn: 'has an emergency while booking',
      says: [
        'I have chest pain right now',
        'sorry, my father just collapsed, he is unconscious',
        "I can't breathe properly",
        'Oh no, there is blood everywhere, he is bleeding heavily and it will not stop!',
        'my chest hurts so much all of a sudden',
      ],
      answer: emergency,
    },
    {
      turn: 'wants a diagnosis, or a medicine',
      says: [
        'What medicine should I take for a headache?',
        'which pills are best against a sore throat',
        'Could you give me a diagnosis?',
        "can you tell me what's wrong with me",
        'It is better now. But is there any painkiller I could take?',
      ],
      answer: noDiagnosis,
    },
    {
      turn: 'does not want an appointment',
      says: ['No, thank you.', 'nah', "no that's not necessary", 'Not now, thanks', 'no thanks, maybe later'],
      answer: /^(?:All right|You're welcome)/,
      never: anythingOfUs,
    },
    {
      turn: 'mentions the follow-up again, and is asked again',
      says: [
        'So what about my follow-up?',
        'and the follow up now',
        'I still have a question about the follow-up, please.',
        'What happens with my follow-up?',
        'ok back to the followup',
      ],
      answer: [/appointment/i, /results/i, /\?$/],
      never: /free:|Cholesterol|booked/,
    },
    {
      turn: 'means results',
      says: [
        'The results',
        'my lab results of course',
        'I was waiting for my blood test',
        'the second one',
        "I'd like to know whether my results are there",
      ],
      answer: results,
      calls: [lookUpResults],
      step: 'Tell the results, and ask whether the patient wants to talk about them with a doctor',
    },
    {
      turn: 'wants a person',
      says: [
        'I want to talk to a person',
        'can i speak with a human pls',
        'Could you put me through to the front desk?',
        "No. I'd rather talk to somebody real, please.",
        'get me someone from your staff',
      ],
      answer: 'I have called the front desk. Somebody will answer you here.',
      calls: [{ tool: 'call_staff', args: {} }],
    },
    {
      turn: 'is left to that person',
      says: ['Hello?', 'When are you open?', 'thanks', 'are you there', 'I need an appointment'],
      answer: null,
    },
  ],
};

export const healthcare = [questions, booking, unclear];
