/** How the news is, for the colour of the title. */
export type Tone = 'good' | 'warn' | 'bad'

/** A mail's content before it becomes text and HTML: both say the same. */
export type Block =
  | { type: 'title'; text: string; tone: Tone }
  | { type: 'heading'; text: string }
  | { type: 'paragraph'; text: string }
  /** `cid`: the Content-ID of the attachment that it is; null: only its words can be shown. */
  | { type: 'picture'; cid: string | null; alt: string }
  /** What is looked at with its name before it. */
  | { type: 'facts'; rows: [name: string, value: string][] }
  | { type: 'table'; header: string[]; rows: string[][] }
  | { type: 'list'; items: readonly string[] }
  /** Word for word, in letters of one width. */
  | { type: 'code'; text: string }
  /** Lines that begin with + and -, under the names of their places. */
  | { type: 'diff'; text: string }
  | { type: 'link'; text: string; url: string }
