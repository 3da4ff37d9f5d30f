/** A line of a cell as it is run: `before` + its characters from `from` on. */
export interface RunLine {
  /** Text that the notebook does not hold. */
  before: string
  /** The line is kept from this character on. */
  from: number
}

/** Cell magics whose body is run as Python in place; under any other, the cell is not Python of this script. */
const PYTHON_CELLS = /^%%(?:time|timeit|capture|prun|memit|mprun|wandb|skip_if_no_gpu)\b/
const LINE_MAGIC = /^[ \t]*(?:[!%?]|[/,;](?=\S))/
const TARGET = String.raw`[A-Za-z_][\w.]*(?:\[[^\]=]*\])*`
const TARGETS = String.raw`${TARGET}(?:[ \t]*,[ \t]*${TARGET})*[ \t]*=[ \t]*`
const TIMED = new RegExp(String.raw`^([ \t]*(?:${TARGETS})?)%time[ \t]+(?=[^\s-])`)
const ASSIGNED = new RegExp(String.raw`^[ \t]*${TARGETS}[!%](?!=)`)
const HELP = /^[ \t]*[A-Za-z_%][\w.*]*\?\??[ \t]*;?[ \t]*$/
/** Commands that IPython also takes without their sign, followed by what no expression goes on with. */
const BARE =
  /^[ \t]*(?:(?:ls|pwd)[ \t]*$|(?:pip3?|conda|mamba|cd|ls|cat|cp|mv|rm|mkdir|rmdir|timeit|matplotlib|load_ext|run|who|whos)[ \t]+(?!(?:and|if|in|is|not|or|for|else)\b)(?:[\w~"']|-\w|\.{0,2}\/\w))/
const OPENING = /[([{]/
const CLOSING = /[)\]}]/

/**
 * The lines of a cell as IPython would run them as Python, magics and shell commands taken out: such a line is a
 * comment, after a `pass` where it is indented.
 * See "Magic commands" and "System shell access" in IPython's documentation.
 * @param lines without their line ends
 */
export function runLines(lines: readonly string[]): RunLine[] {
  const result: RunLine[] = []
  let index = 0
  while (index < lines.length && /^(?:[ \t]*(?:#.*)?|%%.*)$/.test(lines[index] ?? '')) {
    const line = lines[index] ?? ''
    if (line.startsWith('%%') && !PYTHON_CELLS.test(line)) {
      return [...result, ...lines.slice(index).map(() => ({ before: '# ', from: 0 }))]
    }
    result.push({ before: line.startsWith('%%') ? '# ' : '', from: 0 })
    index++
  }
  const logical = new LogicalLines()
  let command = false
  for (const line of lines.slice(index)) {
    if (command) {
      result.push({ before: '# ', from: 0 })
      command = line.endsWith('\\')
      continue
    }
    const timed = logical.atStart ? TIMED.exec(line) : null
    if (timed) {
      result.push({ before: timed[1] ?? '', from: timed[0].length })
      logical.read(line.slice(timed[0].length))
    } else if (logical.atStart && isCommand(line)) {
      const indent = /^[ \t]*/.exec(line)?.[0] ?? ''
      // A block needs a statement; in front of all else, `from __future__ import` needs none.
      result.push({ before: indent === '' ? '# ' : `${indent}pass  # `, from: indent.length })
      command = line.endsWith('\\')
    } else {
      result.push({ before: '', from: 0 })
      logical.read(line)
    }
  }
  return result
}

const isCommand = (line: string) =>
  LINE_MAGIC.test(line) || ASSIGNED.test(line) || HELP.test(line) || BARE.test(line)

/** Follows brackets, texts over several lines and continued lines: a `%` inside them is no magic. */
class LogicalLines {
  private depth = 0
  private quote = ''
  private continued = false

  get atStart(): boolean {
    return this.depth === 0 && this.quote === '' && !this.continued
  }

  read(line: string): void {
    this.continued = false
    for (let at = 0; at < line.length; at++) {
      const character = line[at] as string
      if (character === '\\') {
        if (at === line.length - 1) this.continued = true
        at++
      } else if (this.quote !== '') {
        if (!line.startsWith(this.quote, at)) continue
        at += this.quote.length - 1
        this.quote = ''
      } else if (character === '#') return
      else if (character === '"' || character === "'") {
        const triple = character.repeat(3)
        this.quote = line.startsWith(triple, at) ? triple : character
        at += this.quote.length - 1
      } else if (OPENING.test(character)) this.depth++
      else if (CLOSING.test(character)) this.depth = Math.max(0, this.depth - 1)
    }
    if (this.quote.length === 1 && !this.continued) this.quote = ''
  }
}
