/** Calls that search values by themselves: what they are given is their range, not a value. */
const SEARCHES =
  /(^|\.)(GridSearchCV|RandomizedSearchCV|Halving\w+SearchCV|ParameterGrid|ParameterSampler|BayesSearchCV|suggest_\w+|create_study|fmin|grid_search|randomized_search|Hyperband|RandomSearch|BayesianOptimization)$|^(scipy\.stats|hyperopt|optuna|ray\.tune)\./

export const isSearched = (callee: string): boolean => SEARCHES.test(callee)

/** Calls that use a model that is trained already. */
const AFTERWARDS =
  /\.(predict|predict_proba|predict_classes|predict_generator|evaluate|evaluate_generator|score|test|forecast|get_forecast|get_prediction|get_feature_importance|get_object_importance|staged_predict|generate)$/

export const isAfterTraining = (callee: string): boolean => AFTERWARDS.test(callee)
