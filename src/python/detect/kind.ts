import type { Evidence, Family, Framework, ModelKind } from '../../domain/detection.ts'
import type { Names } from '../names/names.ts'
import { adversary } from './adversarial.ts'
import { predictedNoise } from './denoising.ts'
import { estimatorFamily, isTabular, type Trained, trainedEstimators } from './estimators.ts'
import { evidenceAt } from './evidence.ts'
import { importOf, lossOf, trainingOf } from './explain.ts'
import { hintedFramework, trainedFramework } from './framework.ts'
import { layersOf } from './layers.ts'
import { ownNetwork } from './named.ts'
import { networkFamily } from './network.ts'
import { environment, noiseSchedule } from './patterns.ts'
import { lastPart, type Program, programOf, type Verdict, wholeOf } from './program.ts'
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
  const reached = familyOf(program, framework, trained)
  // What is chosen by a name or a configuration when the program runs counts where nothing else tells.
  const hidden = reached.family === null && !isTabular(framework) && !USUAL[framework]
  const { family: told, evidence } = hidden ? familyOf(wholeOf(program), framework, trained) : reached
  const family = told ?? USUAL[framework] ?? null
  const task = taskOf(program, family, trained)
  return {
    framework,
    family,
    task,
    metric: metricFor(program, family, task),
    versions: versionsOf(program),
    evidence: [
      ...importOf(program, framework, trained),
      ...evidence,
      ...trainingOf(program, framework),
      ...(isTabular(framework) ? [] : lossOf(program)),
    ].slice(0, EVIDENCE_LIMIT),
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
      .map(({ node, module, name }) => evidenceAt(module, node, `makes ${lastPart(name)}`))
    return { family, evidence }
  }
  const patterns: [Family, (program: Program) => Evidence | null][] = [
    ['diffusion', noiseSchedule],
    ['diffusion', predictedNoise],
    ['gan', adversary],
  ]
  for (const [family, sign] of patterns) {
    const evidence = sign(program)
    if (evidence) return { family, evidence: [evidence] }
  }
  const network = networkFamily(program, layersOf(program))
  if (network.family === 'gnn') return network
  const named = ownNetwork(program, ['diffusion', 'gnn', 'autoencoder'])
  if (named.family) return { family: named.family, evidence: [...named.evidence, ...network.evidence] }
  const copies = reconstruction(program)
  return copies ? { family: 'autoencoder', evidence: [copies, ...network.evidence] } : network
}
