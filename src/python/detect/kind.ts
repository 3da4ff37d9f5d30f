import type { Evidence, Family, Framework, ModelKind } from '../../domain/detection.ts'
import { frameworkOfName } from '../knowledge/libraries.ts'
import type { Names } from '../names/names.ts'
import { adversary } from './adversarial.ts'
import { estimatorFamily, isTabular, type Trained, trainedEstimators } from './estimators.ts'
import { evidenceAt, evidenceAtLine } from './evidence.ts'
import { hintedFramework, trainedFramework } from './framework.ts'
import { layersOf } from './layers.ts'
import { networkFamily } from './network.ts'
import { environment, noiseSchedule } from './patterns.ts'
import { type Program, programOf, type Verdict } from './program.ts'
import { reconstruction } from './reconstruction.ts'
import { metricFor, taskOf } from './task.ts'
import { versionsOf } from './versions.ts'

const EVIDENCE_LIMIT = 8

/**
 * What kind of model a program trains.
 * @param hints hone.yaml, whose word on the framework counts
 * @returns null when it trains nothing with a known framework
 * @throws HoneError `framework-unknown`
 */
export function kindOf(
  names: Names,
  hints: { framework?: string | undefined },
): (ModelKind & { evidence: Evidence[] }) | null {
  const hinted = hintedFramework(hints.framework)
  const program = programOf(names)
  const trained = trainedEstimators(program)
  const framework = hinted ?? trainedFramework(program, trained)
  if (!framework) return null
  const { family: told, evidence } = familyOf(program, framework, trained)
  const family = told ?? USUAL[framework] ?? null
  const task = taskOf(program, family, trained)
  return {
    framework,
    family,
    task,
    metric: metricFor(program, family, task),
    versions: versionsOf(program),
    evidence: [...importOf(program, framework), ...evidence, ...trainingOf(program, framework)].slice(
      0,
      EVIDENCE_LIMIT,
    ),
  }
}

/** What a framework trains where nothing that is built tells it. */
const USUAL: Partial<Record<Framework, Family>> = {
  transformers: 'transformer',
  xgboost: 'boosting',
  lightgbm: 'boosting',
  catboost: 'boosting',
  statsmodels: 'linear',
}

function familyOf(program: Program, framework: Framework, trained: readonly Trained[]): Verdict {
  const acting = environment(program)
  if (acting) return { family: 'reinforcement', evidence: [acting] }
  if (isTabular(framework)) {
    const family = estimatorFamily(trained, framework)
    const evidence = trained
      .slice(0, 3)
      .map(({ node, module, name }) => evidenceAt(module, node, `makes ${name.split('.').at(-1)}`))
    return { family, evidence }
  }
  const patterns: [Family, (program: Program) => Evidence | null][] = [
    ['diffusion', noiseSchedule],
    ['gan', adversary],
  ]
  for (const [family, sign] of patterns) {
    const evidence = sign(program)
    if (evidence) return { family, evidence: [evidence] }
  }
  const network = networkFamily(program, layersOf(program))
  if (network.family === 'gnn') return network
  const copies = reconstruction(program)
  return copies ? { family: 'autoencoder', evidence: [copies, ...network.evidence] } : network
}

function importOf(program: Program, framework: Framework): Evidence[] {
  for (const module of program.names.modules) {
    for (const imported of module.imports) {
      if (imported.level > 0 || frameworkOfName(imported.module) !== framework) continue
      const text =
        imported.name === null || imported.name === '*'
          ? imported.module
          : `${imported.module}.${imported.name}`
      return [evidenceAtLine(module, imported.line, `imports ${text}`)]
    }
  }
  return []
}

function trainingOf(program: Program, framework: Framework): Evidence[] {
  const own = program.trainings.find((training) => training.framework === framework) ?? program.trainings[0]
  return own ? [own.evidence] : []
}
