/** The set-up scripts are plain JavaScript, since they run before anything is installed; their types stand here. */

export interface Host {
  family: string
  name: string
  root: boolean
}
export interface Problem {
  message: string
  remedy: string[]
  detail: string
}
interface StampedFile {
  path: string
  mtimeMs: number
  size: number
}
interface Step {
  name: string
}
type Lock = Record<string, { version?: string; integrity?: string; optional?: boolean }>

export interface Modules {
  host: {
    hostOf(facts: { platform: string; osRelease: string | null; uid: number }): Host
    installable(host: Host, what: string): string[] | null
    installCommands(host: Host, what: string): string[]
    startCommands(host: Host): string[]
    missing(host: Host, what: string, message: string, otherwise: string): Problem
  }
  problem: { describeProblem(problem: Partial<Problem>): string }
  node: { isNewEnough(have: string, range: string): boolean }
  stamp: {
    listFiles(base: string, names: string[]): StampedFile[]
    stampOf(files: StampedFile[]): string
    readStamp(path: string): string | null
    writeStamp(path: string, stamp: string): void
  }
  build: {
    isStale(half: { hasSources: boolean; hasOutput: boolean; built: string | null; now: string }): boolean
  }
  dependencies: { matchesLock(lock: Lock, installed: Lock): boolean }
  endpoint: {
    candidates(env: Record<string, string | undefined>, context: string | null, home?: string): string[]
    currentContext(env: Record<string, string | undefined>, home: string): string | null
    transport(address: string, env?: Record<string, string | undefined>): { options: object } | null
    ask(address: string, path: string): Promise<number>
  }
  engine: {
    refusal(
      refused: Record<string, string>,
      facts: { dockerHost: string | undefined; user: string },
    ): Problem | null
  }
  results: {
    countTests(report: {
      numPassedTests: number
      numFailedTests: number
      numPendingTests: number
      testResults: { status: string; assertionResults: { status: string }[] }[]
    }): { passed: number; failed: number; skipped: number }
  }
  task: {
    withProgress<T>(label: string, work: () => Promise<T>, detail?: () => string): Promise<T>
    task(
      label: string,
      command: string,
      args: string[],
      options?: { allow?: number[]; remedy?: string[] },
    ): Promise<{ code: number; output: string }>
  }
  index: { stepsFor(args: string[]): Step[]; toTest: Step[] }
}

export async function load<K extends keyof Modules>(name: K): Promise<Modules[K]> {
  const url = new URL(`../../scripts/setup/${name}.mjs`, import.meta.url)
  return await import(url.href)
}
