/** Modules whose package on PyPI has another name. */
const PACKAGES: Record<string, string> = {
  absl: 'absl-py',
  bayes_opt: 'bayesian-optimization',
  attr: 'attrs',
  bs4: 'beautifulsoup4',
  Bio: 'biopython',
  cairo: 'pycairo',
  category_encoders: 'category-encoders',
  clip: 'git+https://github.com/openai/CLIP.git',
  community: 'python-louvain',
  cv2: 'opencv-python-headless',
  Crypto: 'pycryptodome',
  dateutil: 'python-dateutil',
  docx: 'python-docx',
  dotenv: 'python-dotenv',
  efficientnet_pytorch: 'efficientnet-pytorch',
  faiss: 'faiss-cpu',
  fitz: 'PyMuPDF',
  git: 'GitPython',
  haiku: 'dm-haiku',
  hydra: 'hydra-core',
  imblearn: 'imbalanced-learn',
  IPython: 'ipython',
  jose: 'python-jose',
  jwt: 'PyJWT',
  keras_cv: 'keras-cv',
  keras_hub: 'keras-hub',
  keras_nlp: 'keras-nlp',
  keras_tuner: 'keras-tuner',
  kerastuner: 'keras-tuner',
  magic: 'python-magic',
  ml_collections: 'ml-collections',
  mpl_toolkits: 'matplotlib',
  MySQLdb: 'mysqlclient',
  OpenGL: 'PyOpenGL',
  osgeo: 'GDAL',
  PIL: 'pillow',
  pyro: 'pyro-ppl',
  scikitplot: 'scikit-plot',
  pkg_resources: 'setuptools',
  psycopg2: 'psycopg2-binary',
  pytorch_lightning: 'pytorch-lightning',
  pytorch_forecasting: 'pytorch-forecasting',
  pytorch_metric_learning: 'pytorch-metric-learning',
  pytorch_tabnet: 'pytorch-tabnet',
  pywt: 'PyWavelets',
  segmentation_models: 'segmentation-models',
  segmentation_models_pytorch: 'segmentation-models-pytorch',
  sentence_transformers: 'sentence-transformers',
  serial: 'pyserial',
  skimage: 'scikit-image',
  skopt: 'scikit-optimize',
  sklearn: 'scikit-learn',
  sklearn_crfsuite: 'sklearn-crfsuite',
  slugify: 'python-slugify',
  snappy: 'python-snappy',
  socks: 'PySocks',
  stable_baselines3: 'stable-baselines3',
  tensorflow_addons: 'tensorflow-addons',
  tensorflow_datasets: 'tensorflow-datasets',
  tensorflow_hub: 'tensorflow-hub',
  tensorflow_model_optimization: 'tensorflow-model-optimization',
  tensorflow_probability: 'tensorflow-probability',
  tensorflow_text: 'tensorflow-text',
  tf_keras: 'tf-keras',
  torch_geometric: 'torch-geometric',
  umap: 'umap-learn',
  usb: 'pyusb',
  vit_pytorch: 'vit-pytorch',
  websocket: 'websocket-client',
  whisper: 'openai-whisper',
  yaml: 'PyYAML',
  zmq: 'pyzmq',
}

/** Packages that training code often needs, under the name of their module. */
const COMMON = new Set(
  (
    'accelerate aif360 albumentations altair annoy arch arviz autogluon autograd bitsandbytes blosc bokeh boto3 captum ' +
    'catboost chainer cloudpickle cma coremltools cupy cvxpy cvxopt dask datasets deap deepspeed dgl diffusers dill easydict ' +
    'einops eli5 emoji evaluate fairseq fairlearn fastai fasttext featuretools flair flax fsspec ftfy fvcore gensim geopandas gpytorch ' +
    'graphviz gym gymnasium h5py hmmlearn holidays huggingface_hub hyperopt igraph imageio imgaug imutils ipywidgets jax jieba ' +
    'joblib jsonlines kaggle kagglehub keras konlpy kornia langdetect langid learn2learn librosa lifelines lightgbm lightning lime llvmlite ' +
    'lmdb loguru lpips matplotlib mlflow mlxtend monai mmcv mne nevergrad networkx neptune nibabel ' +
    'nltk noisereduce numba numexpr numpy omegaconf onnx onnxruntime openai openpyxl optax optuna pandas pandas_datareader ' +
    'patsy peft pingouin plotly pmdarima polars pretrainedmodels prophet psutil pyarrow pycaret pycocotools pydantic pydicom pydot ' +
    'pydub pygame pymongo pymysql pynndescent pyod pyspark pytesseract pytz quandl rasterio ray regex requests rich ' +
    'rouge_score sacrebleu sacremoses safetensors  scipy seaborn sentencepiece seqeval six shap shapely skorch ' +
    'snorkel soundfile spacy sqlalchemy stable_baselines3 statsmodels streamlit sympy tabulate tensorboard tensorflow termcolor textblob ' +
    'thop tiktoken timm tokenizers torch torchaudio torchinfo torchmetrics torchsummary torchtext torchvision tqdm transformers treelite trl ' +
    'tsfresh tslearn typer ujson unidecode vaderSentiment visdom wandb wordcloud xarray xformers xgboost xlrd xlwt yfinance yacs zarr'
  ).split(' '),
)

/** Names of modules of their own package that only another service has. */
const NOWHERE = new Set(['google.colab', 'kaggle_secrets', 'kaggle_datasets', 'dbutils', 'pylab'])

/** The package on PyPI that most likely brings a module; null where only its writer can tell. */
export function packageOf(module: string): string | null {
  if (NOWHERE.has(module)) return null
  if (Object.hasOwn(PACKAGES, module)) return PACKAGES[module] as string
  return COMMON.has(module) ? module.replaceAll('_', '-') : null
}

/** Whether a name is that of a package on PyPI, as far as Hone knows it; for names that may be conda's only. */
export const isKnownPackage = (name: string): boolean => KNOWN.has(normaliseName(name))

/** A package's name as comparisons need it; see "Normalized Names" in PEP 503. */
export const normaliseName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-')

const KNOWN = new Set([...Object.values(PACKAGES), ...COMMON].map(normaliseName))
