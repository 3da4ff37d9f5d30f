/** Python's own functions, which no `import *` brings. */
export const BUILTIN: ReadonlySet<string> = new Set(
  'abs all any bool dict divmod enumerate eval exec filter float format getattr hasattr hash help id input int isinstance issubclass iter len list map max min next object open pow print range repr reversed round set setattr slice sorted str sum super tuple type vars zip exit quit Exception ValueError KeyError'.split(
    ' ',
  ),
)

/** What a name means that the file has lost the import of, as exported notebooks often have. */
export const USUAL_NAMES: ReadonlyMap<string, string> = new Map([
  ['F', 'torch.nn.functional'],
  ['keras', 'keras'],
  ['nn', 'torch.nn'],
  ['np', 'numpy'],
  ['optim', 'torch.optim'],
  ['pd', 'pandas'],
  ['tf', 'tensorflow'],
  ['torch', 'torch'],
])
