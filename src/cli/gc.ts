import { compactEnded } from '../../jobs/monitor/compact.ts'
import { findGarbage, removeGarbage } from '../../jobs/monitor/garbage.ts'
import { recordAround } from '../chain/record.ts'
import type { Config } from '../config.ts'
import { cleanedUp } from '../domain/audit.ts'
import { bytesInWords } from '../domain/bytes.ts'
import type { Removal } from '../domain/retention.ts'
import { garbageOptions } from '../main/garbage.ts'
import { instanceOf, makeExecutor, makeImages, openStore } from '../main.ts'
import { compressLog } from '../store/log-file.ts'
import { onCommandLine } from './record.ts'
import { style } from './style.ts'

export interface GcOptions {
  dryRun?: boolean
  json?: boolean
}

/**
 * Removes what ended runs left and the retention says may go, and compresses the rest, whether a server runs on this data folder or not.
 * @returns the exit code: 0 all of it is gone, 1 some could not be removed
 */
export async function collectGarbage(config: Config, { dryRun, json }: GcOptions): Promise<number> {
  const store = openStore(config)
  try {
    const parts = {
      store,
      executor: makeExecutor(config),
      images: makeImages(config),
      instance: instanceOf(store),
    }
    const options = garbageOptions(config, parts)
    const removals = await findGarbage(options, true)
    const failures = new Map<Removal, string>()
    let compacted = true
    if (!dryRun) {
      // The garbage first: on a full disk nothing can be written before some of it is gone.
      await recordAround(
        store,
        onCommandLine('cleaned up', 'hone gc'),
        () =>
          removeGarbage(
            options,
            removals,
            (removal, why) => failures.set(removal, why),
            () => {},
          ),
        () => doneIn(removals, failures),
      )
      await compactEnded({ store, paths: options.paths, compressLog }, (run, why) => {
        compacted = false
        console.error(style.red(`${run === null ? 'The database' : `Run ${run}`} was not compressed: ${why}`))
      })
    }
    const print = json ? printJson : printTable
    print(removals, failures, dryRun ?? false)
    return compacted && failures.size === 0 ? 0 : 1
  } finally {
    store.close()
  }
}

/** `3 things, 1.2 GiB`. */
function doneIn(removals: readonly Removal[], failures: ReadonlyMap<Removal, string>): string {
  const done = removals.filter((removal) => !failures.has(removal))
  return cleanedUp(
    done.length,
    done.reduce((sum, { leaving }) => sum + (leaving.bytes ?? 0), 0),
  )
}

function printJson(
  removals: readonly Removal[],
  failures: ReadonlyMap<Removal, string>,
  dryRun: boolean,
): void {
  for (const removal of removals) {
    const { kind, name, bytes } = removal.leaving
    const failure = failures.get(removal) ?? null
    console.log(
      JSON.stringify({
        kind,
        name,
        bytes,
        reason: removal.reason,
        removed: !dryRun && failure === null,
        failure,
      }),
    )
  }
}

function printTable(
  removals: readonly Removal[],
  failures: ReadonlyMap<Removal, string>,
  dryRun: boolean,
): void {
  const width = Math.max(0, ...removals.map(({ leaving }) => leaving.name.length))
  for (const removal of removals) {
    const { kind, name, bytes } = removal.leaving
    const size = (bytes === null ? '' : bytesInWords(bytes)).padStart(10)
    const why = failures.get(removal)
    console.log(`${kind.padEnd(9)}  ${name.padEnd(width)}  ${size}  ${why ? style.red(why) : removal.reason}`)
  }
  const what = doneIn(removals, failures)
  if (removals.length === 0) console.log('Nothing to remove.')
  else console.log(dryRun ? `Would remove ${what}.` : `Removed ${what}.`)
}
