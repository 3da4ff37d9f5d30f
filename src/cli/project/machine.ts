import type { Config } from '../../config.ts'
import type { Executor } from '../../containers/executor.ts'
import { beyondMachine } from '../../domain/beyond-machine.ts'
import type { Settings } from '../../domain/settings.ts'
import { knownCapacity } from '../../main/capacity.ts'
import { makeExecutor } from '../../main.ts'
import { style } from '../style.ts'

/** Says which of the settings this machine cannot give, beside what a command prints. */
export async function warnOfMachine(
  config: Config,
  settings: Partial<Settings>,
  executor: Pick<Executor, 'info'> = makeExecutor(config),
): Promise<void> {
  const { parallel } = config
  // An engine that is away says nothing of the machine; a run will wait for it.
  const capacity = await knownCapacity(executor, parallel)()
  for (const { field, message } of beyondMachine(settings, capacity, parallel))
    console.error(style.yellow(`${field} ${message}.`))
}
