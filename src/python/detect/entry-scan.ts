import { canonical } from '../knowledge/canonical.ts'
import { frameworkOfName } from '../knowledge/libraries.ts'
import type { Project } from '../project.ts'

/** What the text of the files shows, without parsing them. */
export interface Scan {
  /** Starts something when it is run, as its text tells. */
  guarded(path: string): boolean
  /** Calls something that may train. */
  mayTrain(path: string): boolean
  /** The same, for the file and all own files that it imports. */
  mayReach(path: string): boolean
}

/** A call, by the last part of its name. */
const CALL = /\b([A-Za-z]\w{0,80})[ \t]*\(/g
/** Names of calls that train; more than do, none left out but `re.search` and `dict.update`. */
const TRAINS =
  /fit|train|backward|^(fine_tune|learn|minimi[sz]e|apply_updates|cv|LightningCLI)$|_search$|^(apply_grad|assign_sub)|grad$|^cross_|arima/i
const TUNER = /\btuner\w*\.search[ \t]*\(/
const DYNAMIC = /\b(?:import_module|__import__)\(\s*["']([\w.]+)/g
const GUARD = /^[ \t]*if\b[^\n]*__name__[^\n]*__main__/m
const IMPORT =
  /^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)|import[ \t]+([^\n#]*))/gm

/** What one file imports: own files, and whether a library of models is among the rest. */
interface Imports {
  own: string[]
  modelled: boolean
}

/** Looks at each file at most once; a repository of 2,000 files takes less than a second. */
export function scanOf(project: Project): Scan {
  const trains = remember((path) => {
    const text = textOf(project, path)
    for (const [, name = ''] of text.matchAll(CALL)) if (TRAINS.test(name)) return true
    return TUNER.test(text)
  })
  const imports = remember((path) => importsOf(project, path))
  return {
    guarded: remember((path) => GUARD.test(textOf(project, path))),
    mayTrain: trains,
    mayReach: remember((path) => {
      const seen = new Set([path])
      let trained = false
      let modelled = false
      for (const one of seen) {
        const { own, modelled: here } = imports(one)
        trained ||= trains(one)
        modelled ||= here
        if (trained && modelled) return true
        for (const imported of own) seen.add(imported)
      }
      return false
    }),
  }
}

const textOf = (project: Project, path: string) => project.files.get(path)?.text ?? ''

function importsOf(project: Project, path: string): Imports {
  const own = new Set<string>()
  let modelled = false
  const add = (module: string, level: number, name: string | null) => {
    const files = project.resolve(path, { module, level, name, alias: '', line: 1 })
    for (const file of files) own.add(file)
    if (files.length === 0 && level === 0 && frameworkOfName(canonical(module)) !== null) modelled = true
  }
  const text = textOf(project, path)
  for (const [, dots = '', from = '', names = '', plain] of text.matchAll(IMPORT)) {
    if (plain !== undefined) {
      for (const one of plain.split(',')) add(one.trim().split(/[\s;]/)[0] ?? '', 0, null)
    } else {
      for (const name of names.replace(/[()]|#[^\n]*/g, ' ').split(',')) {
        const [first = ''] = name.trim().split(/[\s;]/)
        if (first !== '') add(from, dots.length, first)
      }
    }
  }
  for (const [, module = ''] of text.matchAll(DYNAMIC)) add(module, 0, null)
  return { own: [...own], modelled }
}

function remember<Value>(ask: (path: string) => Value): (path: string) => Value {
  const known = new Map<string, Value>()
  return (path) => {
    const value = known.has(path) ? (known.get(path) as Value) : ask(path)
    known.set(path, value)
    return value
  }
}
