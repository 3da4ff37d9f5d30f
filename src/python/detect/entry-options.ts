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

/**
 * The arguments of a command line that a script cannot do without: what it requires, what makes it train, and files
 * of the repository for which it has no default. The others stay away: they would hide the values in the source.
 * @param isFile whether the repository has a file of that path
 * @returns null when a required argument is missing
 */
export function requiredArgs(
  names: Names,
  given: readonly string[],
  isFile: (path: string) => boolean,
): string[] | null {
  if (given.some(isPlaceholder)) return null
  const options = neededOf(names)
  if (options === 'all') return [...given]
  const missing = new Set(options.filter(({ required }) => required))
  const taken: string[] = []
  const places = options.filter(({ positional }) => positional)
  for (let at = 0; at < given.length; ) {
    const word = given[at] ?? ''
    const isFlag = /^-+[a-z]/i.test(word)
    const [flag = word] = word.split('=')
    const option = isFlag ? options.find(({ flags }) => flags.includes(flag)) : places.shift()
    const inline = isFlag && word.includes('=')
    // What is not known most likely has a value.
    const width = inline ? 0 : isFlag ? (option ? option.arity : 1) : option ? (option.arity ?? null) : 1
    const from = isFlag ? at + 1 : at
    let end = from
    while (
      end < given.length &&
      (width === null || end - from < width) &&
      !/^--?[a-z]/i.test(given[end] ?? '')
    )
      end++
    const values = inline ? [word.slice(flag.length + 1)] : given.slice(from, end)
    if (option && isNeeded(option, flag, values, isFile)) {
      taken.push(...given.slice(at, end))
      missing.delete(option)
    }
    at = Math.max(end, at + 1)
  }
  return missing.size > 0 ? null : taken
}

function isNeeded(
  option: Needed,
  flag: string,
  values: readonly string[],
  isFile: (path: string) => boolean,
): boolean {
  if (option.required) return true
  if (!option.empty) return false
  const [value = ''] = values
  if (/^--?(do[-_]?)?train$/.test(flag)) return true
  if (MODE.test(flag)) return TRAINING.test(value)
  return values.length === 1 && isFile(value.replace(/^\.\//, ''))
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
const isNone = (value: Expr) => value.kind === 'constant' && value.value === null
