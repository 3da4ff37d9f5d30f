import { highlight, useHighlighted } from '../highlight.ts'

/** What a drawing gets whose shapes carry the number of their trial: the one under the pointer is marked everywhere. */
export const pointingInside = {
  onPointerOver: ({ target }: { target: EventTarget }) => {
    const trial = target instanceof Element ? target.getAttribute('data-trial') : null
    highlight('trial', trial === null ? null : Number(trial))
  },
  onPointerLeave: () => highlight('trial', null),
}

/** Draws the trial that is pointed at, here or elsewhere, over all others; drawn by itself, so that those stay as they are. */
export function Highlighted({ draw }: { draw: (trial: number) => React.ReactNode }) {
  const trial = useHighlighted('trial')
  return trial === null ? null : draw(trial)
}
