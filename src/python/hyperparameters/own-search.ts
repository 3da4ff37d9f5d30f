/** Calls that search values by themselves: what they are given is their range, not a value. */
const SEARCHES =
  /(^|\.)(GridSearchCV|RandomizedSearchCV|Halving\w+SearchCV|ParameterGrid|ParameterSampler|BayesSearchCV|suggest_\w+|create_study|fmin|uniform|loguniform|quniform|randint|choice|grid_search|randomized_search|Hyperband|RandomSearch|BayesianOptimization|logspace|linspace|arange)$/

export const isSearched = (callee: string): boolean => SEARCHES.test(callee)
