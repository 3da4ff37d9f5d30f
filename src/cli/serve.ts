import type { Config } from '../config.ts'
import { openHone } from '../main.ts'
import { namingDisk } from './full-disk.ts'
import { style } from './style.ts'

/** Resolves with the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      resolve(signal)
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
  })
}

export function announce(url: string, token: string | null): void {
  const address = token ? `${url}/#token=${token}` : url
  console.log(`${style.bold('Dashboard')}  ${style.cyan(address)}`)
  const known = 'Sign in with the admin token. Lost? Start with HONE_ADMIN_TOKEN set to a new one.'
  console.log(style.dim(`           ${token ? 'The token in it is printed this once; keep it.' : known}`))
}

export async function serve(config: Config): Promise<void> {
  const hone = await openHone(config, { listen: true, tellsOfRuns: true }).catch(async (error: unknown) => {
    throw await namingDisk(error, config.data)
  })
  announce(hone.url, hone.newToken)
  const signal = await untilStopped()
  console.log(
    style.dim(`${signal}: stopping. Trainings go on in their containers; the next start takes them back.`),
  )
  await hone.stop()
}
