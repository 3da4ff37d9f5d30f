/** What the store knows about the attempt or trial that a container or volume belongs to; null: it knows of none. */
export interface Owner {
  ended: boolean
}

/**
 * Whether the sweep removes a container or volume of this installation. One whose attempt or trial is still going is
 * never touched; what belongs to nothing was made by a transaction that never came to be, or its rows are gone.
 */
export const isLeftover = (owner: Owner | null) => owner === null || owner.ended
