import type { Family, Task } from '../../domain/detection.ts'

export interface Estimator {
  /** Null for one that fits none of the families. */
  family: Family | null
  /** Null where the data or an argument tells it. */
  task: Task | null
}

const table = new Map<string, Estimator>()

function add(family: Family | null, task: Task | null, names: string): void {
  for (const name of names.trim().split(/\s+/)) table.set(name, { family, task })
}

// scikit-learn: all of its classifiers, regressors, clusterers and density models.
add(
  'linear',
  'classification',
  `LogisticRegression LogisticRegressionCV RidgeClassifier RidgeClassifierCV SGDClassifier Perceptron
   PassiveAggressiveClassifier LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis RandomizedLogisticRegression LDA QDA`,
)
add(
  'linear',
  'regression',
  `LinearRegression Ridge RidgeCV Lasso LassoCV LassoLars LassoLarsCV LassoLarsIC Lars LarsCV ElasticNet ElasticNetCV
   MultiTaskLasso MultiTaskLassoCV MultiTaskElasticNet MultiTaskElasticNetCV BayesianRidge ARDRegression SGDRegressor
   PassiveAggressiveRegressor HuberRegressor RANSACRegressor TheilSenRegressor QuantileRegressor PoissonRegressor
   GammaRegressor TweedieRegressor OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV IsotonicRegression
   PLSRegression PLSCanonical CCA RandomizedLasso KernelRidge`,
)
add('svm', 'classification', 'SVC LinearSVC NuSVC')
add('svm', 'regression', 'SVR LinearSVR NuSVR')
add('svm', 'other', 'OneClassSVM SGDOneClassSVM')
add('neighbours', 'classification', 'KNeighborsClassifier RadiusNeighborsClassifier NearestCentroid')
add('neighbours', 'regression', 'KNeighborsRegressor RadiusNeighborsRegressor')
add('neighbours', 'other', 'NearestNeighbors LocalOutlierFactor KernelDensity LSHForest')
add('tree', 'classification', 'DecisionTreeClassifier ExtraTreeClassifier')
add('tree', 'regression', 'DecisionTreeRegressor ExtraTreeRegressor')
add(
  'ensemble',
  'classification',
  `RandomForestClassifier ExtraTreesClassifier BaggingClassifier AdaBoostClassifier VotingClassifier
   StackingClassifier EnsembleVoteClassifier StackingCVClassifier BalancedRandomForestClassifier
   BalancedBaggingClassifier EasyEnsembleClassifier RUSBoostClassifier`,
)
add(
  'ensemble',
  'regression',
  `RandomForestRegressor ExtraTreesRegressor BaggingRegressor AdaBoostRegressor VotingRegressor StackingRegressor
   StackingCVRegressor`,
)
add('ensemble', 'other', 'IsolationForest RandomTreesEmbedding')
add('boosting', 'classification', 'GradientBoostingClassifier HistGradientBoostingClassifier')
add('boosting', 'regression', 'GradientBoostingRegressor HistGradientBoostingRegressor')
add('naive-bayes', 'classification', 'GaussianNB MultinomialNB BernoulliNB ComplementNB CategoricalNB')
add('mlp', 'classification', 'MLPClassifier')
add('mlp', 'regression', 'MLPRegressor')
add('gaussian-process', 'classification', 'GaussianProcessClassifier')
add('gaussian-process', 'regression', 'GaussianProcessRegressor GaussianProcess')
add(
  'clustering',
  'other',
  `KMeans MiniBatchKMeans BisectingKMeans DBSCAN HDBSCAN OPTICS MeanShift AffinityPropagation SpectralClustering
   SpectralBiclustering SpectralCoclustering AgglomerativeClustering FeatureAgglomeration Birch GaussianMixture
   BayesianGaussianMixture GMM VBGMM DPGMM Ward KModes KPrototypes KMeansPlusPlus`,
)
add('neighbours', 'classification', 'LabelPropagation LabelSpreading')
add(null, 'classification', 'DummyClassifier')
add(null, 'regression', 'DummyRegressor')
// Boosting libraries.
add(
  'boosting',
  'classification',
  'XGBClassifier XGBRFClassifier LGBMClassifier CatBoostClassifier NGBClassifier',
)
add('boosting', 'regression', 'XGBRegressor XGBRFRegressor LGBMRegressor CatBoostRegressor NGBRegressor')
add('boosting', 'other', 'XGBRanker LGBMRanker CatBoostRanker DaskXGBRanker DaskLGBMRanker')
add('boosting', null, 'CatBoost LGBMModel XGBModel Booster')
add('boosting', 'classification', 'DaskXGBClassifier DaskLGBMClassifier')
add('boosting', 'regression', 'DaskXGBRegressor DaskLGBMRegressor')

// statsmodels: classes, and functions that take a formula.
add(
  'linear',
  'regression',
  `OLS WLS GLS GLSAR RLM QuantReg MixedLM GLM GEE GLMGam Poisson NegativeBinomial GeneralizedPoisson ZeroInflatedPoisson PHReg
   RollingOLS RecursiveLS OrdinalGEE IV2SLS ols wls gls glsar rlm quantreg mixedlm glm gee poisson negativebinomial phreg
   ARIMA ARMA SARIMAX AutoReg AR VAR VARMAX SVAR ARDL UECM ExponentialSmoothing SimpleExpSmoothing Holt ETSModel
   UnobservedComponents DynamicFactor ThetaModel MarkovRegression MarkovAutoregression STLForecast auto_arima`,
)
add('linear', 'classification', 'Logit Probit MNLogit OrderedModel ConditionalLogit logit probit mnlogit')

/** Estimators that train the one given to them. */
export const WRAPPERS: ReadonlySet<string> = new Set(
  `GridSearchCV RandomizedSearchCV HalvingGridSearchCV HalvingRandomSearchCV BayesSearchCV Pipeline make_pipeline
   OneVsRestClassifier OneVsOneClassifier OutputCodeClassifier MultiOutputClassifier MultiOutputRegressor ClassifierChain
   RegressorChain CalibratedClassifierCV TransformedTargetRegressor SelfTrainingClassifier TunedThresholdClassifierCV
   FixedThresholdClassifier RFE RFECV SelectFromModel SequentialFeatureSelector cross_val_score cross_validate
   cross_val_predict validation_curve learning_curve permutation_test_score clone evolutionary_search
   EvolutionaryAlgorithmSearchCV GASearchCV TuneGridSearchCV TuneSearchCV`.split(/\s+/),
)

/** Functions that train the estimator given to them, without a `fit`. */
export const SCORERS =
  /^(sklearn|mlxtend)\.[\w.]*\b(cross_val_score|cross_validate|cross_val_predict|validation_curve|learning_curve|permutation_test_score)$/

/** What an estimator of scikit-learn, a boosting library or statsmodels is, by the last part of its canonical name. */
export const estimatorOf = (className: string): Estimator | null => table.get(className) ?? null
