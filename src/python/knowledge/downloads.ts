import type { Call, Expr } from '../syntax/tree.ts'
import { argumentOf, keywordOf, positionalOf, stringOf } from '../syntax/walk.ts'

export interface Download {
  /** Of a canonical name. */
  callee: RegExp
  /** What the call does, in words; `{}` is its name. */
  why: string
  /** For a call that may also do without. */
  when?: (call: Call) => boolean
}

const isFalse = (value: Expr | null) => value?.kind === 'constant' && !value.value
const isNothing = (value: Expr | null) => value === null || isFalse(value)
const isPath = (text: string) =>
  /^(\.{0,2}\/|~\/|[A-Za-z]:\\)/.test(text) || /\.(h5|keras|pth?|ckpt|bin|hdf5)$/.test(text)

/** `download=True`, or what only the running script knows. */
const downloads = (call: Call) => !isNothing(keywordOf(call, 'download'))
/** Not a folder of the repository. */
const byName = (call: Call) => {
  const text = stringOf(positionalOf(call)[0] ?? keywordOf(call, 'pretrained_model_name_or_path'))
  return (text === null || !isPath(text)) && keywordOf(call, 'local_files_only')?.kind !== 'constant'
}
const pretrained = (call: Call) =>
  ['pretrained', 'weights', 'weights_backbone', 'pretrained_backbone'].some((name) => {
    const value = keywordOf(call, name)
    return !isNothing(value) && !isPath(stringOf(value) ?? '')
  })
const isRemote = (text: string | null) => text === null || /^[a-z0-9+]+:\/\//i.test(text)
const LOCAL_BUILDERS = /^(csv|json|parquet|text|arrow|imagefolder|audiofolder|pandas|xml|webdataset)$/

