import { optionsOf } from '../flow/options.ts'
import type { CallSite } from '../names/module.ts'
import type { Names } from '../names/names.ts'
import { reachableIn } from '../names/reachable.ts'
import type { Expr } from '../syntax/tree.ts'
import { calledName, keywordOf, stringOf, walk } from '../syntax/walk.ts'
import { MODE, TRAINING } from './hints-words.ts'

/** An option of a script's command line, as far as it decides what has to be given. */
interface Needed {
  flags: string[]
  positional: boolean
  /** Number of values; null for as many as there are. */
  arity: number | null
  /** Without it the script ends with an error. */
  required: boolean
  /** What it is when it is not given is known to be nothing. */
  empty: boolean
}

const SWITCH = /^(store_(true|false|const)|append_const|count|help|version)$/

/** Words of a command line that belong together: an option with its values, or a positional argument. */
interface Given {
  option: Needed | undefined
  /** Empty for a positional argument. */
  flag: string
  /** The value follows an equals sign. */
  inline: boolean
  values: string[]
}

/**
 * The arguments of a command line that a script cannot do without: what it requires, what makes it train, and files
 * of the repository for which it has no default. The others stay away: they would hide the values in the source.
 * @param located the path of a file of the repository as seen from its root; null when there is none
 * @returns null when a required argument is missing
 */
export function requiredArgs(
  names: Names,
  words: readonly string[],
  located: (path: string) => string | null,
): string[] | null {
  const options = neededOf(names)
  if (options === 'all') return words.some(isPlaceholder) ? null : words.map((word) => located(word) ?? word)
  const taken = [...readArgs(words, options)].filter((one) => isNeeded(one, located))
  const missing = options.some((option) => option.required && taken.every((one) => one.option !== option))
  const args = taken.flatMap(({ flag, inline, values }) => {
    const [first = '', ...others] = values.map((value) => located(value) ?? value)
    if (inline) return [`${flag}=${first}`]
    return [...(flag === '' ? [] : [flag]), ...(values.length > 0 ? [first, ...others] : [])]
  })
  return missing || args.some(isPlaceholder) ? null : args
}

function* readArgs(words: readonly string[], options: readonly Needed[]): Generator<Given> {
  const places = options.filter(({ positional }) => positional)
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? ''
    const [, flag = '', inline] = /^(-+[a-z][^=]*)(?:=(.*))?$/is.exec(word) ?? []
    const option = flag === '' ? places.shift() : options.find(({ flags }) => flags.includes(flag))
    const from = flag === '' ? at : at + 1
    // What is not known most likely has a value.
    const width = inline !== undefined ? 0 : option ? option.arity : 1
    let end = from
    while (end < words.length && (width === null || end - from < width) && !isFlag(words[end] ?? '')) end++
    const values = inline === undefined ? words.slice(from, end) : [inline]
    yield { option, flag, inline: inline !== undefined, values }
    at = Math.max(end, at + 1)
  }
}

const isFlag = (word: string) => /^--?[a-z]/i.test(word)

function isNeeded({ option, flag, values }: Given, located: (path: string) => string | null): boolean {
  if (!option) return false
  if (option.required) return true
  if (!option.empty) return false
  const [value = ''] = values
  if (/^--?(do[-_]?)?train$/.test(flag)) return true
  if (MODE.test(flag)) return TRAINING.test(value)
  return values.length === 1 && located(value) !== null
}

/** Stands for something that the reader has to fill in. */
const isPlaceholder = (word: string) => /[<>{}[\]$]|\.\.\.|…|^(path\/to|\/path)/.test(word)

/** The options that the program reads; `all` where it takes its command line in a way of its own. */
function neededOf(names: Names): Needed[] | 'all' {
  const [entry] = names.modules
  if (!entry) return []
  const reachable = reachableIn(names)
  const calls = names.modules.flatMap((module) => module.calls.filter((site) => reachable(site)))
  if (calls.some((site) => names.calleeOf(site) === 'lightning.LightningCLI')) return 'all'
  const marked = markedIn(calls)
  const found = optionsOf(names)
    .filter(({ site }) => reachable(site))
    .map(({ flags, default: fallback, site: { call } }): Needed => {
      const [first = ''] = flags
      const click = /^(option|argument)$/.test(calledName(call))
      const positional = calledName(call) === 'argument' || !first.startsWith('-')
      const nargs = keywordOf(call, 'nargs')
      const optional = stringOf(nargs) === '?' || stringOf(nargs) === '*'
      const required = keywordOf(call, 'required')
      const isSet = fallback !== null && !isNone(fallback)
      const flag =
        SWITCH.test(stringOf(keywordOf(call, 'action')) ?? '') || isTrue(keywordOf(call, 'is_flag'))
      return {
        flags: flags.filter((one) => one.startsWith('-')),
        positional,
        arity: flag ? 0 : arityOf(nargs),
        // argparse asks for a positional argument even where it has a default.
        required: positional
          ? !optional && !(click && isSet) && !isFalse(required)
          : isTrue(required) || marked.has(first.replace(/^-+/, '')),
        empty: !isSet || isFalse(fallback),
      }
    })
  const commands = calls.filter(({ call }) => /^(add_subparsers|group)$/.test(calledName(call)))
  if (commands.length > 0) {
    found.unshift({ flags: [], positional: true, arity: 1, required: true, empty: true })
  }
  const own = /\bsys\.argv\s*\[\s*[1-9]/.test(entry.file.text)
  return own && found.length === 0 ? 'all' : found
}

function arityOf(nargs: Expr | null): number | null {
  if (nargs === null) return 1
  return nargs.kind === 'number' ? nargs.value : null
}

/** Flags of absl that are required by a call of their own. */
function markedIn(calls: readonly CallSite[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { call } of calls) {
    if (!/^mark_flags?_as_required$/.test(calledName(call))) continue
    for (const { value } of call.args) {
      for (const one of walk(value)) if (one.kind === 'string' && one.value !== null) found.add(one.value)
    }
  }
  return found
}

const isTrue = (value: Expr | null) => value?.kind === 'constant' && value.value === true
const isFalse = (value: Expr | null) => value?.kind === 'constant' && value.value === false
const isNone = (value: Expr) =>
  (value.kind === 'constant' && value.value === null) || (value.kind === 'string' && value.value === '')
