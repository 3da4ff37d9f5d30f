import { createHash, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { userError } from '../domain/failure.ts'
import { checkGitUrl } from '../domain/git-url.ts'
import { PROJECT_NAME, type Project } from '../domain/project.ts'
import { Settings } from '../domain/settings.ts'
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

export const newToken = () => randomBytes(32).toString('base64url')
export const hashToken = (token: string) => createHash('sha256').update(token).digest('hex')

/** `settings.trials: expected number, ...; settings.x: ...` */
const describe = (issues: z.core.$ZodIssue[]) =>
  issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `settings.${key}: there is no such setting`)
        : [`settings.${issue.path.join('.')}: ${issue.message}`],
    )
    .join('; ')

/** @throws HoneError `bad-settings` that names every wrong key */
export function checkSettings(settings: unknown): Partial<Settings> {
  const result = Settings.partial().safeParse(settings)
  if (result.success) return result.data
  throw userError(
    'bad-settings',
    describe(result.error.issues),
    `Known: ${Object.keys(Settings.shape).join(', ')}.`,
  )
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
  const secret = newToken()
  const pushToken = newToken()
  const project = store.transaction(() => {
    if (store.projects.byName(name)) {
      throw userError('name-taken', `There is a project '${name}' already.`, 'Choose another name.')
    }
    return store.projects.insert({ name, repoUrl, secret, pushTokenHash: hashToken(pushToken), settings })
  })
  return { project, secret, pushToken }
}