/** Calls that use the network, by the names of public libraries. */
export const DOWNLOADS: readonly Download[] = [
  { callee: /(^|\.)read_data_sets$/, why: 'downloads a data set' },
  { callee: /^torch\.utils\.model_zoo\.load_url$/, why: 'loads trained weights' },
  { callee: /^keras\.datasets\.\w+\.load_data$/, why: 'loads a data set of Keras' },
  { callee: /^keras\.utils\.get_file$/, why: 'downloads a file' },
  {
    callee: /^keras\.applications\.(\w+\.)*[A-Z]\w*$/,
    why: 'loads trained weights, which are the default',
    when: (call) => {
      const weights = keywordOf(call, 'weights')
      return weights === null || (!isFalse(weights) && !isPath(stringOf(weights) ?? ''))
    },
  },
  {
    callee: /^(torchvision|torchaudio|medmnist|torchtext|torch_geometric)\.([a-z_]\w*\.)*[A-Z]\w*$/,
    why: 'downloads a data set',
    when: downloads,
  },
  { callee: /^(torchtext|torch_geometric)\.datasets\.\w+(\.(splits|iters))?$/, why: 'downloads a data set' },
  { callee: /^torchtext\.vocab\.(GloVe|FastText|CharNGram)$/, why: 'downloads word vectors' },
  {
    callee: /^(torchvision\.models\.|timm\.create_model$|segmentation_models_pytorch\.)/,
    why: 'loads trained weights',
    when: pretrained,
  },
  {
    callee: /^torch\.hub\.(load|load_state_dict_from_url|download_url_to_file)$/,
    why: 'loads from the PyTorch hub',
  },
  {
    callee: /^(torchvision\.datasets|torchaudio\.datasets|torch\.utils)\.(\w+\.)*download_\w+$/,
    why: 'downloads a file',
  },
  { callee: /^sklearn\.datasets\.fetch_\w+$/, why: 'downloads a data set' },
  {
    callee: /\.from_pretrained$/,
    why: 'loads a trained model or tokenizer by its name',
    when: byName,
  },
  {
    callee: /^datasets\.load_dataset(_builder)?$/,
    why: 'downloads a data set',
    when: (call) => byName(call) && !LOCAL_BUILDERS.test(stringOf(argumentOf(call, 'path', 0)) ?? ''),
  },
  { callee: /^transformers\.pipeline$/, why: 'loads a trained model' },
  {
    callee: /^sentence_transformers\.(SentenceTransformer|CrossEncoder)$/,
    why: 'loads a trained model',
    when: byName,
  },
  {
    callee: /^(huggingface_hub|evaluate)\.(load|login|hf_hub_download|snapshot_download|\w+_download)$/,
    why: 'uses the Hugging Face hub',
  },
  { callee: /^(clip\.load|whisper\.load_model|open_clip\.create_model\w*)$/, why: 'loads a trained model' },
  { callee: /^tensorflow_datasets\.(load|builder|\w+\.download_and_prepare)$/, why: 'downloads a data set' },
  { callee: /^tensorflow_hub\.(load|KerasLayer|Module)$/, why: 'loads a trained model' },
  {
    callee:
      /^(nltk\.download|spacy\.cli\.download|gensim\.downloader\.load|fastai\.(\w+\.)*untar_data|stanza\.download)$/,
    why: 'downloads a file',
  },
  {
    callee:
      /^(seaborn\.load_dataset|statsmodels\.get_rdataset|statsmodels\.(\w+\.)*get_rdataset|vega_datasets\.\w+|ucimlrepo\.fetch_ucirepo|openml\..*|ogb\..*Dataset\w*|dgl\.data\.\w+Dataset)$/,
    why: 'downloads a data set',
  },
  {
    callee:
      /^(requests|httpx|aiohttp|urllib3)\.(get|post|put|head|request|stream|Session|Client|AsyncClient|ClientSession|PoolManager)$/,
    why: 'asks a server',
  },
  { callee: /^(urllib\.request|urllib|urllib2)\.(urlopen|urlretrieve|Request)$/, why: 'asks a server' },
  { callee: /^(wget|gdown|kagglehub|opendatasets|kaggle)\.\w+/, why: 'downloads a file' },
  { callee: /^(yfinance|pandas_datareader|quandl|alpha_vantage)\./, why: 'asks a server' },
  {
    callee:
      /^(boto3\.(client|resource|Session)|google\.cloud\.\w+\.Client|pymongo\.MongoClient|psycopg2\.connect|pymysql\.connect|mysql\.connector\.connect|paramiko\.\w+|socket\.(socket|create_connection))$/,
    why: 'connects to a server',
  },
  {
    callee: /^sqlalchemy\.create_engine$/,
    why: 'connects to a server',
    when: (call) => !/^sqlite/.test(stringOf(positionalOf(call)[0]) ?? ''),
  },
  {
    callee: /^wandb\.(init|login)$/,
    why: 'reports to Weights & Biases',
    when: (call) => !/^(offline|disabled)$/.test(stringOf(keywordOf(call, 'mode')) ?? ''),
  },
  {
    callee: /^mlflow\.set_tracking_uri$/,
    why: 'reports to an MLflow server',
    when: (call) => {
      const text = stringOf(positionalOf(call)[0])
      return isRemote(text) && !/^(file|sqlite):/.test(text ?? '')
    },
  },
  {
    callee: /^(neptune\.init\w*|comet_ml\.(Experiment|start|login|init)|clearml\.Task\.init)$/,
    why: 'reports to a server',
  },
]

/** Switches of any call that say that something is fetched. */
const SWITCHES = /^(download|pretrained)$/
export const isSwitchedOn = (call: Call): boolean =>
  call.args.some(
    ({ name, value }) =>
      name !== null && SWITCHES.test(name) && value.kind === 'constant' && value.value === true,
  )

/** Functions that run a command line. */
export const SHELLS = /^(os\.(system|popen)|subprocess\.(run|call|check_call|check_output|Popen|getoutput))$/
/** Command lines that use the network. */
export const FETCHES =
  /(^|[;&|]\s*|^sudo\s+)(wget|curl|git\s+clone|pip3?\s+install|kaggle|gsutil|gcloud|aws\s+s3|gdown|apt(-get)?\s+install|conda\s+install|python3?\s+-m\s+(pip|spacy|nltk)[\s.])/
/** A text that is an address and nothing else; one of this machine is none. */
export const ADDRESS = /^(?:https?|ftp|s3|gs|hdfs):\/\/(?!localhost\b|127\.|0\.0\.0\.0|\[::1\])\S+$/i
