import type { RunView } from '../../../src/http/contract.ts'
import { Card } from './basics.tsx'
import { Copyable } from './copyable.tsx'

/** The image that a run's winner is kept as. */
export function Winner({ run: { image } }: { run: RunView }) {
  if (image === null) return null
  return (
    <Card title="The winner as an image">
      <p>
        <code>{image.name}</code> holds the source of the best trial
        {image.hasFiles ? ', what it trained in, and the files that it wrote' : ' and what it trained in'}.
        This trains it again; a script that sets no seed of its own comes to a slightly different value each
        time.
        {image.hasFiles
          ? ' Another command after the name runs with the model in place, such as a prediction.'
          : null}
      </p>
      <Copyable text={image.command} label="the command" />
    </Card>
  )
}
