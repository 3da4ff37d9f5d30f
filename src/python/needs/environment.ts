import { isKnownPackage, normaliseName } from '../../domain/packages.ts'
import { readYaml } from '../config/yaml.ts'
import { type Needs, noNeeds } from './needs.ts'
import { parseRequirement } from './requirement.ts'

/** Packages of conda under the name that they have on PyPI. */
const ON_PYPI: Record<string, string> = {
  pytorch: 'torch',
  'pytorch-cpu': 'torch',
  'pytorch-gpu': 'torch',
  'tensorflow-gpu': 'tensorflow',
  'tensorflow-base': 'tensorflow',
  'keras-gpu': 'keras',
  opencv: 'opencv-python-headless',
  'py-opencv': 'opencv-python-headless',
  'py-xgboost': 'xgboost',
  'py-xgboost-cpu': 'xgboost',
  'matplotlib-base': 'matplotlib',
  'faiss-cpu': 'faiss-cpu',
  'umap-learn': 'umap-learn',
  pytables: 'tables',
  jaxlib: 'jaxlib',
}
/** `conda-forge::numpy=1.21.2=py39h_0`, `numpy>=1.20`, `numpy 1.21.*`. */
const SPEC = /^(?:[\w./-]+::)?([A-Za-z0-9_][\w.-]*)\s*(.*)$/

/**
 * What an environment of conda asks of PyPI: the `pip:` part, and of the rest what is the same package there. All else
 * (Python itself, compilers, drivers) is the image's own.
 */
export function readEnvironment(path: string, text: string): Needs {
  const needs = noNeeds()
  for (const { path: keys, value, start } of readYaml(text)) {
    const [list, index, key, item, ...rest] = keys
    if (list !== 'dependencies' || index === undefined || rest.length > 0) continue
    const place = { file: path, line: text.slice(0, start).split('\n').length }
    const written = String(value)
    if (key === 'pip' && item !== undefined) {
      const requirement = /^-/.test(written) ? null : parseRequirement(written, place)
      if (requirement) needs.requirements.push(requirement)
      else if (/^(-e|--editable)\s+\.\/?$|^\.\/?$/.test(written)) needs.paths.push('')
      else if (/^--(extra-)?index-url\b/.test(written)) needs.options.push(written)
    } else if (key === undefined) {
      const requirement = parseRequirement(fromConda(written) ?? '', place)
      if (requirement) needs.requirements.push(requirement)
    }
  }
  return needs
}

/** As pip writes it; null for what is no package of PyPI. */
function fromConda(written: string): string | null {
  const [, conda = '', version = ''] = SPEC.exec(written.trim()) ?? []
  const name = ON_PYPI[conda.toLowerCase()] ?? normaliseName(conda)
  if (!isKnownPackage(name)) return null
  const [asked = ''] = version.replace(/^=(?!=)\s*/, '').split(/(?<![=<>!~])=(?!=)|\s(?=py|\w+_\d)/)
  const text = asked.trim()
  if (text === '' || text === '*' || text.includes('|')) return name
  if (!/^[\d]/.test(text)) return `${name}${text}`
  // One `=` is "begins with" to conda.
  return /^[\d.]+$/.test(text) ? `${name}==${text}.*` : `${name}==${text}`
}
