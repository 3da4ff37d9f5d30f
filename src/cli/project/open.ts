import type { Config } from '../../config.ts'
import { userError } from '../../domain/failure.ts'
import type { Project } from '../../domain/project.ts'
import { BadSettings } from '../../domain/setting-errors.ts'
import { openStore } from '../../main.ts'
import type { Store } from '../../store/store.ts'

/** Does something with a project of the data folder, whether a server runs there or not. @throws HoneError `no-project` */
export function withProject<T>(config: Config, name: string, work: (store: Store, project: Project) => T): T {
  const store = openStore(config)
  try {
    const project = store.projects.byName(name)
    if (project) return work(store, project)
    const names = store.projects.all().map((known) => known.name)
    throw userError(
      'no-project',
      `There is no project '${name}' in ${config.data}.`,
      names.length === 0
        ? `Make it with \`hone project add ${name}\`, or set HONE_DATA to the folder that it is in.`
        : `There are ${names.join(', ')}.`,
    )
  } finally {
    store.close()
  }
}

/** The option that sets a setting. */
const OPTIONS: Record<string, string> = { branches: '--branch' }
export const optionOf = (setting: string) => `${OPTIONS[setting] ?? `--${setting}`}:`

/** Lets refused settings be told by the names that they have on the command line. */
export function namedBy<T>(nameOf: (setting: string) => string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error
    const named = (field: string) => nameOf(field.split('.')[0] as string)
    throw new BadSettings(error.fields, error.failure.remedy, named)
  }
}
