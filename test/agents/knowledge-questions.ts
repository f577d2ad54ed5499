/**
 * What the two example agents must answer, as data. The retriever was built against these; `expect` names the file, or the file
 * and section, that the answer must come from. `null`: an honest "I don't know".
 */
export type QuestionCase = {
  readonly agent: 'research_paper' | 'medical_welfare';
  /** What the customer said before, oldest first. */
  readonly before?: readonly string[];
  readonly ask: string;
  /** `file`, `file#Section`, or several of which any will do. */
  readonly expect: string | readonly string[] | null;
};

const research = (ask: string, expect: QuestionCase['expect'], ...before: string[]): QuestionCase => ({
  agent: 'research_paper',
  ask,
  expect,
  before,
});
const welfare = (ask: string, expect: QuestionCase['expect'], ...before: string[]): QuestionCase => ({
  agent: 'medical_welfare',
  ask,
  expect,
  before,
});

/** Questions that name their topic. */
export const directQuestions: readonly QuestionCase[] = [
  research('Tell me about CKD stage 3', 'ckd-stage-3'),
  research('What is chronic kidney disease?', 'chronic-kidney-disease'),
  research('What are the symptoms of CKD stage 3?', 'ckd-stage-3#Symptoms'),
  research('What are the stages of CKD?', 'ckd-stages'),
  research('How is stage 3 diagnosed?', 'ckd-stage-3#Diagnosis'),
  research('What causes anaemia in kidney disease?', 'anaemia#Causes'),
  research('How does peritoneal dialysis work?', 'dialysis#Peritoneal dialysis'),
  research('Who is suitable for a kidney transplant?', 'kidney-transplant#Who is suitable'),
  research('What is a normal eGFR?', 'egfr#Normal values'),
  research('What is the treatment for high blood pressure?', 'blood-pressure#Treatment'),
  research('What do I eat in stage three?', 'ckd-stage-3#Diet'),
  research('How do I read a forest plot?', 'systematic-reviews#Reading a forest plot'),
  research('what is randomisation and blinding', 'clinical-trials#Randomisation and blinding'),
  welfare('How do I apply for home care?', 'home-care#How to apply'),
  welfare('Who is eligible for carers’ leave?', 'carers-leave#Who is eligible'),
  welfare('What does patient transport cost?', 'patient-transport#Costs'),
  welfare('How long does a disability certificate take?', 'disability-certificate#How long it takes'),
  welfare('How do I appeal?', 'appeals#How to appeal'),
  welfare('Tell me about dialysis cost support', 'dialysis-support'),
  welfare('How much is the sick pay?', 'sick-pay#How much you get'),
];

/** Questions in a stranger's words: typing errors, everyday language, hardly or no word of the title. */
export const paraphrasedQuestions: readonly QuestionCase[] = [
  research('My legs are swollen and my pee is foamy', ['albuminuria', 'diabetes#Symptoms', 'ckd-stage-3#Symptoms']),
  research('Can I eat bananas?', 'kidney-diet#Potassium'),
  research('Why am I so exhausted and pale?', 'anaemia#Symptoms'),
  research('Will the needles hurt?', 'dialysis#Side effects'),
  research('Can my brother give me one of his organs?', 'kidney-transplant#Donors'),
  research('Is coffee allowed?', 'kidney-diet#Drinks'),
  research('What does the p-value tell me?', 'reading-a-paper#Reading the numbers'),
  research('why do volunteers not know which pill they take', 'clinical-trials#Randomisation and blinding'),
  research('renal failure at the very end', 'ckd-advanced-stages'),
  research('What is dyalisis?', 'dialysis'),
  research('my ibuprofen', 'ckd-stage-3#Treatment'),
  welfare('I cannot afford my hospital bill', 'help-with-costs'),
  welfare('Somebody should help my mother wash and dress in the morning', 'home-care'),
  welfare('I need a lift to chemotherapy', 'patient-transport'),
  welfare('The office said no. What can I do?', 'appeals'),
  welfare('I feel sad and afraid and want to speak with someone', 'counselling'),
  welfare('Can my boss see my diagnosis?', 'privacy'),
  welfare('Who pays for a wheelchair ramp?', 'medical-aids'),
  welfare('My father had a stroke, how does he get strong again?', 'rehabilitation'),
  welfare('Can I stop working for a while to nurse my dying wife?', 'carers-leave'),
];

