/**
 * Words of English that anybody uses about anything. What belongs to a trade never stands here: it comes with the data of an agent.
 */

/** The words of a text, line ends or spaces between them. */
export function list(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Words that only hold a sentence together. */
export const functionWords: ReadonlySet<string> = new Set(
  list(`
    a an the this that these those some any each every either neither both all such no not none nor never
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself
    it its itself they them their theirs themselves one ones someone somebody anyone anybody everyone everybody nobody
    nothing something anything everything who whom whose which what when where why how whether
    am is are was were be been being do does did doing done have has had having can could will would shall should may might must ought
    about above across after against along among around as at before behind below beneath beside besides between beyond but by
    despite down during except for from in inside into like near of off on onto out outside over past per since than through
    throughout till to toward towards under underneath until unto up upon via with within without
    and or if because so though although while whereas unless then else also too only just even still yet already again very
    really quite rather pretty maybe perhaps possibly probably please kindly thanks thank thx well ok okay oh ah hm hmm um uh
    hi hello hey hiya greetings dear sir madam yes yeah yep yup nope nah indeed there here now currently
    etc ie eg vs mr mrs ms sorry actually basically simply maybe anyway however therefore once ever
    s t m d re ve ll let lets
  `),
);

/** Words with a meaning so wide that they tell little of what a sentence is about. */
export const plainWords: ReadonlySet<string> = new Set(
  list(`
    want wants wanted wanting need needs needed needing wish wishes like likes liked get gets getting got make makes making made
    go goes going went know knows knowing known tell tells telling told help helps helping helped give gives giving gave
    given take takes taking took taken use uses using used see sees seeing seen say says saying said ask asks asking asked
    think thinks thinking thought feel feels feeling felt try tries trying tried work works working worked put come comes
    coming came keep find finds finding found look looks looking looked seem seems mean means show shows showing happen happens
    let wonder wondering wants thing things way ways something anything stuff sort kind kinds type types lot lots bit info
    information detail details question questions answer answers matter matters case cases example examples
    new old good great nice fine more most other others another same different able possible sure certain own next last
    first second many much few little several regarding concerning related relating relevant involving specific
    time times today please right proper option options alternative alternatives possibility possibilities choice choices
  `),
);

/** Their first letters do not tell what they belong to: forms of words that have no stem in common with them. */
export const irregularForms: ReadonlyMap<string, string> = new Map(
  `paid pay, bought buy, lost lose, broke break, broken break, sent send, chose choose, chosen choose, forgot forget, forgotten forget,
   left leave, spoke speak, spoken speak, kept keep, met meet, wrote write, written write, began begin,
   begun begin, brought bring, taught teach, held hold, heard hear, sold sell, stood stand, understood understand,
   won win, wore wear, worn wear, drove drive, driven drive, ate eat, eaten eat, drank drink, grew grow,
   grown grow, hid hide, hidden hide, ran run, sang sing, slept sleep, swam swim, threw throw, thrown throw,
   became become, built build, caught catch, cost cost, fell fall, fallen fall, fought fight,
   got get, led lead, lent lend, rose rise, risen rise, sat sit, shook shake, shut shut, sought seek, stuck stick,
   woke wake, children child, people person, men man, women woman, feet foot, teeth tooth, lives life, better good, best good,
   worse bad, worst bad, said say, told tell, thought think, felt feel, gave give, given give,
   took take, taken take, made make, knew know, known know, saw see, seen see, came come, went go, found find, did do, done do`
    .split(',')
    .map((pair) => pair.trim().split(' '))
    .map(([form = '', word = '']) => [form, word] as const),
);

/** What is written together, and what it stands for. */
export const contractions: ReadonlyMap<string, readonly string[]> = new Map(
  `cannot can not, cant can not, wont will not, dont do not, doesnt does not, didnt did not, isnt is not, arent are not,
   wasnt was not, werent were not, havent have not, hasnt has not, hadnt had not, couldnt could not, wouldnt would not,
   shouldnt should not, mustnt must not, aint is not, im i am, ive i have, youre you are, theyre they are, weve we have, whats what is,
   thats that is, theres there is, wheres where is, whens when is, whos who is, hows how is, gonna going to, wanna want to,
   gotta have to, gimme give me, lemme let me, lets let us, tmrw tomorrow, tmr tomorrow, tomorow tomorrow, tommorow tomorrow, tommorrow tomorrow,
   pls please, plz please, thru through, u you, ur your, r are`
    .split(',')
    .map((line) => line.trim().split(' '))
    .map(([form = '', ...words]) => [form, words] as const),
);
