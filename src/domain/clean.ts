// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours in logs begin with one
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** Without terminal colours and characters that nobody sees; line breaks and tabs stay. */
export const clean = (text: string) => text.replace(ANSI, '').replace(/\r\n?/g, '\n').replace(CONTROL, '')

/** On one line, for a header, a log or a list: breaks and tabs become spaces. */
export const oneLine = (text: string) => clean(text).replace(/\s+/g, ' ').trim()
