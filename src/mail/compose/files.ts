import { isModel } from '../../domain/artifacts.ts'
import { bytesInWords } from '../../domain/bytes.ts'
import type { MailAttachment } from '../../domain/mail.ts'
import type { Block } from '../render.ts'
import { headerLine } from './headline.ts'
import { count, type MailInput } from './input.ts'

/** The trained model: what of it goes with the mail, and what is kept as an image. All of it is pure. */

/** What mail servers take without complaint, base64 included. */
export const ATTACHED_BYTES = 10 * 1024 * 1024
const MOST_ATTACHED = 20

const NO_MODEL: Block[] = [
  { type: 'heading', text: 'The trained model' },
  {
    type: 'paragraph',
    text: 'The script saved no model. To get one by mail, let it save its model at its end, as by `joblib.dump(model, "model.joblib")` or `torch.save(model.state_dict(), "model.pt")`.',
  },
]

/** What of the training's files goes with the mail, and what is said of the others. */
export function files({ artifacts, best, leftOut, url }: MailInput): {
  blocks: Block[]
  attachments: MailAttachment[]
} {
  const missing: Block[] =
    leftOut.length === 0
      ? []
      : [
          { type: 'paragraph', text: 'Not kept:' },
          { type: 'list', items: leftOut },
        ]
  if (artifacts.length === 0) {
    // Why a file was left out is word enough.
    const none = best !== null && best.metric !== null && leftOut.length === 0 ? NO_MODEL : []
    return { blocks: [...none, ...missing], attachments: [] }
  }
  const isOne = artifacts.every(({ filename }) => isModel(filename))
  const total = artifacts.reduce((sum, { size }) => sum + size, 0)
  const fits = total <= ATTACHED_BYTES && artifacts.length <= MOST_ATTACHED
  const shown = artifacts.slice(0, MOST_ATTACHED)
  const rows = shown.map(({ filename, size }) => [filename, bytesInWords(size)])
  const more = artifacts.length - shown.length
  const what = isOne ? 'The model is' : 'These files are'
  const get = `get ${isOne ? 'it' : 'them'} from ${url}`
  const said = fits
    ? `${what} attached.`
    : total > ATTACHED_BYTES
      ? `${what} too large for a mail (${bytesInWords(total)}): ${get}`
      : `${what} too many for a mail: ${get}`
  return {
    blocks: [
      { type: 'heading', text: isOne ? 'The trained model' : 'What the training wrote' },
      { type: 'table', header: ['file', 'size'], rows },
      ...(more > 0 ? [{ type: 'paragraph', text: `and ${count(more, 'more file')}.` } as const] : []),
      { type: 'paragraph', text: said },
      ...missing,
    ],
    attachments: fits
      ? artifacts.map(({ filename, path }) => ({
          filename: fileName(filename),
          contentType: 'application/octet-stream',
          path,
        }))
      : [],
  }
}

export function winner({ artifacts, image }: MailInput): Block[] {
  if (image === null) return []
  return [
    { type: 'heading', text: 'The winner as an image' },
    {
      type: 'paragraph',
      text: `${artifacts.length > 0 ? 'Source, packages and what it wrote are' : 'Source and packages are'} kept as ${image.name}. It trains again with`,
    },
    { type: 'code', text: image.command },
    {
      type: 'paragraph',
      text: `${artifacts.length > 0 ? 'Another command after the name runs with the model in place, such as a prediction. ' : ''}A script that sets no seed of its own comes to a slightly different value each time.`,
    },
  ]
}

/** No folders and no line breaks in the name of an attachment: `plots/loss.png` -> `plots_loss.png`. */
const fileName = (name: string) => headerLine(name.replaceAll(/[/\\]+/g, '_')).replace(/^[._]+/, '') || 'file'
