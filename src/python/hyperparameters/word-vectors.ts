import type { Names } from '../names/names.ts'

const WORDS = /glove|word2vec|fasttext|w2v|pretrained_?(embedding|vectors)/i

/** Whether the program speaks of published word vectors, whose size is given. */
export const usesWordVectors = (names: Names): boolean =>
  names.modules.some(
    (module) =>
      [...module.attributes].some((name) => WORDS.test(name)) ||
      module.strings.some(({ value }) => value.length < 200 && WORDS.test(value)) ||
      module.scopes.some((scope) => [...scope.reads.keys()].some((name) => WORDS.test(name))),
  )
