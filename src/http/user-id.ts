/** How customers and organisations may be called: by no more than 200 characters, none of them invisible. */
const userId = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

export function isUserId(name: unknown): name is string {
  return typeof name === 'string' && userId.test(name);
}
