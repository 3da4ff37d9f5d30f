import type { NewTokenView } from '../../../../src/http/contract.ts'
import { Copyable } from '../copyable.tsx'

/** A token, shown this once: the server keeps only a hash of it. */
export const NewToken = ({ made, onClose }: { made: NewTokenView; onClose: () => void }) => (
  <div className="notice new-token" data-tone="ok" role="status">
    <p>
      <strong>A token of {made.user.name}.</strong> It is shown only now: copy it, and give it to them in a
      way that nobody else reads.
    </p>
    <Copyable label={`token of ${made.user.name}`} text={made.token} />
    <button type="button" onClick={onClose}>
      I have it
    </button>
  </div>
)
