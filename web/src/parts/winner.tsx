import type { RunView } from '../../../src/http/contract.ts'
import { Card, Copyable } from './basics.tsx'

/** The image that a run's winner is kept as. */
export function Winner({ run: { image } }: { run: RunView }) {
  if (image === null) return null
  return (
    <Card title="The winner as an image">
      <p>
        <code>{image.name}</code> holds the source of the best trial, what it trained in, and the files that
        it wrote. This trains it again; another command after the name runs with the model in place, such as a
        prediction.
      </p>
      <Copyable text={image.command} label="the command" />
    </Card>
  )
}
