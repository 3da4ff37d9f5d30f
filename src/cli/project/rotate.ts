import { rotatePushToken, rotateSecret } from '../../chain/projects.ts'
import type { Config } from '../../config.ts'
import { userError } from '../../domain/failure.ts'
import { publicUrl } from '../../main.ts'
import { withProject } from './open.ts'
import { withPushToken } from './remote.ts'

export interface RotateOptions {
  secret?: boolean
  pushToken?: boolean
  json?: boolean
}

/** Gives a project new secrets, which are printed this once; the old ones are refused from then on. */
export function rotate(config: Config, name: string, { secret, pushToken, json }: RotateOptions): void {
  if (!secret && !pushToken) {
    throw userError(
      'nothing-to-rotate',
      'It is not said what is to be new.',
      'Give --secret, --push-token or both.',
    )
  }
  withProject(config, name, (store, project) => {
    const made = store.transaction(() => ({
      ...(secret ? { secret: rotateSecret(store, project) } : {}),
      ...(pushToken ? { pushToken: rotatePushToken(store, project) } : {}),
    }))
    if (json) {
      console.log(JSON.stringify({ name: project.name, ...made }))
      return
    }
    console.log('Shown this once; the old is refused from now on.\n')
    if (made.secret) console.log(`  webhook secret   ${made.secret}`)
    if (!made.pushToken) return
    console.log(`  push token       ${made.pushToken}`)
    if (project.repoUrl !== null) return
    const remote = `${publicUrl(config)}/git/${project.name}.git`
    console.log('\nIn each folder that pushes to the remote hone:\n')
    console.log(`  git remote set-url hone ${withPushToken(remote, made.pushToken)}`)
  })
}
