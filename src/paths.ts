import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of Hone's own package.json, from source and from dist alike. */
export const packageRoot = (() => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
})()

/** Where what lies in the data folder. */
export const dataPaths = (data: string) => ({
  data,
  database: join(data, 'hone.sqlite'),
  logs: join(data, 'logs'),
  mirrors: join(data, 'mirrors'),
  workspaces: join(data, 'workspaces'),
  mailbox: join(data, 'mailbox'),
  artifacts: join(data, 'artifacts'),
  /** Bare repositories of Hone's own git remote. */
  git: join(data, 'git'),
  /** What deleted projects left, until it is gone. */
  removed: join(data, 'removed'),
  attemptLog: (runId: number, attemptId: number) =>
    join(data, 'logs', `run-${runId}`, `attempt-${attemptId}.log`),
  workspace: (runId: number) => join(data, 'workspaces', `run-${runId}`),
  mirror: (project: string) => join(data, 'mirrors', `${project}.git`),
  ownRemote: (project: string) => join(data, 'git', `${project}.git`),
  trialArtifacts: (runId: number, trialNumber: number) =>
    join(data, 'artifacts', `run-${runId}`, `trial-${trialNumber}`),
})
export type DataPaths = ReturnType<typeof dataPaths>
