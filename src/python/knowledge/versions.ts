import type { Call } from '../syntax/tree.ts'

export interface Advice {
  /** What it shows; `{}` stands for the name that was found. */
  why: string
  /** What to write instead; `{}` stands for the name that was found. */
  change: string
  /** The newest version that runs it as it stands. */
  runsOn: string
}

/** A public name, as it is spelt in the source with its imports resolved. */
export interface NameRule extends Advice {
  pattern: RegExp
}

/** A call, by the canonical name of what is called. */
export interface CallRule extends Advice {
  callee: RegExp
  /** A keyword that is given. */
  keyword?: RegExp
  /** A string that the keyword must have as its value. */
  value?: RegExp
  when?(call: Call): boolean
}

/** Methods of a LightningModule that were removed with Lightning 2.0. */
export const LIGHTNING_HOOKS = /^(training|validation|test)_epoch_end$/
