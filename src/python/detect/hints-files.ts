import type { SourceFile } from '../source.ts'
import { type Command, type HasFolder, linesOf, logicalLines, Shell } from './hints-reader.ts'

type Reader = (file: SourceFile, hasFolder: HasFolder) => Command[]

const TARGET = /^([\w./% -]+?)\s*::?(?!=)(.*)$/
const MAKE_ORDER: readonly RegExp[] = [
  /train|(^|[-_])fit($|[-_])/i,
  /^(run|start|main)$/i,
  /^(all|default|pipeline|repro)$/i,
]

export const readMakefile: Reader = (file, hasFolder) => {
  const shell = new Shell(file.path, hasFolder)
  let target = ''
  for (const { line, text } of logicalLines(file.text)) {
    const assigned = /^(?:export\s+)?(\w+)\s*[:?+]?=\s*(.*)$/.exec(text)
    const named = TARGET.exec(text)
    if (text.startsWith('\t') || (target !== '' && /^ +\S/.test(text))) {
      if (/^\s*#/.test(text)) continue
      const rank = MAKE_ORDER.findIndex((pattern) => pattern.test(target))
      shell.enter()
      const why = `the Makefile runs it in its target ${target}`
      shell.run(text.trim().replace(/^[@+-]+/, ''), line, why, rank === -1 ? MAKE_ORDER.length : rank)
    } else if (assigned?.[1]) shell.set(assigned[1], (assigned[2] ?? '').replace(/\s+#.*/, '').trim())
    else if (named) target = named[1]?.trim().split(/\s+/)[0] ?? ''
  }
  return shell.found
}

const PROMPT = /^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:\([\w.-]+\)\s*)?(?:(?:[$>%!]|>>>|PS[^>]*>|C:\\[^>]*>)\s*)?/
/** In text: what starts like a command, up to the end of the line or a sign that ends a sentence. */
const IN_TEXT =
  /(?:^|\s)((?:python[\d.]*|torchrun|accelerate launch|deepspeed)\s+(?:-[\w]+\s+)*[\w./\\-]+(?:\.py)?\b[^`*|]*)/
/** In text: `run train.py`. */
const TO_RUN =
  /\b(?:run|execute|start|launch)(?:ning)?\b[^.`\w]*(?:(?:the|notebook|script|file|jupyter)\s+)*[`*"'[]*([\w./\\-]+\.(?:py|ipynb))\b/i
/** A hash is a comment, or the prompt of the superuser: then the command follows at once. */
const ROOT_PROMPT = /^#+\s*(?=(?:\w+=\S+\s+)*(?:python|torchrun|accelerate)[\d.]*\s)/

export const readReadme: Reader = (file, hasFolder) => {
  const shell = new Shell(file.path, hasFolder)
  const why = 'the README says to run it'
  let fence: string | null = null
  for (const { line, text } of logicalLines(file.text)) {
    const mark = /^\s*(?:>\s*)?(```+|~~~+)/.exec(text)?.[1]
    if (mark !== undefined && (fence === null || mark.startsWith(fence))) {
      const once: boolean = fence === null && text.trim().length > mark.length && text.trim().endsWith(mark)
      fence = fence === null && !once ? mark.slice(0, 3) : null
      shell.enter()
      if (!once) continue
    }
    const bare = text.replace(PROMPT, '').replace(ROOT_PROMPT, '')
    if (fence !== null) {
      if (!bare.startsWith('#')) shell.run(bare, line, why)
      continue
    }
    const indented = /^(?: {3,}|\t)/.test(text)
    if (!indented) shell.enter()
    const before = shell.found.length
    const code = [...text.matchAll(/(`+)(.+?)\1(?!`)/g)].map((match) => (match[2] ?? '').replace(PROMPT, ''))
    // A file's name alone only names it.
    for (const one of code) if (/\s/.test(one.trim()) || one.startsWith('./')) shell.run(one, line, why)
    if (code.length === 0 && indented) shell.run(bare, line, why)
    if (shell.found.length > before) continue
    const plain = text.replace(/<\/?\w+>/g, ' ')
    const written = code.length === 0 ? IN_TEXT.exec(plain)?.[1] : undefined
    const script = TO_RUN.exec(plain)?.[1]
    if (written) shell.run(written.replace(/[,;:)]\s.*$|[.,;:)]+\s*$/, ''), line, why)
    else if (script)
      shell.note({ target: { kind: 'file', name: script }, args: [], opens: false }, text, line, why)
  }
  return shell.found
}

