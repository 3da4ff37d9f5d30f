import { z } from 'zod'
import type { JobModule, Running } from '../src/chain/contract.ts'
import type { Detection } from '../src/domain/detection.ts'
import { userError } from '../src/domain/failure.ts'
import { parseHoneYaml } from '../src/domain/hone-yaml.ts'
import { type RepositorySettings, resolveSettings, withinProject } from '../src/domain/settings.ts'
import { detectModel as detect } from '../src/python/detect.ts'
import { findHyperparameters } from '../src/python/hyperparameters.ts'
import type { JobContext } from './context.ts'

const MAX_SOURCE_BYTES = 1024 * 1024
const MAX_SOURCES = 2000
const MAX_TOTAL_BYTES = 32 * 1024 * 1024
const MAX_YAML_BYTES = 64 * 1024

const Output = z.object({ trialId: z.number().int(), number: z.number().int() })

/** workspace -> framework, entry point, search space, image; and trial 0, the user's own source. */
export const detectModel: JobModule<JobContext, Record<string, never>, z.infer<typeof Output>> = {
  name: 'detect-model',
  lane: 'light',
  input: z.object({}),
  output: Output,
  async run(context) {
    const { store, images, python, run, signal, progress } = context
    const hints = await readHoneYaml(context)
    const files = await readSources(context)
    const found = detect(python, files, hints)
    const hyperparameters = findHyperparameters(python, files, found.entry, found.args)
    const detection: Detection & { env: Record<string, string> } = {
      ...found,
      hyperparameters,
      env: hints.env ?? {},
    }
    await images.ensure(found.framework, progress, signal)
    const project = store.projects.byId(run.projectId)
    const settings = resolveSettings(
      project?.settings,
      withinProject(hints, project?.settings),
      run.overrides,
    )
    return {
      commit() {
        const deadline = (run.startedAt ?? store.now()) + settings.runTimeLimit * 60_000
        store.runs.update(run.id, { detection, settings, deadline })
        const values = Object.fromEntries(hyperparameters.map(({ name, value }) => [name, value]))
        const trial = store.trials.insert({ runId: run.id, number: 0, values, sha: run.sha, diff: '' })
        return { trialId: trial.id, number: 0 }
      },
    }
  },
}

async function readHoneYaml({ git, paths, run }: JobContext & Running): Promise<RepositorySettings> {
  const workspace = paths.workspace(run.id)
  const files = await git.listFiles(workspace, run.sha)
  const file = files.find(({ path }) => path === 'hone.yaml' || path === 'hone.yml')
  if (!file) return {}
  const name = file.path
  if (file.size > MAX_YAML_BYTES) {
    const remedy = 'Keep settings in it, and data elsewhere.'
    throw userError('hone-yaml', `${name} is larger than 64 KiB.`, remedy, { file: name })
  }
  return parseHoneYaml((await git.readFile(workspace, run.sha, name)).toString('utf8'))
}

async function readSources({ git, paths, run }: JobContext & Running) {
  const workspace = paths.workspace(run.id)
  const listed = await git.listFiles(workspace, run.sha)
  const scripts = listed.filter(({ path, size }) => path.endsWith('.py') && size <= MAX_SOURCE_BYTES)
  const total = scripts.reduce((sum, { size }) => sum + size, 0)
  if (scripts.length > MAX_SOURCES || total > MAX_TOTAL_BYTES) {
    throw userError(
      'too-many-files',
      `The repository has ${scripts.length} Python files of ${Math.ceil(total / 1024 / 1024)} MiB; Hone reads up to ${MAX_SOURCES} of 32 MiB.`,
      'Keep virtual environments and vendored packages out of the repository.',
    )
  }
  const sources = []
  for (const { path } of scripts) {
    sources.push({ path, text: (await git.readFile(workspace, run.sha, path)).toString('utf8') })
  }
  return sources
}
