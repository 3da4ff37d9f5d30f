import { createProject } from '../chain/projects.ts'
import type { Config } from '../config.ts'
import { mountOf } from '../domain/setting-text.ts'
import { openStore, publicUrl } from '../main.ts'
import { namedBy, optionOf } from './project/open.ts'
import { withPushToken } from './project/remote.ts'
import { onCommandLine } from './record.ts'
import { style } from './style.ts'

export interface ProjectOptions {
  repo?: string
  branch?: string[]
  target?: number
  trials?: number
  metric?: string
  mail?: string[]
  /** `source:path`, as of `docker run -v`. */
  data?: string[]
  json?: boolean
}

/** Makes a project in the data folder, whether a server runs there or not, and prints how to connect it. */
export function addProject(config: Config, name: string, options: ProjectOptions): void {
  const store = openStore(config)
  try {
    const settings = settingsOf(options)
    const { project, secret, pushToken } = namedBy(optionOf, () =>
      store.transaction(() => {
        const made = createProject(store, { name, repoUrl: options.repo ?? null, settings })
        store.audit.append(onCommandLine('project made', made.project.name))
        return made
      }),
    )
    const url = publicUrl(config)
    const webhook = `${url}/webhooks/${project.name}`
    const remote = project.repoUrl === null ? `${url}/git/${project.name}.git` : null
    if (options.json) {
      console.log(JSON.stringify({ name: project.name, webhook, secret, gitRemote: remote, pushToken }))
      return
    }
    console.log(`Project ${style.bold(project.name)} is there. What follows is shown this once.\n`)
    console.log(`  webhook address  ${webhook}`)
    console.log(`  webhook secret   ${secret}`)
    if (remote === null) return
    console.log(`  git remote       ${remote}`)
    console.log(`  push token       ${pushToken}\n`)
    console.log('In the repository, to train it:\n')
    console.log(`  git remote add hone ${withPushToken(remote, pushToken)}\n  git push hone HEAD:main`)
  } finally {
    store.close()
  }
}

const settingsOf = (options: ProjectOptions) => ({
  ...(options.branch ? { branches: options.branch } : {}),
  ...(options.target === undefined ? {} : { target: options.target }),
  ...(options.trials === undefined ? {} : { trials: options.trials }),
  ...(options.metric === undefined ? {} : { metric: options.metric }),
  ...(options.data ? { data: options.data.map(mountOf) } : {}),
  ...(options.mail ? { mail: options.mail } : {}),
})
