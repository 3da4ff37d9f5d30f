import type { Evidence, Framework } from '../../domain/detection.ts'
import { canonical } from '../knowledge/canonical.ts'
import { frameworkOfName } from '../knowledge/libraries.ts'
import { taskOfLoss } from '../knowledge/tasks.ts'
import type { Module } from '../names/module.ts'
import type { Import } from '../syntax/tree.ts'
import { keywordOf } from '../syntax/walk.ts'
import type { Trained } from './estimators.ts'
import { evidenceAt, evidenceAtLine } from './evidence.ts'
import { lastPart, type Program } from './program.ts'

/** Parts of a library that prepare data or score: an import of them tells less than one of a model. */
const HELPERS =
  /\b(metrics|model_selection|preprocessing|datasets|pipeline|utils|callbacks|optimizers|regularizers|base)\b/

/** The import that tells the framework most: of a model that is trained, else of the library itself. */
export function importOf(program: Program, framework: Framework, trained: readonly Trained[]): Evidence[] {
  const models = new Set(trained.map(({ name }) => lastPart(name)))
  let best: { module: Module; imported: Import; rank: number } | null = null
  for (const module of program.names.modules) {
    for (const imported of module.imports) {
      if (imported.level > 0 || frameworkOfName(canonical(imported.module)) !== framework) continue
      if (program.names.project.resolve(module.path, imported).length > 0) continue
      const rank = models.has(imported.name ?? '') ? 2 : HELPERS.test(spelt(imported)) ? 0 : 1
      if (!best || rank > best.rank) best = { module, imported, rank }
    }
  }
  return best ? [evidenceAtLine(best.module, best.imported.line, `imports ${spelt(best.imported)}`)] : []
}

const spelt = ({ module, name }: Import): string =>
  name === null || name === '*' ? module : `${module}.${name}`

/** The first call that trains with the framework. */
export function trainingOf(program: Program, framework: Framework): Evidence[] {
  const own = program.trainings.find((training) => training.framework === framework) ?? program.trainings[0]
  return own ? [own.evidence] : []
}

/** The loss that a network is trained for. */
export function lossOf(program: Program): Evidence[] {
  for (const { callee, site, module } of program.calls) {
    if (callee === null) continue
    const given = keywordOf(site.call, 'loss')
    if (given && /\.compile$/.test(callee)) return [evidenceAt(module, given, 'gives the loss')]
    if (taskOfLoss(lastPart(callee)))
      return [evidenceAt(module, site.call, `makes the loss ${lastPart(callee)}`)]
  }
  return []
}
