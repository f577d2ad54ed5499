/**
 * The agent of a doctors' practice, complete: what words mean there, what it can do, how it behaves, and the two ways it leads patients.
 * Run it with `npx node docs/examples/healthcare.ts`. In a program of your own, `../../src/index.ts` is
 * the package: `import { createServer, tool } from 'colloquy'`.
 *
 * The usual answers are canned: with them it needs no model. Practice, people and numbers are made up, and nothing here is medical advice.
 */
import { z } from 'zod';
import {
  createServer,
  type DefinedAgent,
  type DefinedServer,
  END_JOURNEY,
  loadSettings,
  PREAMBLE,
  type ServerOptions,
  tool,
  toolResult,
} from '../../src/index.ts';

/** A server with this agent, ready to be started, or to be embedded (`define()`). */
export function createPractice(options: ServerOptions = {}): DefinedServer {
  const server = createServer({ source: 'healthcare', ...options });
  const agent = server.createAgent({
    id: 'healthcare',
    name: 'Maple Grove Practice',
    description:
      'Answers for the front desk of a doctors’ practice: friendly, brief, and never in place of a doctor.',
  });
  const tools = createTools();
  describeWords(agent);
  describeHelp(server, agent, tools);
  const booking = leadToAppointment(server, agent, tools);
  const results = leadToResults(server, agent, tools);

  agent
    .createObservation({
      condition:
        'The patient mentions a follow-up, and it may be a follow-up appointment or follow-up results',
    })
    .disambiguate([booking, results]);

  // Whatever else is going on: this comes first.
  const emergency = agent.createGuideline({
    condition:
      'The patient describes an emergency: chest pain, trouble breathing, a stroke, heavy bleeding, being unconscious, or fainting',
    action: 'Tell the patient to call 112 now, and not to wait for an appointment',
    criticality: 'high',
    cannedResponses: [
      server.createCannedResponse({
        template:
          'This can be an emergency. Please call 112 now, and do not wait for an appointment with us.',
        signals: ['This is urgent, call the ambulance'],
      }),
    ],
  });
  emergency.prioritizeOver(booking, results);
  return server;
}

/** What the practice's computers know and do. Yours would ask a calendar, a laboratory, a billing system. */
function createTools() {
  const free = [
    'Monday at 9:00 with Dr. Osei',
    'Tuesday at 10:30 with Dr. Osei',
    'Thursday at 16:00 with Dr. Vidal',
  ];
  const appointments = new Map<string, string>();
  // By customer. Who names nobody is the guest, who has some so that there is something to see.
  const results = new Map([
    ['guest', 'Cholesterol 182 mg/dl and blood sugar 88 mg/dl, both in the normal range'],
  ]);
  const accepted: readonly string[] = ['NordHealth', 'Unita', 'CarePlus'];

  const findTimes = tool({
    name: 'find_times',
    description: 'The next free times of our doctors',
    handler: () => toolResult({ data: [...free], cannedResponseFields: { times: [...free] } }),
  });

  const bookAppointment = tool({
    name: 'book_appointment',
    description: 'Books one of the free times for the patient',
    consequential: true, // it is not called before all of it is sure
    parameters: z.object({
      time: z.string().meta({ description: 'One of the free times', significance: 'It is then yours.' }),
      reason: z.string().meta({ description: 'What the visit is about, in the patient’s words' }),
    }),
    choices: { time: () => free },
    handler({ time, reason }, { customerId }) {
      const at = free.indexOf(time);
      if (at < 0) throw new Error(`${time} is no longer free`);
      free.splice(at, 1);
      appointments.set(customerId, time);
      return toolResult({ data: { time, reason }, cannedResponseFields: { booked: time } });
    },
  });

  const nextAppointment = tool({
    name: 'next_appointment',
    description: 'The patient’s next appointment',
    handler: (_, { customerId }) => appointments.get(customerId) ?? 'none',
  });

  const labResults = tool({
    name: 'lab_results',
    description: 'The patient’s latest laboratory results, if they are there',
    handler(_, { customerId }) {
      const found = results.get(customerId) ?? null;
      return toolResult({ data: found ?? 'not there yet', cannedResponseFields: { results: found ?? '' } });
    },
  });

  const checkInsurance = tool({
    name: 'check_insurance',
    description: 'Whether we work with an insurer',
    parameters: z.object({
      insurer: z
        .enum(['NordHealth', 'Unita', 'CarePlus', 'Harbor Mutual', 'another one'])
        .meta({ description: 'The name of the health insurer', significance: 'We look it up for you.' }),
    }),
    handler({ insurer }) {
      const isAccepted = accepted.includes(insurer);
      return toolResult({ data: { insurer, isAccepted }, cannedResponseFields: { insurer, isAccepted } });
    },
  });

  const callStaff = tool({
    name: 'call_staff',
    description: 'Hands the conversation over to the front desk',
    handler: () => toolResult({ data: 'The front desk was called', control: { mode: 'manual' } }),
  });

  return { findTimes, bookAppointment, nextAppointment, labResults, checkInsurance, callStaff };
}

