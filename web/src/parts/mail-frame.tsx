import { useEffect, useRef, useState } from 'react'
import { apiPath } from '../api.ts'

/** Until the mail has been measured, in pixels. */
const FIRST_HEIGHT = 600
/** Of the frame's own border, above and below. */
const BORDER = 2

/** A mail as its reader sees it, in a frame as high as the mail is: no script runs in it, and nothing is loaded. */
export function MailFrame({ id, subject }: { id: number; subject: string }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(FIRST_HEIGHT)
  useEffect(() => {
    const box = frame.current
    if (!box) return
    const measure = () => {
      const body = box.contentDocument?.body
      if (body) setHeight(Math.ceil(body.getBoundingClientRect().height) + BORDER)
    }
    const observer = new ResizeObserver(() => requestAnimationFrame(measure))
    observer.observe(box)
    box.addEventListener('load', measure)
    return () => {
      observer.disconnect()
      box.removeEventListener('load', measure)
    }
  }, [])
  return (
    <iframe
      ref={frame}
      className="mail-html"
      style={{ height }}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      title={`Mail: ${subject}`}
      src={apiPath(`/mails/${id}/html`)}
    />
  )
}
