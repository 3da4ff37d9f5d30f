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
    if (store.removals.holdsName(name)) throw stillRemoved(name)
    if (store.projects.byName(name)) {
      throw userError('name-taken', `There is a project '${name}' already.`, 'Choose another name.')
    }
    return store.projects.insert({ name, repoUrl, secret, pushTokenHash: hashOf(pushToken), settings })
  })
  return { project, secret, pushToken }
}

const stillRemoved = (name: string) =>
  userError(
    'name-taken',
    `The files of a deleted project '${name}' are still being removed.`,
    'Ask again in a moment, while a Hone runs on this data folder; or choose another name.',
  )

/**
 * Deletes a project with its runs, all of its rows at once. Files, images and volumes go afterwards, by whoever has the data
 * folder (`jobs/monitor/removals.ts`).
 * @throws HoneError `project-busy` while a run of it has not ended
 */
export function deleteProject(store: Store, project: Pick<Project, 'id' | 'name'>): void {
  store.transaction(() => {
    const [alive] = store.runs.aliveOf(project.id)
    if (alive !== undefined) {
      throw userError(
        'project-busy',
        `Run ${alive} of ${project.name} has not ended.`,
        'Cancel it on its page, then delete the project.',
      )
    }
    store.removals.begin(project)
  })
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

/** Gives the project's badge a new key: the address with the old one answers 404 from now on. */
export function rotateBadge(store: Store, { id }: Pick<Project, 'id'>): Project {
  store.projects.turnBadge(id)
  return store.projects.byId(id) as Project
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
