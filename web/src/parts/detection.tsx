import type { ReactNode } from 'react'
import type { DetectionView, HyperparameterView } from '../../../src/http/contract.ts'
import { formatParameter, plural } from '../format.ts'
import { useParameter } from '../highlight.ts'
import { describeDistribution, describeTies } from '../parameters.ts'
import { Card, Empty, Words } from './basics.tsx'

const Place = ({ file, line }: { file: string; line: number }) => (
  <span className="dim small place">
    {file}:{line}
  </span>
)

/** What may be changed and how far, and what was left alone. */
export function SearchSpace({ detection }: { detection: DetectionView }) {
  return (
    <Card title="Hyperparameters">
      <Hyperparameters all={detection.hyperparameters} />
      <LeftAlone all={detection.leftAlone} />
    </Card>
  )
}

/** Why this framework and image. */
export function Model({ detection }: { detection: DetectionView }) {
  const { framework, family, task, metric, image, gpus, network, entry, args, evidence, versions } = detection
  const notebook = entry.endsWith('.ipynb')
  return (
    <Card title={`Why ${framework}`}>
      <dl className="facts">
        <Fact name="family">{family ?? 'not told by what is built'}</Fact>
        <Fact name="task">{task}</Fact>
        <Fact name="its metric">
          {metric.name}{' '}
          <span className="dim">
            {metric.direction === 'maximize' ? 'higher is better' : 'lower is better'}
          </span>
        </Fact>
        {image === null ? null : <Fact name="image">{image.name}</Fact>}
        {gpus === 0 ? null : <Fact name="graphics cards">{gpus}</Fact>}
        {network === null ? null : <Fact name="network">{network.on ? 'on' : 'off'}</Fact>}
      </dl>
      <p className="reason">
        Runs {notebook ? 'the notebook ' : ''}
        <code>{[...(notebook ? [] : ['python']), entry, ...args].join(' ')}</code>
        {image === null ? '' : ` in ${imageInWords(image.name)}: ${image.reason}`}.
      </p>
      {image === null || image.packages.length === 0 ? null : <Packages all={image.packages} />}
      <ul className="evidence">
        {evidence.map(({ file, line, text, why }) => (
          <li key={`${file}:${line} ${why}`}>
            {why} <Place file={file} line={line} />
            <code>{text}</code>
          </li>
        ))}
      </ul>
      {network === null ? null : <Network network={network} />}
      {versions.length === 0 ? null : <Versions all={versions} />}
    </Card>
  )
}

const imageInWords = (name: string) =>
  name === 'Dockerfile' ? "the repository's own image" : `the ${name} image`

function Packages({ all }: { all: NonNullable<DetectionView['image']>['packages'] }) {
  return (
    <p className="reason">
      Installed on top of it:{' '}
      {all.map(({ text, file, line }) => (
        <span key={`${file}:${line} ${text}`}>
          <code>{text}</code> <Place file={file} line={line} />{' '}
        </span>
      ))}
    </p>
  )
}

function Network({ network }: { network: NonNullable<DetectionView['network']> }) {
  const { on, set, evidence } = network
  if (set) {
    return <p className="reason">The network is {on ? 'on' : 'off'}, as the settings say.</p>
  }
  if (!on) {
    return (
      <p className="reason">
        The network is off: nothing was seen to use it. If something does, set <code>network: true</code> in
        hone.yaml.
      </p>
    )
  }
  return (
    <>
      <p className="reason">The network is on, as the source uses it:</p>
      <ul className="evidence">
        {evidence.map(({ file, line, text, why }) => (
          <li key={`${file}:${line} ${why}`}>
            {why} <Place file={file} line={line} />
            <code>{text}</code>
          </li>
        ))}
      </ul>
    </>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

function Versions({ all }: { all: DetectionView['versions'] }) {
  const runsOn = [...new Set(all.map((hint) => hint.runsOn))].join(', ')
  return (
    <div className="notice versions" data-tone="warn">
      <p>
        <strong>Written for {runsOn}.</strong> To train on the newest version:
      </p>
      <ul className="evidence">
        {all.map(({ file, line, text, change }) => (
          <li key={`${file}:${line} ${change}`}>
            <span>
              <Words text={change} />
            </span>{' '}
            <Place file={file} line={line} />
            <code>{text}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Hyperparameters({ all }: { all: readonly HyperparameterView[] }) {
  if (all.length === 0) return <Empty>None was found that Hone could change.</Empty>
  return (
    <div className="scroll">
      <table className="parameters">
        <thead>
          <tr>
            <th>Name</th>
            <th className="num">In your source</th>
            <th>May become</th>
          </tr>
        </thead>
        <tbody>
          {all.map((parameter) => (
            <ParameterRow key={parameter.name} of={parameter} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ParameterRow({ of: parameter }: { of: HyperparameterView }) {
  return (
    <tr {...useParameter(parameter.name)}>
      <td className="wide">
        <code>{parameter.name}</code>
        <div>
          <Place file={parameter.file} line={parameter.line} />
        </div>
      </td>
      <td className="num">{formatParameter(parameter.value)}</td>
      <td className="wide">
        {describeDistribution(parameter.distribution)}
        <Notes of={parameter} />
      </td>
    </tr>
  )
}

/** What else is to know about it, one line each. */
function Notes({ of: parameter }: { of: HyperparameterView }) {
  const { structure, ties, condition, source } = parameter
  return (
    <ul className="dim small">
      {structure ? <li>adds or removes a layer</li> : null}
      {ties.length === 0 ? null : (
        <li title={[...new Set(ties.map(({ why }) => why))].join('; ')}>
          changes {plural(ties.length, 'further place')}: {describeTies(parameter)}
        </li>
      )}
      {condition === null ? null : (
        <li>
          only while <code>{condition.name}</code> is {condition.values.map(formatParameter).join(' or ')}
        </li>
      )}
      {source === '' ? null : <li>{source}</li>}
    </ul>
  )
}

/** With more than this, the list is folded away. */
const SHOWN = 4

function LeftAlone({ all }: { all: DetectionView['leftAlone'] }) {
  if (all.length === 0) return null
  return (
    <details className="left-alone" open={all.length <= SHOWN}>
      <summary>Left alone: {plural(all.length, 'value')}</summary>
      <ul>
        {all.map(({ name, file, line, text, reason }) => (
          <li key={`${file}:${line} ${name} ${text}`}>
            <code>
              {name} = {text}
            </code>{' '}
            <Place file={file} line={line} />
            <div className="small">{reason}</div>
          </li>
        ))}
      </ul>
    </details>
  )
}
