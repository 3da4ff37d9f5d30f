import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Docker from 'dockerode'
import { connectionOptions } from '../../src/containers/engine.ts'
import type { NewProjectView } from '../../src/http/contract.ts'
import { dataPaths } from '../../src/paths.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import { dockerHost as machineEngine } from '../helpers/docker.ts'
import type { Fault, Setup } from './fault.ts'
import { type GitOrigin, gitOrigin } from './origin.ts'
import { type Post, post } from './post.ts'
import { ChaosServer } from './server.ts'
import { sendPush } from './webhook.ts'

const SCRIPT = fileURLToPath(new URL('train.py', import.meta.url))

/** A checkpoint after every epoch, however slow this machine is. */
const honeYaml = (image: string) => `entry: train.py
framework: scikit-learn
image: ${image}
metric: accuracy
hyperparameters:
  EPOCHS: 5
env:
  HONE_CHECKPOINT_SHARE: '100'
`

/** The same for every run; the sampler named, so that what earlier runs found has no part in a later one. */
const SETTINGS = {
  target: 0.9999,
  trials: 2,
  sampler: 'random',
  pruner: 'none',
  memory: '96m',
  restarts: 3,
  keepImage: false,
  mail: ['ada@example.org'],
}

/** A Hone with all that it speaks to, each of it real, and one project in it. */
export class World {
  readonly server: ChaosServer
  readonly setup: Setup
  readonly origin: GitOrigin
  readonly post: Post
  /** The engine that the server trains on. */
  readonly docker: Docker
  #project: NewProjectView | null = null
  #instance = ''
  readonly #undo: () => Promise<void>

  /** Use `makeWorld`. */
  constructor(setup: Setup, origin: GitOrigin, mails: Post, undo: () => Promise<void>) {
    this.setup = setup
    this.origin = origin
    this.post = mails
    this.docker = new Docker(connectionOptions(setup.dockerHost))
    this.#undo = undo
    const env = {
      HONE_SMTP_URL: mails.url,
      HONE_PARALLEL: '1',
      ...(setup.dockerHost ? { DOCKER_HOST: setup.dockerHost } : {}),
      ...setup.env,
    }
    this.server = new ChaosServer(setup.data, env, setup.preloads)
  }

  /** Where what lies in the server's data folder. */
  get paths() {
    return dataPaths(this.setup.data)
  }

  /** Of the project, and so of all runs. */
  get settings() {
    return { ...SETTINGS, ...this.setup.settings }
  }

  get inParallel() {
    return (this.setup.settings.parallel ?? 1) > 1
  }

  /** On the label `hone.instance` of all of the server's containers and volumes. */
  get instance() {
    return this.#instance
  }

  get project(): NewProjectView {
    if (!this.#project) throw new Error('the world is not open yet')
    return this.#project
  }

  async open(): Promise<void> {
    await this.server.start()
    this.#project = await this.server.api('/projects', {
      method: 'POST',
      body: JSON.stringify({ name: 'chaos', repoUrl: this.origin.url, settings: this.settings }),
    })
    this.#instance = this.store((store) => store.meta.get('instance')) ?? ''
  }

  /**
   * Files of a commit whose run builds an image of its own, with a step that takes a moment.
   * @param base tag of the image that the others train in
   */
  static ownImage = (base: string) => ({
    'hone.yaml': honeYaml('Dockerfile'),
    Dockerfile: `FROM ${base}\nUSER root\nRUN echo ${randomUUID()} && sleep 0.3\n`,
  })

  /** Commits something and tells the server by its webhook. @returns the run's id once the server has answered 202 */
  push(files: Record<string, string>, signal: AbortSignal): Promise<number> {
    const sha = this.origin.commit(
      { 'hone.yaml': honeYaml('base'), ...files, 'README.md': randomUUID() },
      'Train',
    )
    const { webhookUrl, secret } = this.project
    const path = new URL(webhookUrl).pathname
    return sendPush({ url: () => `${this.server.url}${path}`, secret }, sha, signal)
  }

  /** Starts the server when a fault has left it dead, so that each cell begins alike. */
  async ready(): Promise<void> {
    const answers = await this.server.api('/health').then(
      () => true,
      () => false,
    )
    if (answers) return
    await this.server.kill('SIGKILL')
    await this.server.start()
  }

  /** Looks into the server's database beside it. */
  store<T>(look: (store: ReturnType<typeof createStore>) => T): T {
    const store = createStore(openDatabase(this.paths.database))
    try {
      return look(store)
    } finally {
      store.close()
    }
  }

  async dispose(): Promise<void> {
    try {
      await this.server.dispose()
    } finally {
      await this.post.close()
      await this.origin.dispose()
      await this.#undo()
    }
  }
}

export async function makeWorld(fault: Fault): Promise<World> {
  const setup: Setup = {
    data: await mkdtemp(join(tmpdir(), 'hone-chaos-')),
    env: {},
    settings: {},
    preloads: [],
    script: await readFile(SCRIPT, 'utf8'),
    dockerHost: machineEngine,
    ownEngine: false,
  }
  const undo = (await fault.prepare?.(setup)) ?? (async () => {})
  const origin = await gitOrigin({
    'train.py': setup.script,
    'hone.yaml': honeYaml('base'),
    // There from the first commit on, so that those which use it leave no other files than the rest.
    Dockerfile: 'FROM scratch\n',
  })
  const world = new World(setup, origin, await post(), undo)
  try {
    await world.open()
  } catch (error) {
    await world.dispose()
    throw error
  }
  return world
}