type Tools = ReturnType<typeof createTools>;

/** The glossary: what words mean here, and what else patients call the same. */
function describeWords(agent: DefinedAgent): void {
  agent.createTerm({
    name: 'office hours',
    description: 'Monday to Friday from 8:00 to 18:00, Saturday from 9:00 to 13:00, closed on Sunday',
    synonyms: ['opening hours', 'opening times', 'business hours', 'when you are open'],
  });
  agent.createTerm({
    name: 'appointment',
    description: 'A time with one of our doctors, 20 minutes long',
    synonyms: ['visit', 'consultation', 'checkup', 'check-up', 'slot', 'time with a doctor'],
  });
  agent.createTerm({
    name: 'lab results',
    description: 'What the laboratory has found; ready two working days after the sample was taken',
    synonyms: [
      'test results',
      'blood test',
      'blood work',
      'laboratory report',
      'laboratory',
      'lab',
      'results',
    ],
  });
  agent.createTerm({
    name: 'follow-up',
    description: 'Either a second appointment about the same matter, or results that were still to come',
    synonyms: ['follow up', 'followup'],
  });
  agent.createTerm({
    name: 'referral',
    description: 'A letter of our doctors to a specialist; it is valid for three months',
    synonyms: ['referral letter', 'letter to a specialist'],
  });
  agent.createTerm({
    name: 'insurance',
    // Whoever says one of these names speaks of insurance.
    description:
      'We work with NordHealth, Unita and CarePlus, not with Harbor Mutual; bring the card to every appointment',
    synonyms: ['insurer', 'health plan', 'coverage', 'health insurance', 'insured'],
  });
  agent.createTerm({
    name: 'medicine',
    description: 'Only our doctors prescribe it',
    synonyms: [
      'medication',
      'pill',
      'tablet',
      'painkiller',
      'drug',
      'antibiotics',
      'paracetamol',
      'aspirin',
      'ibuprofen',
      'prescribe',
    ],
  });
  agent.createTerm({
    name: 'diagnosis',
    description: 'What our doctors find after they have examined a patient',
    synonyms: ['illness', 'disease', 'flu', 'cause', 'what I have', 'wrong with me'],
  });
  agent.createTerm({
    name: 'pain',
    description: 'Something hurts; our doctors find out why',
    synonyms: ['hurts', 'hurting', 'ache', 'aching', 'pressure', 'tightness'],
  });
  agent.createTerm({
    name: 'emergency',
    description: 'What cannot wait: the ambulance comes at 112, at any hour',
    synonyms: [
      'ambulance',
      'heart attack',
      'overdose',
      'consciousness',
      'suffocating',
      'choking',
      'seizure',
      'dying',
      'so much blood',
    ],
  });
  agent.createTerm({
    name: 'unconscious',
    description: 'Awake no more, or not answering: an emergency',
    synonyms: ['fainting', 'fainted', 'passed out', 'collapsed', 'will not wake up'],
  });
  agent.createTerm({
    name: 'front desk',
    description: 'The people who look after appointments, bills and letters; their number is 555-0142',
    synonyms: ['reception', 'receptionist', 'nurse', 'staff'],
  });
  agent.createTerm({ name: 'Dr. Osei', description: 'Family doctor, here from Monday to Thursday' });
  agent.createTerm({ name: 'Dr. Vidal', description: 'Children’s doctor, here on Thursday and Friday' });
}

