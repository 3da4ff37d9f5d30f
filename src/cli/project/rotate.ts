import { rotateBadge, rotatePushToken, rotateSecret } from '../../chain/projects.ts'
import type { Config } from '../../config.ts'
import { userError } from '../../domain/failure.ts'
import { type Project, SECRET_NAMES } from '../../domain/project.ts'
import { badgeView } from '../../http/badge/address.ts'
import { publicUrl } from '../../main.ts'
import type { Store } from '../../store/store.ts'
import { onCommandLine } from '../record.ts'
import { withProject } from './open.ts'
import { withPushToken } from './remote.ts'

export interface RotateOptions {
  secret?: boolean
  pushToken?: boolean
  badge?: boolean
  json?: boolean
}

/** Gives a project new secrets, which are printed this once; the old ones are refused from then on. */
export function rotate(config: Config, name: string, { json, ...wanted }: RotateOptions): void {
  if (!wanted.secret && !wanted.pushToken && !wanted.badge) {
    throw userError(
      'nothing-to-rotate',
      'It is not said what is to be new.',
      'Give --secret, --push-token, --badge or several of them.',
    )
  }
  withProject(config, name, (store, project) => {
    const made = store.transaction(() => renewed(store, project, wanted, publicUrl(config)))
    if (json) console.log(JSON.stringify({ name: project.name, ...made }))
    else print(config, project, made)
  })
}

interface Made {
  secret?: string
  pushToken?: string
  /** Markdown with the new address. */
  badge?: string
}

/** Each with its row of the record. Inside a transaction. */
function renewed(store: Store, project: Project, wanted: Omit<RotateOptions, 'json'>, url: string): Made {
  const record = (what: keyof typeof SECRET_NAMES) =>
    store.audit.append(onCommandLine('secret changed', `${SECRET_NAMES[what]} of ${project.name}`))
  const made: Made = {}
  if (wanted.secret) {
    record('secret')
    made.secret = rotateSecret(store, project)
  }
  if (wanted.pushToken) {
    record('push-token')
    made.pushToken = rotatePushToken(store, project)
  }
  if (wanted.badge) {
    record('badge')
    made.badge = badgeView(store, rotateBadge(store, project), url).markdown
  }
  return made
}

function print(config: Config, project: Project, { secret, pushToken, badge }: Made): void {
  if (secret ?? pushToken) console.log('Shown this once; the old is refused from now on.\n')
  if (secret) console.log(`  webhook secret   ${secret}`)
  if (pushToken) console.log(`  push token       ${pushToken}`)
  if (pushToken && project.repoUrl === null) {
    const remote = `${publicUrl(config)}/git/${project.name}.git`
    console.log('\nIn each folder that pushes to the remote hone:\n')
    console.log(`  git remote set-url hone ${withPushToken(remote, pushToken)}`)
  }
  if (badge) console.log(`\nThe badge, in place of the old one, which is not shown any more:\n\n  ${badge}`)
}
