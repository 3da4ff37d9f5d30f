import { createInterface, type Interface } from 'node:readline/promises'

interface Terminal {
  input?: NodeJS.ReadableStream
  output?: NodeJS.WritableStream
}

/** What a person types as an answer, in one line; empty where they close the input or interrupt (Ctrl-D, Ctrl-C). */
export async function ask(
  question: string,
  { input = process.stdin, output = process.stderr }: Terminal = {},
): Promise<string> {
  const terminal = createInterface({ input, output })
  try {
    const answer = await Promise.race([terminal.question(question).catch(left), closed(terminal)])
    // What comes next begins a line of its own.
    if (answer === null) output.write('\n')
    return answer ?? ''
  } finally {
    terminal.close()
  }
}

function left(error: unknown): null {
  if ((error as Error).name !== 'AbortError') throw error
  return null
}

const closed = (terminal: Interface) =>
  new Promise<null>((resolve) => terminal.once('close', () => resolve(null)))
