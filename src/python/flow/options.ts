import type { CallSite } from '../names/module.ts'
import type { Names } from '../names/names.ts'
import type { Call, Expr } from '../syntax/tree.ts'
import { argumentOf, calledName, keywordOf, positionalOf, stringOf } from '../syntax/walk.ts'

/** An option of the command line with its default. */
export interface CommandOption {
  /** The attribute or parameter that gets it: `batch_size` of `--batch-size`. */
  name: string
  flags: string[]
  default: Expr | null
  site: CallSite
}

const ARGPARSE = new Set(['add_argument', 'add_option', 'option', 'Option', 'argument'])
const DEFINE = /^(?:DEFINE_|define_)(?:float|integer|int|string|bool|boolean|enum|multi_\w+|list)$/

/** Options of argparse, optparse, click, absl and TensorFlow's flags in the program. */
export function optionsOf(names: Names): CommandOption[] {
  return names.modules.flatMap((module) => module.calls.flatMap((site) => optionOf(site) ?? []))
}

function optionOf(site: CallSite): CommandOption | null {
  const { call } = site
  const name = calledName(call)
  if (DEFINE.test(name)) {
    const option = stringOf(argumentOf(call, 'name', 0))
    if (option === null) return null
    return { name: option, flags: [`--${option}`], default: argumentOf(call, 'default', 1), site }
  }
  if (!ARGPARSE.has(name)) return null
  const flags = positionalOf(call).flatMap((value) => stringOf(value) ?? [])
  const named = destination(call, flags)
  return named === null ? null : { name: named, flags, default: keywordOf(call, 'default'), site }
}

function destination(call: Call, flags: readonly string[]): string | null {
  const given = stringOf(keywordOf(call, 'dest'))
  if (given !== null) return given
  // click gives the parameter's name as a word of its own.
  const plain = calledName(call) === 'option' ? flags.find((flag) => !flag.startsWith('-')) : undefined
  const flag = plain ?? flags.find((text) => text.startsWith('--')) ?? flags[0]
  if (flag === undefined) return null
  const [first = flag] = flag.split('/')
  return first.replace(/^-+/, '').replaceAll('-', '_')
}

/** The default in `typer.Option(0.1, ...)`, `os.environ.get('LR', '0.1')`, `dict.get('lr', 0.1)`, `field(default=1)`. */
export function defaultIn(call: Call): Expr | null {
  switch (calledName(call)) {
    case 'Option':
    case 'Argument':
    case 'Field':
      return argumentOf(call, 'default', 0)
    case 'field':
      return keywordOf(call, 'default')
    case 'get':
    case 'getenv':
    case 'pop':
    case 'setdefault':
      return argumentOf(call, 'default', 1)
    case 'getattr':
      return positionalOf(call)[2] ?? null
    default:
      return null
  }
}
