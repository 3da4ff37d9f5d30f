import type { RunState } from '../domain/run.ts'

export interface RunFilter {
  projectId?: number
  /** In full: `refs/heads/main`. */
  ref?: string
  state?: RunState
  /** Whether a person stopped it at its best. */
  stopped?: boolean
  author?: string
  /** Part of the message, in any case, or the beginning of the commit's id. */
  text?: string
  /** Runs with a lower id only. */
  before?: number
  limit?: number
}

/** A text of which no character means anything to LIKE. */
const literally = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&')

/**
 * The newest runs that meet all conditions, as a statement and its values. Only the conditions that are asked for stand in it, so
 * that each has its index: one statement for all would look at every run. Pure.
 */
export function runQuery(filter: RunFilter): [sql: string, values: Record<string, string | number>] {
  const {
    projectId,
    ref,
    state,
    stopped,
    author,
    text,
    before = Number.MAX_SAFE_INTEGER,
    limit = 100,
  } = filter
  const conditions = [
    projectId === undefined ? '' : 'project_id = @projectId',
    ref === undefined ? '' : 'ref = @ref',
    state === undefined ? '' : 'state = @state',
    stopped === undefined ? '' : `ifnull(json_extract(conclusion, '$.stopped'), 0) = ${stopped ? 1 : 0}`,
    author === undefined ? '' : 'author = @author',
    text === undefined ? '' : `(message LIKE @part ESCAPE '\\' OR sha LIKE @start ESCAPE '\\')`,
    'id < @before',
  ].filter((condition) => condition !== '')
  return [
    `SELECT * FROM runs WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT @limit`,
    {
      ...(projectId === undefined ? {} : { projectId }),
      ...(ref === undefined ? {} : { ref }),
      ...(state === undefined ? {} : { state }),
      ...(author === undefined ? {} : { author }),
      ...(text === undefined ? {} : { part: `%${literally(text)}%`, start: `${literally(text)}%` }),
      before,
      limit,
    },
  ]
}
