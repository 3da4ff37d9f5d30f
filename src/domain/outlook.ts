/** How much of the metric's variation one hyperparameter explains, by the model fitted to the trials. */
export interface Importance {
  name: string
  /** 0 .. 1; interactions with others included, so that the sum may exceed 1. */
  share: number
}

/** What the search knows after some trials: for the run's page and the mail. */
export interface Outlook {
  /** Trials with a metric that it is based on. */
  trials: number
  /** Chance to meet the target within the trials that are left, 0 .. 1; null before there are enough trials to say. */
  chance: number | null
  /** The best trial's metric as the model sees it, noise taken off, with its standard deviation; in units of the metric. */
  best: { trial: number; mean: number; sd: number } | null
  /** The most important first. */
  importance: Importance[]
  /** What to try outside of the search space, in words for a person; the most promising first. */
  advice: string[]
}
