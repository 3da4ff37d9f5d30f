import { finishRemovals } from '../../../jobs/monitor/removals.ts'
import { deleteProject as deleteRows } from '../../chain/projects.ts'
import type { Config } from '../../config.ts'
import { userError } from '../../domain/failure.ts'
import { instanceOf, makeExecutor, openStore } from '../../main.ts'
import { dataPaths } from '../../paths.ts'
import { lockFolder } from '../../store/open.ts'
import { ask as atTerminal } from '../ask.ts'
import { onCommandLine } from '../record.ts'
import { withProject } from './open.ts'

export interface DeleteOptions {
  yes?: boolean
}

/**
 * Deletes a project with all that it has, after a question.
 * @param ask answers what a person types; null where nobody can
 * @returns the exit code: 0 done, 1 a person said no
 * @throws HoneError `no-project`, `project-busy`, `not-confirmed`
 */
export async function deleteProject(
  config: Config,
  name: string,
  { yes }: DeleteOptions,
  ask: ((question: string) => Promise<string>) | null = process.stdin.isTTY ? atTerminal : null,
): Promise<number> {
  const { project, runs } = withProject(config, name, (store, found) => ({
    project: found,
    runs: store.runs.countOf(found.id),
  }))
  if (!yes) {
    if (ask === null) throw notConfirmed(project.name)
    const what = `${project.name}, its ${ofRuns(runs)}logs, models and repository are gone for good.`
    const answer = await ask(`${what}\nType the project's name to delete it: `)
    if (answer.trim() !== project.name) {
      console.log('Nothing was deleted.')
      return 1
    }
  }
  withProject(config, name, (store, found) =>
    store.transaction(() => {
      store.audit.append(onCommandLine('project deleted', found.name))
      deleteRows(store, found)
    }),
  )
  console.log(`Deleted ${project.name}. ${await removeFiles(config)}`)
  return 0
}

/** @returns what is to be said of it */
async function removeFiles(config: Config): Promise<string> {
  const unlock = lockFolder(config.data)
  if (unlock === null) return 'The running Hone removes its files.'
  const store = openStore(config)
  try {
    let left = ''
    const parts = { store, executor: makeExecutor(config), paths: dataPaths(config.data) }
    await finishRemovals(
      { ...parts, instance: instanceOf(store), isAtWork: () => false },
      (_, { message }) => {
        left = message
      },
    )
    return left === '' ? 'Its files are gone.' : `Some of it goes when Hone runs the next time: ${left}`
  } finally {
    store.close()
    unlock()
  }
}

const ofRuns = (count: number) => (count === 0 ? '' : count === 1 ? 'run, ' : `${count} runs, `)

const notConfirmed = (name: string) =>
  userError(
    'not-confirmed',
    `There is no terminal to ask whether ${name} is to be deleted.`,
    'Give --yes to delete it without a question.',
  )
