import type { HoneError } from '../../domain/failure.ts'
import { frameworkOfName } from '../knowledge/libraries.ts'
import type { CallSite } from '../names/module.ts'
import { type Names, namesOf } from '../names/names.ts'
import { reachableIn } from '../names/reachable.ts'
import type { Project } from '../project.ts'
import { calledName } from '../syntax/walk.ts'
import { isAside } from './entry-names.ts'
import type { Scan } from './entry-scan.ts'
import { importedLibraries } from './imports.ts'
import { type Training, trainingsOf } from './training.ts'

/** A file that may be the one to run. */
export interface Candidate {
  path: string
  /** Null when nothing that it runs or imports trains. */
  training: Training | null
  /** A call that trains is reached when the file is run, as far as names tell. */
  reached: boolean
  /** Line of what makes it do something when it is run; null for a file of functions and classes. */
  start: number | null
  /** What it calls is chosen when it runs, by a name or a configuration. */
  dynamic: boolean
  /** The training stands in the file itself. */
  own: boolean
  notebook: boolean
  /** There for something else: a test, an evaluation, a web service. */
  aside: boolean
  /** Own modules that it loads, itself excepted. */
  parts: ReadonlySet<string>
  /** Why it, or a module of its own that may train, cannot be read. */
  problem: HoneError | null
}

/** Answers requests, and trains at most when it is asked to. */
const SERVES =
  /^(flask|fastapi|streamlit|gradio|dash|django|uvicorn|chainlit|aiohttp|sanic|tornado|bottle|telegram|aiogram|discord)(\.|$)/

/** Reads candidates, each at most once. */
export class Candidates {
  /** Modules read so far, those of several candidates counted for each. */
  work = 0
  private readonly known = new Map<string, Candidate>()
  private readonly project: Project
  private readonly scan: Scan

  constructor(project: Project, scan: Scan) {
    this.project = project
    this.scan = scan
  }

  at(path: string): Candidate {
    const known = this.known.get(path)
    if (known) return known
    const found = this.read(path)
    this.known.set(path, found)
    return found
  }

  namesAt(path: string): Names {
    return namesOf(this.project, path)
  }

  private read(path: string): Candidate {
    const module = this.project.module(path)
    const names = this.namesAt(path)
    this.work += names.modules.length
    const trainings = isModelled(names) ? trainingsOf(names) : []
    const reachable = reachableIn(names)
    const reached = trainings.filter(({ site }) => reachable(site))
    const best = reached.length > 0 ? reached : trainings
    const own = best.find((training) => training.module === module)
    const training = own ?? best[0] ?? null
    const broken = names.modules.find((one) => one.problem !== null && this.scan.mayTrain(one.path))
    return {
      path,
      training,
      reached: reached.length > 0,
      start: startOf(names),
      dynamic: names.modules.some((one) => one.calls.some((site) => isDynamic(site) && reachable(site))),
      own: own !== undefined,
      notebook: path.endsWith('.ipynb'),
      aside: isAside(path) || module.imports.some((one) => one.level === 0 && SERVES.test(one.module)),
      parts: new Set(names.modules.slice(1).map((one) => one.path)),
      problem: module.problem ?? (training ? null : (broken?.problem ?? null)),
    }
  }
}

const CHOOSES = new Set([
  'globals',
  'locals',
  'eval',
  'exec',
  'import_module',
  '__import__',
  'instantiate',
  'locate',
])

const isDynamic = ({ call }: CallSite) =>
  CHOOSES.has(calledName(call)) || (calledName(call) === 'getattr' && call.args[1]?.value.kind !== 'string')

/** Whether the program uses a library that has models at all. */
function isModelled(names: Names): boolean {
  for (const library of importedLibraries(names)) if (frameworkOfName(library) !== null) return true
  return false
}

function startOf(names: Names): number | null {
  const [module] = names.modules
  if (!module) return null
  return module.mainGuard ?? module.calls.find(({ scope }) => scope.kind === 'module')?.call.line ?? null
}
