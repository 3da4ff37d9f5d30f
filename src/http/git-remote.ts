import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Request, type Response, Router } from 'express'
import { PROJECT_NAME, type Project } from '../domain/project.ts'
import type { Access } from './access.ts'
import { isPushToken } from './auth.ts'
import { runCgi } from './cgi.ts'
import type { HttpDeps } from './deps.ts'
import { toHttpError } from './errors.ts'
import { hookEnvironment, postReceiveHook } from './post-receive.ts'
import { reconcileOwnRemote } from './pushes.ts'

const ADDRESS = /^\/([^/]{1,64})\.git\/(info\/refs|git-upload-pack|git-receive-pack)$/
const SERVICES = new Set(['git-upload-pack', 'git-receive-pack'])
/** Processes of git at once; more are asked to come again. */
const MAX_CHILDREN = 16
/** Of one push, compressed. */
const MAX_PACK = '2g'

const NO_PROJECT = 'Hone: there is no such project or address.'
const ASKED = "Hone: the password is the project's push token (any user name)."

/** Only these of the server's variables reach git. */
const PASSED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot']

function gitEnvironment(repository: string): Record<string, string> {
  const config = [
    ['safe.directory', repository],
    ['receive.maxInputSize', MAX_PACK],
  ]
  const env: Record<string, string> = {
    GIT_PROJECT_ROOT: dirname(repository),
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: String(config.length),
  }
  for (const [at, [key, value]] of config.entries()) {
    env[`GIT_CONFIG_KEY_${at}`] = key as string
    env[`GIT_CONFIG_VALUE_${at}`] = value as string
  }
  for (const name of PASSED) {
    const value = process.env[name]
    if (value !== undefined) env[name] = value
  }
  return env
}

const refuse = (response: Response, status: number, text: string) =>
  void response.status(status).type('text/plain').send(`${text}\n`)

const viewerMayNot = (name: string) =>
  `Hone: ${name} is a viewer, who may look at runs but not push. An admin can push, or give the project's push token away.`

/** The same of a project that is not there, so that who has no token learns no names. */
function wrongPassword(base: string, name: string): string {
  if (!PROJECT_NAME.test(name)) return ASKED
  return [
    `Hone: this password is not the push token of a project ${name}: it is another one, an old one, or there is no such project.`,
    `Hone: an admin makes a new token on ${base}/projects/${name}/connect, under Secrets, or by: hone project rotate ${name} --push-token`,
  ].join('\n')
}

/** The password of basic authentication; the user's name does not matter. */
function passwordOf(request: Request): string | null {
  const basic = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(request.get('authorization') ?? '')?.[1]
  if (basic === undefined) return null
  const text = Buffer.from(basic, 'base64').toString()
  const colon = text.indexOf(':')
  return colon === -1 ? null : text.slice(colon + 1)
}

/** `/git/<project>.git`: smart HTTP, served by git's own http-backend. Texts are for the terminal of who pushes. */
export function gitRemote(deps: HttpDeps, access: Access, hookToken: string): Router {
  const { store, paths, logger } = deps
  const backend = promisify(execFile)('git', ['--exec-path']).then(({ stdout }) =>
    join(stdout.trim(), 'git-http-backend'),
  )
  backend.catch(() => undefined)
  let children = 0
  const making = new Map<string, Promise<void>>()

  /** Makes the repository on first use, once, whoever asks at the same time. */
  const ensure = (repository: string): Promise<void> => {
    const going = making.get(repository)
    if (going) return going
    const made = deps.git.initRemote(repository, postReceiveHook()).finally(() => making.delete(repository))
    making.set(repository, made)
    return made
  }

  const serve = async (request: Request, response: Response, project: Project, path: string) => {
    const repository = paths.ownRemote(project.name)
    await ensure(repository)
    if (store.projects.byId(project.id) === null)
      return void (await deletedMeanwhile(project, repository, response))
    const hookUrl = `${deps.hookUrl()}/internal/git/${project.name}`
    const { complete, stderr } = await runCgi(request, response, {
      command: await backend,
      args: [],
      env: { ...gitEnvironment(repository), ...hookEnvironment(hookUrl, hookToken) },
      pathInfo: `/${project.name}.git/${path}`,
      remoteUser: 'hone',
    })
    if (stderr !== '') logger.warn({ project: project.name, stderr }, 'git said while it served')
    // The refs may have moved although the hook was cut off.
    if (!complete && path === 'git-receive-pack') await reconcileOwnRemote(deps, project)
  }

  /** What was made just now belongs to nobody, or to a new project of the same name. */
  const deletedMeanwhile = async (project: Project, repository: string, response: Response) => {
    if (store.projects.byName(project.name) === null) await rm(repository, { recursive: true, force: true })
    refuse(response, 404, NO_PROJECT)
  }

  const router = Router({ caseSensitive: true })
  router.use(async (request, response) => {
    const [, name = '', path = ''] = ADDRESS.exec(request.path) ?? []
    const password = passwordOf(request)
    const project = PROJECT_NAME.test(name) ? store.projects.byName(name) : null
    const isOwn = password !== null && isPushToken(project?.pushTokenHash, password)
    const who = password === null || isOwn ? null : access.ofToken(password)
    if (!isOwn && who?.role !== 'admin') {
      // Git asks without a password first.
      if (password !== null)
        access.refusals.note(
          request,
          `the git remote of ${name || 'no project'}${who ? `, to ${who.user}, a viewer` : ''}`,
        )
      if (who) return refuse(response, 403, viewerMayNot(who.user))
      response.set('WWW-Authenticate', 'Basic realm="Hone", charset="UTF-8"')
      return refuse(response, 401, password === null ? ASKED : wrongPassword(deps.url(), name))
    }
    if (who?.tokenId != null) store.tokens.used(who.tokenId)
    if (!project) return refuse(response, 404, NO_PROJECT)
    if (project.repoUrl !== null) {
      return refuse(response, 403, `Hone: ${project.name} has its code elsewhere; push there.`)
    }
    const isRefs = path === 'info/refs'
    if (request.method !== (isRefs ? 'GET' : 'POST')) return refuse(response, 405, 'Hone: not so.')
    if (isRefs && !SERVICES.has(String(request.query.service))) {
      return refuse(response, 403, 'Hone: this git is too old; smart HTTP is needed.')
    }
    if (children >= MAX_CHILDREN) {
      response.set('Retry-After', '5')
      return refuse(response, 503, 'Hone: too many git processes at once; try again in a moment.')
    }
    children++
    try {
      await serve(request, response, project, path)
    } catch (error) {
      logger.error({ err: error, project: project.name }, 'git remote failed')
      if (response.headersSent) return void response.destroy()
      const { status, message, remedy = '' } = toHttpError(error)
      refuse(response, status, `Hone: ${message} ${remedy}`)
    } finally {
      children--
    }
  })
  return router
}
