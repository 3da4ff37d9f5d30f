/** Options that say what a script is to do. */
export const MODE = /^--?(mode|phase|stage|task|action|run[-_]?mode|command|cmd)$/
/** Their values for a training. */
export const TRAINING = /^(train|fit)/i
const NO_TRAINING = /^(eval|test|infer|predict|demo|sample|generate|export|valid|score|serve|deploy)/i
/** Switches to an evaluation, a demonstration or a list of the options. */
const SWITCH =
  /^(-e|-h|--?(help|eval|evaluate|evaluation|test|testing|test[_-]only|predict|prediction|infer|inference|demo|generate|sample|do_eval))$/
const SUBCOMMAND = /^(eval\w*|test|infer\w*|predict\w*|serve|export)$/

/** Whether arguments ask for something else than a training. */
export function evaluates(args: readonly string[]): boolean {
  return args.some((arg, index) => {
    const [flag = arg, inline] = arg.split(/=(.*)/s)
    const value = inline ?? args[index + 1] ?? ''
    if (MODE.test(flag)) return NO_TRAINING.test(value)
    if (index === 0 && !arg.startsWith('-')) return SUBCOMMAND.test(arg)
    return SWITCH.test(flag) && !/^(false|0|no)$/i.test(inline ?? '')
  })
}
