import { userError } from '../domain/failure.ts'
import { defaultSettings, SAMPLERS } from '../domain/settings.ts'
import { answer } from './suggest/answer.ts'

export interface SuggestOptions {
  sampler?: string
}

/** Where studies come from, and answers go. */
export interface Pipe {
  input: AsyncIterable<string | Buffer>
  print(line: string): void
}

const standard = (): Pipe => {
  // A reader that has seen enough (`| head`) is no fault.
  process.stdout.once('error', () => process.exit(0))
  if (process.stdin.isTTY) process.stderr.write('Reads studies, one JSON object a line, until Ctrl-D.\n')
  return { input: process.stdin, print: (line) => process.stdout.write(`${line}\n`) }
}

/**
 * Answers each line of the input, a study as JSON, with the values to train next, as soon as the line is there; blank lines
 * are passed over. Nothing is remembered between lines.
 * @returns the exit code at the end of the input: 0 when all lines were answered, 1 when some could not be
 * @throws HoneError `sampler-unknown`
 */
export async function suggest({ sampler }: SuggestOptions, pipe?: Pipe): Promise<number> {
  const preferred = SAMPLERS.find((name) => name === (sampler ?? defaultSettings.sampler))
  if (!preferred) {
    const remedy = `Take one of ${SAMPLERS.join(', ')}.`
    throw userError('sampler-unknown', `There is no sampler \`${sampler}\`.`, remedy)
  }
  const { input, print } = pipe ?? standard()
  let bad = 0
  for await (const text of linesOf(input)) {
    if (text.trim() === '') continue
    const { line, answered } = answer(text, preferred)
    if (!answered) bad++
    print(line)
  }
  return bad === 0 ? 0 : 1
}

/** The lines of a stream, the last one also without its end; characters cut by a chunk are put together. */
async function* linesOf(input: Pipe['input']): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let open = ''
  for await (const chunk of input) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    const lines = text.split('\n')
    lines[0] = open + lines[0]
    open = lines.pop() ?? ''
    yield* lines
  }
  yield open + decoder.decode()
}
