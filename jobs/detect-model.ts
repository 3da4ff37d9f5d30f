import { z } from 'zod'
import type { JobModule, Running } from '../src/chain/contract.ts'
import { userError } from '../src/domain/failure.ts'
import { parseHoneYaml } from '../src/domain/hone-yaml.ts'
import {
  detectedObjective,
  type RepositorySettings,
  resolveSettings,
  type Settings,
  withinProject,
} from '../src/domain/settings.ts'
import { requireReachableTarget } from '../src/domain/target.ts'
import { MAX_SCRIPT_BYTES, type RepositoryFiles } from '../src/python/analyse-files.ts'
import { selectFiles } from '../src/python/select.ts'
import type { JobContext } from './context.ts'
import { prepareImage, withGpus } from './detect-model/image.ts'
import { searchedOf } from './detect-model/space.ts'
import type { RunDetection } from './schemas.ts'

const MAX_YAML_BYTES = 64 * 1024

const Output = z.object({
  trialId: z.number().int(),
  number: z.number().int(),
  /** Trainings at a time. */
  parallel: z.number().int(),
})
export type DetectModelOutput = z.infer<typeof Output>

/** workspace -> framework, entry point, search space, image; and trial 0, the user's own source. */
export const detectModel: JobModule<JobContext, Record<string, never>, DetectModelOutput> = {
  name: 'detect-model',
  lane: 'prepare',
  input: z.object({}),
  output: Output,
  async run(context) {
    const { store, run } = context
    // What it repeats has looked at this commit: the settings are in force already, but for those that were changed.
    const known = (run.rerun?.from === 'train' && store.runs.get(run.rerun.run).detection) || null
    const same = known && (await withGpus(context, known as RunDetection))
    if (same) return { commit: () => begin(context, same, run.settings) }
    const { hints, files, listed } = await readRepository(context)
    const found = await context.analyse(files, hints, context.signal)
    const { hyperparameters: all, leftAlone: kept, imports, installs, ...model } = found
    const project = store.projects.byId(run.projectId)
    const layers = [project?.settings, withinProject(hints, project?.settings), run.overrides]
    const settings = resolveSettings(detectedObjective(model.metric, layers), ...layers)
    requireReachableTarget(settings)
    const searched = searchedOf(
      { hyperparameters: all, leftAlone: kept },
      hints.hyperparameters ?? {},
      settings.trials,
      hints.forbidden,
    )
    const { image, gpus } = await prepareImage(context, found, listed, hints, settings)
    const detection: RunDetection = {
      ...model,
      ...searched,
      ...{ image, gpus },
      env: hints.env ?? {},
      artifacts: hints.artifacts ?? [],
    }
    return { commit: () => begin(context, detection, settings) }
  },
}

/** Writes what was found, and trial 0. Inside a transaction. */
function begin(
  { store, run, config }: JobContext & Running,
  detection: RunDetection,
  settings: Settings,
): DetectModelOutput {
  const deadline =
    (store.runs.get(run.id).startedAt ?? store.now()) + Math.ceil(settings.runTimeLimit * 60_000)
  store.runs.update(run.id, { detection, settings, deadline })
  const values = Object.fromEntries(detection.hyperparameters.map(({ name, value }) => [name, value]))
  const trial = store.trials.insert({
    runId: run.id,
    number: 0,
    values,
    origin: 'your own values',
    repeats: null,
    seed: settings.seed,
    sha: run.sha,
    diff: '',
  })
  const parallel = Math.min(settings.parallel, config.parallel, settings.trials)
  return { trialId: trial.id, number: 0, parallel }
}

/** hone.yaml, and the files that the analysis looks at. */
async function readRepository({ git, paths, run }: JobContext & Running): Promise<{
  hints: RepositorySettings
  files: RepositoryFiles
  listed: { path: string; size: number }[]
}> {
  const workspace = paths.workspace(run.id)
  const listed = await git.listFiles(workspace, run.sha)
  const yaml = listed.find(({ path }) => path === 'hone.yaml' || path === 'hone.yml')
  if (yaml && yaml.size > MAX_YAML_BYTES) {
    const remedy = 'Keep settings in it, and data elsewhere.'
    throw userError('hone-yaml', `${yaml.path} is larger than 64 KiB.`, remedy, { file: yaml.path })
  }
  const hints = yaml
    ? parseHoneYaml((await git.readFile(workspace, run.sha, yaml.path)).toString('utf8'))
    : {}
  const selected = selectFiles(listed)
  const isLarge = ({ path, size }: { path: string; size: number }) =>
    path.endsWith('.py') && size > MAX_SCRIPT_BYTES
  const wanted = selected.filter((file) => !isLarge(file)).map(({ path }) => path)
  const contents = await git.readFiles(workspace, run.sha, wanted)
  const read = [...contents].map(([path, bytes]) => ({ path, bytes }))
  return { hints, listed, files: { read, tooLarge: selected.filter(isLarge) } }
}
