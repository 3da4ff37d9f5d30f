import type { Evidence } from '../../domain/detection.ts'
import { evidenceAt, evidenceAtLine } from '../detect/evidence.ts'
import { ADDRESS, DOWNLOADS, FETCHES, isSwitchedOn, SHELLS } from '../knowledge/downloads.ts'
import type { Module } from '../names/module.ts'
import type { Names } from '../names/names.ts'
import { reachableIn } from '../names/reachable.ts'
import type { Call } from '../syntax/tree.ts'
import { positionalOf, stringOf } from '../syntax/walk.ts'

const LIMIT = 8
/** A command line of a notebook, as the analysis reads it: behind a comment sign. */
const COMMAND = /^\s*(?:pass\s+)?#\s*[!%]\s*(.*)$/

/** What of a program uses the network when it runs, in the order of the source; empty when nothing is seen to. */
export function networkUse(names: Names): Evidence[] {
  const runs = reachableIn(names)
  const found = new Map<string, Evidence>()
  const add = (evidence: Evidence) => {
    const place = `${evidence.file}:${evidence.line}`
    if (found.size < LIMIT && !found.has(place)) found.set(place, evidence)
  }
  for (const module of names.modules) {
    for (const site of module.calls) {
      const why = runs(site) ? reasonOf(names.calleeOf(site), site.call) : null
      if (why !== null) add(evidenceAt(module, site.call, why))
    }
    for (const { value, line } of module.strings) {
      if (ADDRESS.test(value)) add(evidenceAtLine(module, line, 'names an address of the Internet'))
    }
    if (module.path.endsWith('.ipynb')) for (const line of commandsOf(module)) add(line)
  }
  return [...found.values()].sort((a, b) => (a.file === b.file ? a.line - b.line : 0))
}

function reasonOf(callee: string | null, call: Call): string | null {
  if (isSwitchedOn(call)) return 'downloads a data set or trained weights'
  if (callee === null) return null
  const download = DOWNLOADS.find(({ callee: name, when }) => name.test(callee) && (when?.(call) ?? true))
  if (download) return download.why
  if (!SHELLS.test(callee)) return null
  const [first] = positionalOf(call)
  const words = first?.kind === 'sequence' ? first.elements.map((element) => stringOf(element) ?? '?') : []
  const line = stringOf(first) ?? words.join(' ')
  return FETCHES.test(line) ? 'runs a command that uses the network' : null
}

const commandsOf = (module: Module): Evidence[] =>
  module.lines.flatMap((text, index) => {
    const command = COMMAND.exec(text)?.[1]
    return command !== undefined && FETCHES.test(command)
      ? [evidenceAtLine(module, index + 1, 'runs a command that uses the network')]
      : []
  })
