import { StartError } from '../start-error.ts';

/** Something is missing that the chosen provider needs. The message is one line that names the variable. */
export class NlpSettingsError extends StartError {}
