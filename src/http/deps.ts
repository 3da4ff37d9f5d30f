import type { Logger } from 'pino'
import type { NextJob } from '../chain/contract.ts'
import type { Health } from '../domain/health.ts'
import type { Git } from '../git/contract.ts'
import type { DataPaths } from '../paths.ts'
import type { LogLines } from '../store/log-lines.ts'
import type { Store } from '../store/store.ts'
import type { AdminDeps } from './api/admin/deps.ts'
import type { LogNotices } from './log-notices.ts'

/** A piece of an attempt's log; `next` is the byte offset that the following piece starts at. */
export interface LogPiece {
  text: string | Buffer
  next: number
}

/** All that the HTTP side needs of the rest; main.ts puts it together. */
export interface HttpDeps {
  store: Store
  paths: DataPaths
  health: Health
  logger: Logger
  /** Public address for links, without a slash at the end; asked at each use, since port 0 is known late. */
  url(): string
  /** The address that the post-receive hook reaches this process at: `http://127.0.0.1:<port>`. */
  hookUrl(): string
  /** The job that every run starts with. */
  first(): NextJob
  /** Trainings at a time, of all runs together; no bound where it is left out. */
  parallel?: number
  /** Runs of one project that may wait to be trained; no bound where it is left out. */
  maxWaiting?: number
  actions: {
    /** Ends a run; it may be called inside a transaction, which it joins. @returns false when it had ended already */
    cancelRun(runId: number, to: 'cancelled' | 'superseded'): boolean
    /**
     * Ends a run's search with the best so far as its result; asked again it does nothing more.
     * @throws HoneError `run-ended`, `run-ending` or `no-best`
     */
    stopRun(runId: number): void
    /** Removes now what deleted projects left; what is named by them is out of the way on return. */
    removeDeleted(): void
    /** Sends the mails that wait now, although the mail server may have been away a moment ago. */
    sendMails(): void
  }
  git: Pick<Git, 'initRemote' | 'heads' | 'readCommit' | 'diff' | 'pushBranch' | 'squash'>
  /** What the page Admin asks of the surroundings. */
  admin: AdminDeps
  /** At most `limit` bytes of a log from a byte offset on; empty text at its end or when there is no file yet. */
  readLog(path: string, range: { offset: number; limit: number }): Promise<LogPiece>
  /** Lines of logs by number. */
  logLines: Pick<LogLines, 'read' | 'search'>
  notices: LogNotices
  /** Folder that mails lie in where no SMTP server is set; null, or left out: one is. */
  mailbox?: () => string | null
  /** Where the dashboard was built to. */
  webFolder: string
  /** ms between the comments that keep a live stream open; 15000 when not given. */
  heartbeatMs?: number
}
