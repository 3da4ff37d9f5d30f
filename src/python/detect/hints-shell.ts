/** What a command line starts: a file or a module, as it is written there. */
export interface Started {
  target: { kind: 'file' | 'module' | 'command'; name: string }
  args: string[]
  /** A notebook that is only opened, for a person to run it. */
  opens: boolean
}

type Target = Started['target']

const started = (kind: Target['kind'], name: string, args: string[], opens = false): Started => ({
  target: { kind, name },
  args,
  opens,
})

const PYTHON =
  /^(?:[^=]*[\\/])?(?:i?python|pythonw|pypy|py)[\d.]*(?:\.exe)?$|^\$[({]?\w*PY(?:THON)?\w*[)}]?$|^%run$/i
const LAUNCHER = /^(?:[^=]*\/)?(?:torchrun|deepspeed|horovodrun|accelerate|composer|colossalai)$/
/** Modules that start another script. */
const LAUNCHER_MODULE =
  /^(?:torch\.distributed\.(?:launch|run)|accelerate\.commands\.launch|deepspeed(?:\.launcher\.\w+)?|horovod\.\w+|pdb|ipdb|debugpy|cProfile|coverage|memory_profiler|scalene|trace|kernprof)$/
const NOTEBOOK_RUNNER = /^(?:jupyter(?:-\w+)?|papermill|runipy|ipython)$/
/** Commands that run another one of the project's own, by its name. */
const RUNNER = /^(?:uv|poetry|pdm|pipenv|rye|hatch|pixi)$/
const SCRIPT = /^[^-<>=$][^<>=]*\.(?:py|ipynb)$/
/** What runs a file of commands. */
const SHELL = /^(?:(?:.*\/)?(?:ba|da|z|k)?sh|source|\.|sbatch|qsub|sudo|nohup)$/
const REDIRECTION = /^(?:\d?>|&>)/
/** Options of Python itself that take a value. */
const VALUED = new Set(['-W', '-X', '--check-hash-based-pycs'])

/**
 * The simple commands of a line, as words without their quotes. Backslashes before a letter are kept as `/`: they are
 * paths of Windows.
 */
export function commandsIn(line: string): string[][] {
  const commands: string[][] = []
  let words: string[] = []
  let word: string | null = null
  const endWord = () => {
    if (word !== null) words.push(word)
    word = null
  }
  const endCommand = () => {
    endWord()
    if (words.length > 0) commands.push(words)
    words = []
  }
  for (const [token] of line.matchAll(TOKEN)) {
    const [first = ''] = token
    if (/^\s/.test(first)) endWord()
    else if (/^[;|&]/.test(first) && !token.startsWith('&>')) endCommand()
    else if (first === '#' && word === null && words.length > 0) break
    else if ((first === '"' || first === "'") && token.length > 1) word = (word ?? '') + token.slice(1, -1)
    else if (first === '\\')
      word = (word ?? '') + (/\w/.test(token[1] ?? '') ? `/${token[1]}` : (token[1] ?? ''))
    else word = (word ?? '') + token
  }
  endCommand()
  return commands
}

const TOKEN =
  /\s+|"(?:[^"\\]|\\.)*"|'[^']*'|\$\([^()\s]*\)|\$\{[^}]*\}|\\.|&>|&&|\|\||[;|&]|[^\s"'\\;|&$#]+|./gs

/** What a simple command starts; null where that is no Python of the repository. */
export function startedBy(words: readonly string[]): Started | null {
  const python = words.findIndex((word) => PYTHON.test(word))
  const launcher = words.findIndex((word) => LAUNCHER.test(word))
  if (launcher !== -1 && (python === -1 || launcher < python)) return launched(words, launcher + 1)
  if (python !== -1) return byPython(words, python + 1) ?? byNotebook(words)
  const [first = '', second = ''] = words.filter((word) => !/^\w+=/.test(word))
  const path = first.replace(/^\.\//, '')
  // A name without a folder would be looked for among the installed programs.
  if (/^\.{0,2}\//.test(first) && path.endsWith('.py')) {
    return started('file', path, rest(words, words.indexOf(first) + 1))
  }
  const shell = SHELL.test(first) ? words.find((word) => /^[^-].*\.sh$/.test(word)) : undefined
  if (shell ?? path.endsWith('.sh')) return started('file', (shell ?? path).replace(/^\.\//, ''), [])
  if (RUNNER.test(first) && second === 'run') return byRunner(words, words.indexOf(second) + 1)
  return byNotebook(words)
}

function byPython(words: readonly string[], from: number): Started | null {
  for (let at = from; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '-c' || word === '-') return null
    if (word === '-m') {
      const name = words[at + 1] ?? ''
      if (LAUNCHER_MODULE.test(name)) return launched(words, at + 2)
      return /^[\w.]+$/.test(name) ? started('module', name, rest(words, at + 2)) : null
    }
    if (VALUED.has(word)) at++
    else if (!word.startsWith('-')) {
      if (/[<>=]/.test(word)) return null
      return started('file', word, rest(words, at + 1))
    }
  }
  return null
}

function launched(words: readonly string[], from: number): Started | null {
  for (let at = from; at < words.length; at++) {
    const word = words[at] ?? ''
    const name = words[at + 1]
    if ((word === '-m' || word === '--module') && name && /^[\w.]+$/.test(name)) {
      return started('module', name, rest(words, at + 2))
    }
    if (SCRIPT.test(word)) return started('file', word, rest(words, at + 1))
  }
  return null
}

function byRunner(words: readonly string[], from: number): Started | null {
  const script = words.findIndex((word, index) => index >= from && SCRIPT.test(word))
  if (script !== -1) return started('file', words[script] ?? '', rest(words, script + 1))
  const name = words[from]
  if (!name || !/^[\w-]+$/.test(name) || name.startsWith('-')) return null
  return started('command', name, rest(words, from + 1))
}

function byNotebook(words: readonly string[]): Started | null {
  if (!words.some((word) => NOTEBOOK_RUNNER.test(word))) return null
  if (words.some((word) => /^(--to=?)?(script|python)$/.test(word))) return null
  const name = words.find((word) => SCRIPT.test(word) && word.endsWith('.ipynb'))
  const opens =
    words.includes('notebook') || words.includes('lab') || /jupyter-(lab|notebook)$/.test(words[0] ?? '')
  return name === undefined ? null : started('file', name, [], opens)
}

/** The arguments, up to a redirection. */
function rest(words: readonly string[], from: number): string[] {
  const args = words.slice(from)
  const end = args.findIndex((word) => REDIRECTION.test(word))
  return end === -1 ? args : args.slice(0, end)
}

/** `$NAME`, `${NAME}` and `$(NAME)` with the values of the file's own plain assignments. */
export function expand(line: string, variables: ReadonlyMap<string, string>): string {
  let text = line
  for (let round = 0; round < 3; round++) {
    const next = text.replace(
      /\$(?:\{(\w+)\}|\((\w+)\)|(\w+))/g,
      (whole, a, b, c) => variables.get(a ?? b ?? c) ?? whole,
    )
    if (next === text || next.length > 4000) break
    text = next
  }
  return text
}
