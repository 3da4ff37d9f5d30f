/** One message of the engine's stream while it builds, pulls or imports. */
export interface EngineMessage {
  stream?: string
  status?: string
  id?: string
  error?: string
  errorDetail?: { code?: number; message?: string }
}

const STEP = /^Step (\d+)\/(\d+) : (.*)/
/** The engine names the container that a step runs in, and says when it has taken it away. */
const RUNNING_IN = /^---> Running in ([0-9a-f]{12,64})$/
const REMOVED = /^(?:---> )?Removed intermediate container ([0-9a-f]{12,64})$/
const KEPT_LINES = 25
/** Characters that are kept of one: pip names all versions of a package on one line. */
const KEPT_CHARACTERS = 64 * 1024
/** What the classic builder paints errors with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what terminals are told with
const COLOURS = /\u001b\[[\d;]*m/g

/** Follows the output of a build: which step it is at, and its last lines for when it fails. */
export class BuildOutput {
  readonly #image: string
  #step = ''
  #last = ''
  #lines: string[] = []
  #error: string | null = null
  #code: number | null = null
  #collecting: string | null = null
  #container: string | null = null

  constructor(image: string) {
    this.#image = image
  }

  /** @returns a line for a person when a step begins */
  add(message: EngineMessage): string | null {
    const error = message.errorDetail?.message ?? message.error
    if (error !== undefined) this.#error = error.slice(0, KEPT_CHARACTERS)
    this.#code = message.errorDetail?.code ?? this.#code
    let news: string | null = null
    for (const line of (message.stream ?? '').replaceAll(COLOURS, '').split(/[\r\n]+/)) {
      // What a package's own build prints is indented.
      this.#collecting = /^Collecting ([\w.-]+)/.exec(line)?.[1] ?? this.#collecting
      const text = line.trim().slice(0, KEPT_CHARACTERS)
      if (text === '') continue
      this.#lines.push(text)
      if (this.#lines.length > KEPT_LINES) this.#lines.shift()
      this.#last = text
      this.#container = RUNNING_IN.exec(text)?.[1] ?? (REMOVED.test(text) ? null : this.#container)
      const step = STEP.exec(text)
      if (!step) continue
      const [, number, count, command] = step as unknown as [string, string, string, string]
      this.#step = `step ${number} of ${count}`
      news = `image ${this.#image}: ${this.#step}: ${shorten(command)}`
    }
    return news
  }

  /** Says that it goes on, after `seconds` in all. */
  heartbeat(seconds: number): string {
    const where = this.#step === '' ? 'starting' : this.#step
    return `image ${this.#image}: ${where}, ${Math.round(seconds)} s so far: ${shorten(this.#last)}`
  }

  /** What the engine said when it gave up; null while all is well. */
  get error(): string | null {
    return this.#error
  }

  /** What the command that failed ended with; null where none did. */
  get code(): number | null {
    return this.#code
  }

  /** The package that pip looked at last; null where it looked at none. */
  get collecting(): string | null {
    return this.#collecting
  }

  /** Id of the container that a step runs in; null between two. */
  get container(): string | null {
    return this.#container
  }

  /** The last lines, the error last. */
  get tail(): string {
    return [...this.#lines, ...(this.#error === null ? [] : [this.#error])].join('\n')
  }
}

const shorten = (text: string) => {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}

/** Splits the engine's stream of JSON objects, one a line. */
export async function* messages(stream: AsyncIterable<Buffer>): AsyncGenerator<EngineMessage> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as EngineMessage
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as EngineMessage
}
