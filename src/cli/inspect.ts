import { userError } from '../domain/failure.ts'
import { openParser } from './inspect/grammar.ts'
import { jsonLine } from './inspect/json.ts'
import { page } from './inspect/page.ts'
import { reportOn } from './inspect/report.ts'

export interface InspectOptions {
  json?: boolean
}

/** Where the output goes, and how wide it may be. */
export interface Screen {
  print(text: string): void
  columns: number
}

const terminal: Screen = {
  print: (text) => process.stdout.write(`${text}\n`),
  columns: process.stdout.columns || 100,
}

/**
 * What Hone would tune at each path, without a data folder, an engine or a configuration.
 * @returns the exit code: 0 when all paths were analysed, 1 when some could not be
 */
export async function inspect(
  paths: readonly string[],
  { json = false }: InspectOptions,
  screen = terminal,
): Promise<number> {
  if (paths.length === 0) throw userError('no-path', 'No path was given.', 'Name a script or a folder.')
  // A reader that has seen enough (`| head`) is no fault.
  process.stdout.once('error', () => process.exit(0))
  let python = await openParser()
  const trials = json ? 0 : (await import('../domain/settings.ts')).defaultSettings.trials
  let failed = 0
  for (const [index, path] of paths.entries()) {
    const report = await reportOn(python, path)
    const broken = 'failure' in report
    if (broken) failed++
    // A parser that failed in itself may be left in any state.
    if (broken && report.failure.code === 'internal') python = await openParser()
    if (json) screen.print(jsonLine(report))
    else screen.print(`${index === 0 ? '' : '\n'}${page(report, screen.columns, trials)}`)
  }
  return failed === 0 ? 0 : 1
}
