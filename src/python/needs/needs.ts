import type { Requirement } from './requirement.ts'

/** What a repository says that it needs. */
export interface Needs {
  requirements: Requirement[]
  /** Versions that hold where something else asks for the package. */
  constraints: Requirement[]
  /** Options of pip: `--extra-index-url https://...`. */
  options: string[]
  /** Folders that are to be installed as packages, relative to the root: `''` is the repository itself. */
  paths: string[]
}

export const noNeeds = (): Needs => ({ requirements: [], constraints: [], options: [], paths: [] })

/** A file's content by its path; null where there is none. */
export type ReadFile = (path: string) => string | null
