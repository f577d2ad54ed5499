/** What keeps the program from doing what it was started for, and its user can put right. The message is one line. */
export abstract class StartError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}
