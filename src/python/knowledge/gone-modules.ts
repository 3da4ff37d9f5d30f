/** Modules of the standard library that Python no longer has, with what took their place. */
const GONE: Record<string, string> = {
  distutils: 'Python 3.12 took `distutils` out: use `shutil`, `sysconfig` or `packaging.version`.',
  imp: 'Python 3.12 took `imp` out: use `importlib`.',
  asyncore: 'Python 3.12 took `asyncore` out: use `asyncio`.',
  asynchat: 'Python 3.12 took `asynchat` out: use `asyncio`.',
  cgi: 'Python 3.13 took `cgi` out: use `urllib.parse` and `html`.',
  imghdr: 'Python 3.13 took `imghdr` out: open the file with `PIL.Image` instead.',
  sndhdr: 'Python 3.13 took `sndhdr` out.',
  pipes: 'Python 3.13 took `pipes` out: use `subprocess` and `shlex`.',
  telnetlib: 'Python 3.13 took `telnetlib` out.',
  audioop: 'Python 3.13 took `audioop` out: `audioop-lts` on PyPI has it.',
  chunk: 'Python 3.13 took `chunk` out.',
  crypt: 'Python 3.13 took `crypt` out.',
  cPickle: '`cPickle` is of Python 2: write `import pickle`.',
  ConfigParser: '`ConfigParser` is of Python 2: write `import configparser`.',
  Queue: '`Queue` is of Python 2: write `import queue`.',
  StringIO: '`StringIO` is of Python 2: write `from io import StringIO`.',
  cStringIO: '`cStringIO` is of Python 2: write `from io import StringIO`.',
  Tkinter: '`Tkinter` is of Python 2, and a training has no screen.',
  urllib2: '`urllib2` is of Python 2: write `import urllib.request`.',
  urlparse: '`urlparse` is of Python 2: write `from urllib.parse import urlparse`.',
  HTMLParser: '`HTMLParser` is of Python 2: write `from html.parser import HTMLParser`.',
  commands: '`commands` is of Python 2: write `import subprocess`.',
  __builtin__: '`__builtin__` is of Python 2: write `import builtins`.',
  'google.colab': '`google.colab` is there only in Colab: take the line out, or guard it with `try`.',
}

/** What to do about a module that is in no package; null for any other. */
export function goneModule(module: string): string | null {
  if (/^google\.colab\b/.test(module)) return GONE['google.colab'] ?? null
  const [top = module] = module.split('.')
  return Object.hasOwn(GONE, top) ? (GONE[top] as string) : null
}