/** Questions that only the conversation before them explains. */
export const followUpQuestions: readonly QuestionCase[] = [
  research('What are the symptoms?', 'ckd-stage-3#Symptoms', 'Tell me about CKD stage 3'),
  research('How is it treated?', 'ckd-stage-3#Treatment', 'Tell me about CKD stage 3', 'What are the symptoms?'),
  research('and the causes?', 'anaemia#Causes', 'What is renal anaemia?'),
  research('What about stage 4?', 'ckd-advanced-stages', 'Tell me about CKD stage 3'),
  research('and stage 5?', 'ckd-advanced-stages#Symptoms', 'What are the symptoms of stage 3?'),
  research('Is it dangerous?', ['blood-pressure', 'ckd-stage-3#Outlook'], 'Tell me about CKD stage 3'),
  research('Does it hurt?', 'dialysis#Side effects', 'Explain haemodialysis to me'),
  research('how long does the operation last', 'kidney-transplant#The operation', 'I might get a transplant'),
  research('tell me more', 'egfr#Normal values', 'What is the eGFR?'),
  research('What should I eat then?', 'ckd-stage-3#Diet', 'My doctor says I have CKD stage 3b'),
  welfare('Who can get it?', 'home-care#Who is eligible', 'What is home care?'),
  welfare('How do I apply?', 'rehabilitation#How to apply', 'Tell me about rehab'),
  welfare('And what does it cost?', 'home-care#Costs', 'What is home care?', 'Who can get it?'),
  welfare('which documents do I need', 'help-with-costs#Documents needed', 'I need help with medical bills'),
  welfare('how long?', 'carers-leave#How long it lasts', 'What is carers leave?'),
];

/** Another topic, and back again. */
export const returningQuestions: readonly QuestionCase[] = [
  research(
    'and back to the kidney one: how is it treated?',
    'ckd-stage-3#Treatment',
    'Tell me about CKD stage 3',
    'How are clinical trials designed?',
  ),
  research(
    'Back to the trials please: what about consent?',
    'clinical-trials#Ethics and consent',
    'How are clinical trials designed?',
    'What is dialysis?',
  ),
  research(
    'What are its side effects?',
    'dialysis#Side effects',
    'Tell me about CKD stage 3',
    'What are the symptoms?',
    'And what is dialysis?',
  ),
  research(
    'Let us go back to the first topic. What is the outlook?',
    'ckd-stage-3#Outlook',
    'Tell me about CKD stage 3',
    'How do I read a research paper?',
    'What are the warning signs?',
  ),
  research('How are they diagnosed?', 'anaemia#Diagnosis', 'What is an eGFR?', 'Now tell me about anaemia'),
  research(
    'What is the diet?',
    'ckd-early-stages#Diet',
    'Tell me about CKD stage 3',
    'Sorry, I meant CKD stage 1',
  ),
  welfare(
    'And back to the wheelchair: who is eligible?',
    'medical-aids#Who is eligible',
    'Do you pay for a wheelchair?',
    'How do I appeal?',
  ),
  welfare(
    'And how do I apply for the first one?',
    'home-care#How to apply',
    'What is home care?',
    'What is patient transport?',
  ),
  welfare('who is eligible', 'sick-pay#Who is eligible', 'Tell me about rehabilitation', 'What is sick pay?'),
  welfare(
    'Returning to the taxi rides, can somebody come with me?',
    'patient-transport#Companions',
    'Can I get a taxi to treatment?',
    'Who sees my data?',
    'How long is it kept?',
  ),
];

/** Nothing in the folder answers these. */
export const offTopicQuestions: readonly QuestionCase[] = [
  research('What is the best stage for a rock concert?', null),
  research('Who won the world cup?', null),
  research('What is the capital of France?', null),
  research('Write me a poem about autumn leaves', null),
  research('How do I bake kidney beans with bacon?', null),
  research('What is the best paper for my laser printer?', null),
  research('Which trial lawyer should I hire after a car accident?', null),
  research('How high is the mountain Everest?', null),
  research('What are the symptoms of measles?', null, 'Tell me about CKD stage 3'),
  research('How do I transplant tomato seedlings?', null),
  research('What is the weather tomorrow?', null, 'What is dialysis?'),
  welfare('How do I apply for a pilot licence?', null),
  welfare('How do I appeal to a younger audience on social media?', null),
  welfare('Which train goes to Berlin?', null),
  welfare('How do I care for my leather sofa?', null),
  welfare('Can you recommend a good film?', null),
  welfare('What is the cost of a new phone?', null),
  welfare('Who is eligible to vote in the election?', null, 'What is home care?'),
  welfare('How do I reset my router password?', null),
  welfare('What is the square root of 144?', null),
  welfare('meals for my cat', null),
  welfare('Tell me about quantum physics', null, 'What is sick pay?', 'How long?'),
];
