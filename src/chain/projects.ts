import { userError } from '../domain/failure.ts'
import { checkGitUrl } from '../domain/git-url.ts'
import { PROJECT_NAME, type Project } from '../domain/project.ts'
import { BadSettings, badSettings } from '../domain/setting-errors.ts'
import { resolveSettings, Settings } from '../domain/settings.ts'
import { TARGET_REMEDY, targetProblem } from '../domain/target.ts'
import { hashOf, newSecret } from '../secrets.ts'
import type { Store } from '../store/store.ts'

export interface ProjectRequest {
  name: string
  /** Null: Hone's own git remote. */
  repoUrl?: string | null | undefined
  settings?: Record<string, unknown> | undefined
}

export interface CreatedProject {
  project: Project
  /** For the webhook's signature. */
  secret: string
  /** The password for a push to Hone's own remote; only its hash is kept. */
  pushToken: string
}

/** Without a metric of its own, what the target is of shows in the source. */
function withReachableTarget(settings: Partial<Settings>): Partial<Settings> {
  const problem = settings.metric === undefined ? null : targetProblem(resolveSettings(settings))
  if (problem === null || settings.target === undefined) return settings
  throw new BadSettings([{ field: 'target', message: problem }], TARGET_REMEDY)
}

/** @throws BadSettings that names every wrong key, or a target that its metric never comes to */
export function checkSettings(settings: unknown): Partial<Settings> {
  const result = Settings.partial().safeParse(settings)
  if (result.success) return withReachableTarget(result.data)
  throw badSettings(result.error.issues, Object.keys(Settings.shape), settings)
}

/**
 * Merges settings into a project's; null takes one back to its default. All of them or none.
 * @returns the project as it is then
 * @throws BadSettings
 */
export function changeSettings(
  store: Store,
  { id }: Pick<Project, 'id'>,
  change: Readonly<Record<string, unknown>>,
): Project {
  return store.transaction(() => {
    const before = store.projects.byId(id)?.settings
    const merged: [string, unknown][] = Object.entries({ ...before, ...change })
    const kept = Object.fromEntries(merged.filter(([, value]) => value !== null))
    store.projects.update(id, { settings: checkSettings(kept) })
    return store.projects.byId(id) as Project
  })
}

/**
 * Makes a project with a new secret and push token, which are answered this once.
 * @throws HoneError `bad-name`, `bad-repository-url`, `bad-settings` or `name-taken`
 */
export function createProject(store: Store, request: ProjectRequest): CreatedProject {
  const { name } = request
  if (!PROJECT_NAME.test(name) || name.toLowerCase().endsWith('.git')) {
    throw userError(
      'bad-name',
      `'${name}' cannot be a project's name.`,
      "Use up to 64 letters, digits, '.', '_' and '-', with a letter or digit at both ends, not ending in '.git'.",
    )
  }
  const repoUrl = request.repoUrl == null ? null : checkGitUrl(request.repoUrl.trim())
  const settings = checkSettings(request.settings ?? {})
  const secret = newSecret()
  const pushToken = newSecret()
  const project = store.transaction(() => {
    if (store.projects.byName(name)) {
      throw userError('name-taken', `There is a project '${name}' already.`, 'Choose another name.')
    }
    return store.projects.insert({ name, repoUrl, secret, pushTokenHash: hashOf(pushToken), settings })
  })
  return { project, secret, pushToken }
}

/**
 * Gives the webhook a new secret: what is signed with the old one is refused from now on.
 * @returns the new one, this once
 */
export function rotateSecret(store: Store, project: Pick<Project, 'id'>): string {
  const secret = newSecret()
  store.projects.update(project.id, { secret })
  return secret
}

/**
 * Gives the project's git remote a new push token: the old one is refused from now on.
 * @returns the new one, this once
 */
export function rotatePushToken(store: Store, project: Pick<Project, 'id'>): string {
  const pushToken = newSecret()
  store.projects.update(project.id, { pushTokenHash: hashOf(pushToken) })
  return pushToken
}
