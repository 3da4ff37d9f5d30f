/** Well-known names of what trains, the best first; patterns of one row are equally good. Without their ending. */
const TELLING: readonly RegExp[] = [
  /^train$/,
  /^main$/,
  /^run$/,
  /^(training|trainer|run_?training|run_?train|train_?model|model_?train(ing|er)?|main_?train|train_?main|__main__)$/,
  /(^|_)train(ing|er)?(_|$)/,
  /^(fit|model|app|experiment|script|example|pipeline|run_\w+|main_\w+|\w+_(main|model|pipeline))$/,
]

/** The last row of names that a training has nearly everywhere, and the first that many other files have too. */
export const WELL_KNOWN = 2
export const WEAK_NAME = 5

/** Number of rows of well-known names: the rank of any other name. */
export const UNKNOWN_NAME = TELLING.length

/** Never what a person wants to train: tests, and what builds or installs. */
const NEVER =
  /(^|\/)(tests?|testing)\/|(^|\/)(test_[^/]*|[^/]*_tests?|conftest|setup|hubconf|noxfile|fabfile)\.py$/i

export const isNever = (path: string): boolean => NEVER.test(path)

/** Documentation, and what somebody keeps or took over. */
const ASIDE_FOLDER =
  /(^|\/)(docs?|benchmarks?|backups?|old\w*|archived?|deprecated|legacy|bak|unused|trash|third_?part(y|ies)|thirdp|vendor(ed)?|external)\//i

/** Names of what uses or examines a model, of what prepares data, and of what tries many settings. */
const ASIDE_NAMES: readonly RegExp[] = [
  /^(tests?|tests?_.*|.*_tests?|tasks)$/,
  /^(.*_)?(eval(uate|uation|uator)?|infer(ence)?|validat(e|ion)|predict(or)?|benchmarks?|speed_?tests?|utils?|helpers?)(_.*)?$/,
  /^(.*_)?(plot(s|ter|ting)?|visuali[sz]e|preprocess(ing)?|export)(_.*)?$/,
  /^(prediction|(make|get|run)_predictions?|demo(_.*)?|serve(r)?|deploy|sample|generate|submission)$/,
  /^(prep(are)?|download|fetch|convert|extract|clean|split)(_.*)?$/,
  /^(make|build|create|process|get|load)_(data\w*|folds?|features?|vocab\w*|embeddings?)(_.*)?$/,
  /^(.*_)?(tuning|tune|optuna|sweep|hpo|grid_?search|hyper_?param\w*)(_.*)?$/,
  /^(.*_)?(cv|cross_?val\w*)$/,
]

/** In front of a name these say more than a `train` after them. */
const EXAMINES = /^(plot|visuali[sz]e|evaluate|analy[sz]e|inspect|debug|show|check|tests?)_/

const stemOf = (path: string) =>
  (path.split('/').at(-1) ?? '')
    .replace(/\.(py|ipynb)$/, '')
    // trainModel, TrainModel -> train_Model; a number in front only orders
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[^\p{L}\p{N}_]+/gu, '_')
    .toLowerCase()

/** How well a file's name says that it trains: 0 is best, `UNKNOWN_NAME` is anything. */
export function nameRank(path: string): number {
  const stem = stemOf(path).replace(/^\d+_*(?=[a-z])/, '')
  const rank = TELLING.findIndex((pattern) => pattern.test(stem))
  return rank === -1 ? UNKNOWN_NAME : rank
}

/** Whether a file's name or folder says that it is there for something else than to train. */
export function isAside(path: string): boolean {
  if (ASIDE_FOLDER.test(path)) return true
  const stem = stemOf(path)
  if (EXAMINES.test(stem)) return true
  return ASIDE_NAMES.some((name) => name.test(stem)) && !/(^|_)train(ing|er)?(_|$)/.test(stem)
}

/** The number that orders a notebook among its like: `03_model.ipynb` -> 3; null without one. */
export function orderOf(path: string): number | null {
  const digits = /^\D{0,2}(\d{1,3})(?!\d)/.exec(path.split('/').at(-1) ?? '')?.[1]
  return digits === undefined ? null : Number(digits)
}

/** Whether one name goes on where the other ends: `dqn.py` and `dqn_batch.py`. */
export function extendsName(longer: string, shorter: string): boolean {
  const [long, short] = [stemOf(longer), stemOf(shorter)]
  return long.length > short.length && long.startsWith(short) && /^[_\d]/.test(long.slice(short.length))
}

/** Notebooks that look at the data, or prepare it. */
const LOOKS =
  /(^|_)(eda|explor\w*|analy[sz]\w*|anali[sz]\w*|visuali\w*|plots?|preprocess\w*|clean\w*|data|feature\w*|baseline|test\w*|predict|inference|evaluat\w*|sample|demo|tutorial)(_|$)/

/** The same for a notebook: 0 is best. */
export function notebookRank(path: string): number {
  const stem = stemOf(path)
  if (/(^|_)train(ing|er)?(_|$)/.test(stem)) return 0
  if (/(^|_)(main|final|pipeline|model(s|l?ing)?)(_|$)/.test(stem)) return 1
  return LOOKS.test(stem) ? 3 : 2
}
