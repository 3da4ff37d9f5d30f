import { z } from 'zod'
import type { JobModule } from '../src/chain/contract.ts'
import { reached } from '../src/fault-points.ts'
import { type JobContext, sourceUrl } from './context.ts'

const Output = z.object({ sha: z.string() })

/** push -> workspace: a work tree at the exact commit, on the run's own branch. */
export const gitImport: JobModule<JobContext, Record<string, never>, z.infer<typeof Output>> = {
  name: 'git-import',
  lane: 'prepare',
  // They share the project's mirror, and a git server that hangs is to hold up no other project.
  exclusive: 'project',
  input: z.object({}),
  output: Output,
  async run(context) {
    const { store, git, paths, run, signal } = context
    const project = store.projects.byId(run.projectId)
    if (!project) throw new Error(`run ${run.id} has no project`)
    const url = sourceUrl(context, project)
    const mirror = paths.mirror(project.name)
    // A push with force must not take the commit away from a run that goes on.
    if (project.repoUrl === null) await git.keepCommit(url, `run-${run.id}`, run.sha)
    await git.fetchCommit(mirror, url, run.ref, run.sha, signal)
    reached('git-import')
    const { submodules, lfs } = run.settings
    const commit = await git.createWorkspace(
      paths.workspace(run.id),
      mirror,
      run.sha,
      `hone/run-${run.number}`,
      {
        submodules,
        lfs,
        url,
      },
      signal,
    )
    reached('git-import')
    const { author, message, sha } = commit
    return {
      commit() {
        store.runs.update(run.id, { author, message })
        return { sha }
      },
    }
  },
}