/** What it answers and does outside of journeys. */
function describeHelp(
  server: DefinedServer,
  agent: DefinedAgent,
  { nextAppointment, checkInsurance, callStaff }: Tools,
): void {
  agent.createVariable({
    name: 'next appointment',
    description: 'Of the patient who is talking',
    tool: nextAppointment, // asked every time: it has no freshness rules
  });
  agent.createCapability({
    title: 'Book appointments',
    description: 'Find a free time with one of our doctors and book it',
    signals: ['I need to see a doctor', 'Do you have a time for me?'],
  });
  agent.createCapability({
    title: 'Tell lab results',
    description: 'Look up the latest results of the laboratory',
    signals: ['Did the laboratory send my results?'],
  });

  agent.createGuideline({
    condition: 'The patient asks about office hours, or when the practice is open or closed',
    action: 'Tell the office hours',
    cannedResponses: [
      server.createCannedResponse({
        template: 'Our office hours are Monday to Friday from 8:00 to 18:00 and Saturday from 9:00 to 13:00.',
        signals: ['We are open on weekdays and on Saturday morning', 'We are closed on Sunday'],
      }),
    ],
  });
  agent.createGuideline({
    condition: 'The patient asks about insurance, or names an insurer',
    action: 'Find out the insurer, look it up, and say whether we work with it',
    tools: [checkInsurance],
    cannedResponses: [
      server.createCannedResponse({
        template:
          '{% if isAccepted %}Yes, we work with {{insurer}}. Please bring your card.' +
          '{% else %}Sorry, we do not work with {{insurer}}. You can pay yourself, and we write you a bill.{% endif %}',
        signals: ['We accept your insurance', 'We do not accept your insurance'],
      }),
      server.createCannedResponse({
        template: 'Which insurance do you have? We work with NordHealth, Unita and CarePlus.',
        signals: ['Which insurer is it?'],
      }),
    ],
  });
  agent.createGuideline({
    condition:
      'The patient asks for a diagnosis, what is wrong with them, or what causes something, or which medicine to take, or for a prescription',
    action: 'Say that only a doctor can tell, and offer an appointment',
    criticality: 'high',
    cannedResponses: [
      server.createCannedResponse({
        template: 'I cannot judge that; one of our doctors can. Shall I find you an appointment?',
        signals: ['I am not a doctor', 'I cannot recommend a medicine'],
      }),
    ],
  });
  agent.createGuideline({
    condition: 'The patient wants to talk to a person, or to the front desk',
    action: 'Say that somebody from the front desk takes over',
    tools: [callStaff],
    cannedResponses: [
      server.createCannedResponse({
        template: 'I have called the front desk. Somebody will answer you here.',
      }),
    ],
  });
  agent.createCannedResponse({ template: 'One moment, please.', tags: [PREAMBLE] });
}

/** From "I need a doctor" to a confirmed time. */
function leadToAppointment(
  server: DefinedServer,
  agent: DefinedAgent,
  { findTimes, bookAppointment }: Tools,
) {
  const say = (template: string) => [server.createCannedResponse({ template })];
  const journey = agent.createJourney({
    title: 'Book an appointment',
    description: 'Finds a free time with one of our doctors and books it.',
    conditions: [
      'The patient wants to book an appointment',
      'The patient wants to see a doctor',
      'The patient asks for a free appointment',
    ],
  });

  const reason = journey.initialState.transitionTo({
    chatState: 'Ask what the visit is about',
    cannedResponses: say('Gladly. What is the visit about?'),
  });
  const times = reason.target.transitionTo({ toolState: findTimes });
  const offer = times.target.transitionTo({
    chatState: 'Tell the free times and ask which one suits',
    cannedResponses: say('These times are free: {{times|join(", ")}}. Which one suits you?'),
  });
  const book = offer.target.transitionTo({
    condition: 'The patient has chosen one of the times',
    toolState: bookAppointment,
    toolInstruction: 'Book the time that the patient has chosen',
  });
  const confirm = book.target.transitionTo({
    chatState: 'Say that the appointment is booked, and to bring the insurance card',
    cannedResponses: say('You are booked: {{booked}}. Please bring your insurance card.'),
  });
  confirm.target.transitionTo({ state: END_JOURNEY });
  const none = offer.target.transitionTo({
    condition: 'None of the times suits the patient',
    chatState: 'Say how to reach the front desk, which may know of more times',
    cannedResponses: say('Then please call the front desk at 555-0142: it often knows of more times.'),
  });
  none.target.transitionTo({ state: END_JOURNEY });

  journey.createGuideline({
    condition: 'The patient asks what to bring along, which documents are needed, or how to prepare',
    action: 'Name the insurance card and a list of medicines',
    cannedResponses: say('Please bring your insurance card and a list of the medicines you take.'),
  });
  return journey;
}

/** From "are my results there?" to what they are. */
function leadToResults(server: DefinedServer, agent: DefinedAgent, { labResults }: Tools) {
  const say = (template: string) => [server.createCannedResponse({ template })];
  const journey = agent.createJourney({
    title: 'Get lab results',
    description: 'Tells the patient what the laboratory has found.',
    conditions: ['The patient asks for lab results, or whether they are there'],
  });

  const look = journey.initialState.transitionTo({ toolState: labResults });
  const tell = look.target.transitionTo({
    condition: 'There are results',
    chatState: 'Tell the results, and ask whether the patient wants to talk about them with a doctor',
    cannedResponses: say('Your results: {{results}}. Do you want to talk about them with a doctor?'),
  });
  tell.target.transitionTo({ state: END_JOURNEY });
  const wait = look.target.transitionTo({
    condition: 'There are no results yet',
    chatState: 'Say that the results are not there yet, and when they will be',
    cannedResponses: say('Your results are not there yet. They come two working days after the sample.'),
  });
  wait.target.transitionTo({ state: END_JOURNEY });
  return journey;
}

if (import.meta.main) {
  const server = createPractice({ settings: loadSettings(process.env) });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.stop());
  const url = await server.start();
  console.log(`The practice listens on ${url}, and waits for a question:`);
  console.log(
    `curl -s ${url}/api/chat -H 'content-type: application/json' -d '{"message":"When are you open?"}'`,
  );
}