export const readShell: Reader = (file, hasFolder) => {
  const shell = new Shell(file.path, hasFolder)
  const name = file.path.split('/').at(-1) ?? file.path
  for (const { line, text } of logicalLines(file.text)) {
    if (!/^\s*#/.test(text)) shell.run(text, line, `${name} runs it`)
  }
  return shell.found
}

/** Of several `CMD` or `ENTRYPOINT` the last one counts. */
export const readDockerfile: Reader = (file, hasFolder) => {
  const shell = new Shell(file.path, hasFolder)
  const lines = [...logicalLines(file.text)]
  const last = (instruction: string) =>
    lines.findLast(({ text }) => new RegExp(`^\\s*${instruction}\\s`, 'i').test(text))
  const entrypoint = last('ENTRYPOINT')
  const cmd = last('CMD')
  const parts = [entrypoint, cmd].map((part) => instructionOf(part?.text ?? ''))
  const at = cmd ?? entrypoint
  if (at) shell.run(parts.filter(Boolean).join(' '), at.line, 'the Dockerfile runs it')
  for (const { line, text } of lines) {
    if (/^\s*RUN\s/i.test(text)) {
      shell.enter()
      shell.run(instructionOf(text), line, 'the Dockerfile runs it', 1)
    }
  }
  return shell.found
}

/** The command of an instruction, of the form with a list too. */
function instructionOf(text: string): string {
  const rest = text.trim().replace(/^\w+\s+/, '')
  if (!rest.startsWith('[')) return rest
  const words = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  )
  // `sh -c "python train.py"` is the command that it holds.
  if (/^(?:.*\/)?(?:ba|da|z)?sh$/.test(words[0] ?? '') && /^-\w*c$/.test(words[1] ?? ''))
    return words[2] ?? ''
  return words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ')
}

const SCRIPT_TABLE = /^\[(?:project\.(?:gui-)?scripts|tool\.poetry\.scripts|tool\.flit\.scripts)\]/
const TASK_TABLE = /^\[tool\.(?:poe\.tasks|pdm\.scripts|pixi\.tasks|taskipy\.tasks)\]/

/** Commands that are installed with the project, and its tasks. */
export const readPyproject: Reader = (file, hasFolder) => {
  const shell = new Shell(file.path, hasFolder)
  let table: 'scripts' | 'tasks' | null = null
  for (const [index, text] of linesOf(file.text).entries()) {
    if (/^\s*\[/.test(text)) {
      table = SCRIPT_TABLE.test(text.trim()) ? 'scripts' : TASK_TABLE.test(text.trim()) ? 'tasks' : null
      continue
    }
    const [, name = '', value = ''] = /^\s*["']?([\w-]+)["']?\s*=\s*["'](.*)["']\s*(?:#.*)?$/.exec(text) ?? []
    if (table === 'scripts') shell.install(name, value, text, index + 1)
    else if (table === 'tasks')
      shell.run(value, index + 1, `it is the task ${name} of pyproject.toml`, /train/i.test(name) ? 0 : 1)
  }
  return shell.found
}

/** setup.cfg and setup.py: `name = package.module:function` after `console_scripts`. */
export const readSetup: Reader = (file, hasFolder) => {
  const shell = new Shell(file.path, hasFolder)
  const start = file.text.indexOf('console_scripts')
  if (start === -1) return []
  const skipped = linesOf(file.text.slice(0, start)).length - 1
  for (const [index, text] of linesOf(file.text.slice(start)).entries()) {
    if (index > 0 && /^\s*(?:\[|packages\b|install_requires\b)/.test(text)) break
    for (const [, name = '', value = ''] of text.matchAll(/([\w-]+)\s*=\s*([\w.]+:[\w.]+)/g)) {
      shell.install(name, value, text, skipped + index + 1)
    }
  }
  return shell.found
}

/** dvc.yaml, MLproject, compose files: what stands after `cmd:`, `command:` and the like, and lines of a list. */
export const readStages: Reader = (file, hasFolder) => {
  const shell = new Shell(file.path, hasFolder)
  const name = file.path.split('/').at(-1) ?? file.path
  for (const { line, text } of logicalLines(file.text)) {
    if (/^\s*#/.test(text)) continue
    const command = text
      .replace(/^\s*(?:-\s+)?(?:["']?[\w-]+["']?\s*:\s+)?[>|]?[-+]?\s*/, '')
      .replace(/^(["'])(.*)\1\s*$/, '$2')
    shell.enter()
    shell.run(
      /^\[.*\]$/.test(command.trim()) ? instructionOf(`x ${command}`) : command,
      line,
      `${name} runs it`,
    )
  }
  return shell.found
}
