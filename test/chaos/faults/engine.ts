import { setTimeout as delay } from 'node:timers/promises'
import Docker from 'dockerode'
import { connectionOptions } from '../../../src/containers/engine.ts'
import { BASE_NAMES } from '../../../src/images/base-image.ts'
import { dockerHost, ensureTestImage } from '../../helpers/docker.ts'
import { type OwnDockerd, ownDockerd } from '../dockerd.ts'
import { everywhere, type Fault } from '../fault.ts'

/** What an engine that is away for long is away for. */
const AWAY_MS = Number(process.env.HONE_CHAOS_AWAY ?? '30') * 1000

/** A fault of an engine that is the world's own, with the images of this machine's. */
function engineFault(
  about: Pick<Fault, 'name' | 'weight'>,
  work: Record<'inject' | 'heal', (engine: OwnDockerd) => Promise<void>>,
): Fault {
  let engine: OwnDockerd | null = null
  const own = () => engine as OwnDockerd
  return {
    ...about,
    notAt: everywhere,
    restarts: true,
    async prepare(setup) {
      const machine = new Docker(connectionOptions(dockerHost))
      const base = await ensureTestImage('base')
      engine = await ownDockerd()
      setup.dockerHost = engine.dockerHost
      setup.ownEngine = true
      const tags = (await machine.listImages()).flatMap(({ RepoTags }) => RepoTags ?? [])
      for (const name of [base, ...BASE_NAMES.filter((one) => tags.includes(one))])
        await engine.load(machine, name)
      return () => own().dispose()
    },
    inject: () => work.inject(own()),
    heal: () => work.heal(own()),
  }
}

export const engineKilled = engineFault(
  { name: 'engine kill -9' },
  { inject: (engine) => engine.kill('SIGKILL'), heal: (engine) => engine.start() },
)

export const engineStopped = engineFault(
  { name: `engine stopped ${AWAY_MS / 1000} s`, weight: 0.5 },
  {
    inject: (engine) => engine.kill('SIGTERM'),
    async heal(engine) {
      await delay(AWAY_MS)
      await engine.start()
    },
  },
)

/** It hears everything and answers nothing: connections stay open. */
export const engineFrozen = engineFault(
  { name: 'engine frozen 10 s', weight: 0.5 },
  {
    inject: async (engine) => engine.signal('SIGSTOP'),
    async heal(engine) {
      await delay(10_000)
      engine.signal('SIGCONT')
    },
  },
)
