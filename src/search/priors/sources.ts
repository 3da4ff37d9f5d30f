/** Publications and search spaces of tools that the ranges are taken from; each figure was read there. */

/** @param part the file under pipeline/components */
export const autoSklearn = (part: string) => `auto-sklearn (Feurer et al. 2015), pipeline/components: ${part}`

/** @param part the file under hpsklearn/components */
export const hyperoptSklearn = (part: string) => `hyperopt-sklearn (Komer et al. 2014), components: ${part}`

/** @param part the file under autoPyTorch/pipeline/components */
export const autoPyTorch = (part: string) =>
  `Auto-PyTorch (Zimmer et al. 2021, arXiv:2006.13799), pipeline/components: ${part}`

/** @param part the model whose hyperparameters/searchspaces.py it is */
export const autoGluon = (part: string) => `AutoGluon-Tabular (arXiv:2003.06505), search space of ${part}`

/** @param part the class in autokeras/blocks/basic.py */
export const autoKeras = (part: string) => `AutoKeras (Jin et al. 2019, arXiv:1806.10282), ${part}`

/** @param part the estimator in flaml/automl/model.py */
export const flaml = (part: string) => `FLAML (Wang et al. 2021, arXiv:1911.04706), ${part}`

/** @param part the model's file under src/configs/model_configs */
export const grinsztajn = (part: string) => `Grinsztajn et al. 2022 (arXiv:2207.08815), ${part}`

/** @param part the model whose tuning files they are */
export const gorishniy = (part: string) => `Gorishniy et al. 2021 (arXiv:2106.11959), tuning of ${part}`

/** @param part the function that gives the range */
export const dials = (part: string) => `tidymodels dials, ${part}`

/** @param part the sampler in hyperparams_opt.py */
export const rlZoo = (part: string) => `RL Baselines3 Zoo (Raffin 2020), hyperparams_opt.py: ${part}`

export const LCBENCH = 'LCBench (Zimmer et al. 2021, arXiv:2006.13799), search space in its README'

export const HUGGING_FACE = 'Hugging Face transformers, default_hp_space_optuna in trainer_utils.py'

export const GRAPHGYM = 'GraphGym (You et al. 2020, arXiv:2011.08843), run/grids/design/round1.txt'

export const OPTUNA_LIGHTGBM = "Optuna's example lightgbm_simple.py"

export const PLAYBOOK = 'Google Research, Deep Learning Tuning Playbook (Godbole et al. 2023)'
