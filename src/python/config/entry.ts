import type { ParameterValue } from '../../domain/trial.ts'

/** A scalar of a configuration file. */
export interface ConfigEntry {
  /** Keys from the root; the index in a list as text. */
  path: string[]
  value: ParameterValue
  /** A number that its reader gives as a float; false for all else. */
  float: boolean
  /** As it is written, with its quotes. */
  text: string
  /** Offsets of `text` in the file's text (UTF-16), end exclusive. */
  start: number
  end: number
}

/** A value and whether it is a float, as read from the text of one scalar. */
export type Scalar = Pick<ConfigEntry, 'value' | 'float'>
