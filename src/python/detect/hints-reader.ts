import { commandsIn, expand, type Started, startedBy } from './hints-shell.ts'

/** A place of a repository that says how something is started. */
export interface Command extends Started {
  file: string
  /** Counted from 1. */
  line: number
  text: string
  /** What the place is, in words: `the Makefile runs it in its target train`. */
  why: string
  /** Folder of the repository that it is started in; `''` is the root. */
  folder: string
  /** Smaller counts more, among the commands of one kind of file. */
  order: number
  /** The name under which the project installs it as a command. */
  installs: string | null
}

/** Asks whether the repository has a folder. */
export type HasFolder = (path: string) => boolean

const folderOf = (path: string) => path.split('/').slice(0, -1).join('/')
export const linesOf = (text: string) => text.split(/\r\n|\r|\n/)
const TEXT_LIMIT = 200
/** What is longer is no command that a person wrote. */
const LINE_LIMIT = 2000

/** Joins lines that end in a backslash; each with the number of its first line. */
export function* logicalLines(text: string): Generator<{ line: number; text: string }> {
  const lines = linesOf(text)
  let start = -1
  let joined = ''
  for (const [index, whole] of lines.entries()) {
    const raw = whole.slice(0, LINE_LIMIT)
    if (start === -1) start = index
    const goesOn = /(^|[^\\])\\\s*$/.test(raw)
    joined += goesOn ? `${raw.replace(/\\\s*$/, '')} ` : raw
    if (goesOn && index < lines.length - 1 && joined.length < LINE_LIMIT) continue
    yield { line: start + 1, text: joined }
    start = -1
    joined = ''
  }
}

/** Reads lines of a shell one after the other and notes what they start. */
export class Shell {
  readonly found: Command[] = []
  private readonly variables = new Map<string, string>()
  private folder: string
  private readonly file: string
  private readonly hasFolder: HasFolder

  constructor(file: string, hasFolder: HasFolder) {
    this.file = file
    this.hasFolder = hasFolder
    this.folder = folderOf(file)
  }

  enter(folder = folderOf(this.file)): void {
    this.folder = folder
  }

  set(name: string, value: string): void {
    this.variables.set(name, value)
  }

  run(text: string, line: number, why: string, order = 0): void {
    for (const words of commandsIn(expand(text, this.variables))) {
      const [first, second] = words
      const assigned = words.length === 1 ? /^(\w+)=(.*)$/s.exec(first ?? '') : null
      if (assigned?.[1]) this.set(assigned[1], assigned[2] ?? '')
      else if (first === 'cd' || first === 'pushd') this.change(second ?? '')
      else this.note(startedBy(words), text, line, why, order)
    }
  }

  note(started: Started | null, text: string, line: number, why: string, order = 0): void {
    if (!started) return
    const shown = text.trim().replace(/\s+/g, ' ').slice(0, TEXT_LIMIT)
    const { file, folder } = this
    this.found.push({ ...started, file, line, text: shown, why, folder, order, installs: null })
  }

  /** `name = package.module:function` */
  install(name: string, value: string, text: string, line: number): void {
    const module = /^([\w.]+):[\w.]+$/.exec(value.replace(/\s|\[.*/g, ''))?.[1]
    if (!module) return
    const order = /train|fit/i.test(name) ? 0 : 1
    this.note(
      { target: { kind: 'module', name: module }, args: [], opens: false },
      text,
      line,
      `it is installed as the command ${name}`,
      order,
    )
    const command = this.found.at(-1)
    if (command) command.installs = name
  }

  private change(given: string): void {
    // A variable in front most likely is the folder of the checkout.
    const to = given.replace(/^(?:\$\{?\w+\}?|\$\([^)]*\))(?=\/)/, '')
    const parts = to.startsWith('/') ? [] : this.folder.split('/').filter(Boolean)
    for (const part of to.split('/')) {
      if (part === '..') parts.pop()
      else if (part !== '.' && part !== '') parts.push(part)
    }
    const folder = parts.join('/')
    // The folder of the checkout itself, or one that is made later, leaves us where we are.
    if (folder === '' || this.hasFolder(folder)) this.folder = folder
  }
}
