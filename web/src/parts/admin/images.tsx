import { useState } from 'react'
import type { EngineImageView } from '../../../../src/http/contract.ts'
import { formatBytes, plural } from '../../format.ts'
import { Card, Empty, Time } from '../basics.tsx'

const KINDS = {
  library: 'of today',
  older: 'of an earlier time: goes by itself when no run needs it',
  winner: "a winner's, kept",
  other: 'no run of this Hone trained in it',
}

const ImageRow = ({ image }: { image: EngineImageView }) => (
  <tr>
    <td>{image.names.length === 0 ? <span className="dim">without a name</span> : image.names.join(', ')}</td>
    <td className="num end">{formatBytes(image.bytes)}</td>
    <td className="num dim below" data-label="built">
      <Time at={image.createdAt} />
    </td>
    <td className="num below" data-label="last trained in">
      {image.lastUsedAt === null ? (
        <span className="dim">by no run known</span>
      ) : (
        <Time at={image.lastUsedAt} />
      )}
    </td>
    <td className="wide dim below">
      {KINDS[image.kind]}
      {image.used ? ', in use' : ''}
    </td>
  </tr>
)

const FIRST_IMAGES = 20
/** Of those that may be another Hone's, of which one engine may have thousands. */
const MOST_OTHERS = 100

interface TableProps {
  label: string
  images: readonly EngineImageView[]
}

const Table = ({ label, images }: TableProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  <section className="scroll" tabIndex={0} aria-label={label}>
    <table className="stacked">
      <thead>
        <tr>
          <th>Name</th>
          <th className="num">Size</th>
          <th className="num">Built</th>
          <th className="num">Last trained in</th>
          <th>Kind</th>
        </tr>
      </thead>
      <tbody>
        {images.map((image) => (
          <ImageRow key={`${image.names.join()}${image.createdAt}`} image={image} />
        ))}
      </tbody>
    </table>
  </section>
)

function Others({ images }: Pick<TableProps, 'images'>) {
  const [isOpen, setOpen] = useState(false)
  if (images.length === 0) return null
  const left = images.length - MOST_OTHERS
  return (
    <>
      <p>
        <button type="button" className="unfold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {plural(images.length, 'image')} that no run of this Hone trained in
        </button>{' '}
        <span className="dim small">They may be another Hone’s on this engine.</span>
      </p>
      {isOpen ? <Table label="Images of others" images={images.slice(0, MOST_OTHERS)} /> : null}
      {isOpen && left > 0 ? <p className="dim small">And {left} more.</p> : null}
    </>
  )
}

/** What Hone built, and as a count what may be another Hone's. */
export function Images({ images, all }: Pick<TableProps, 'images'> & { all: number | null }) {
  const [isAll, setAll] = useState(false)
  const own = images.filter(({ kind }) => kind !== 'other')
  const shown = isAll ? own : own.slice(0, FIRST_IMAGES)
  return (
    <Card
      title="Images that Hone built"
      aside={all === null ? null : <span className="dim">{all} on the engine in all</span>}
    >
      {own.length === 0 ? (
        <Empty>None yet: the first run builds what it needs.</Empty>
      ) : (
        <Table label="Images" images={shown} />
      )}
      {shown.length === own.length ? null : (
        <p>
          <button type="button" onClick={() => setAll(true)}>
            Show all {own.length}
          </button>
        </p>
      )}
      <Others images={images.filter(({ kind }) => kind === 'other')} />
      <p className="dim small">
        A size counts all that an image is made on, which images of one family share.
      </p>
    </Card>
  )
}
