"""What the source of a call says about the data that it is called with."""

import linecache
import re

_SPLITS = {
    "test": "test",
    "te": "test",
    "holdout": "test",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "eval": "validation",
    "train": "train",
    "training": "train",
    "tr": "train",
}
_STRING = re.compile(r"(?:\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')", re.S)
_WORD = re.compile(r"[A-Za-z]+")
_MAX_LINES = 20


def split_of_call(frame):
    """`test`, `validation` or `train` by the names in the call that `frame` is making; None when they do not say."""
    call, statement = _call_text(frame)
    return _only(call[call.find("(") + 1 :]) or _only(statement)


def _only(text):
    words = _WORD.findall(_STRING.sub("", text).replace("_", " "))
    found = {_SPLITS[word.lower()] for word in words if word.lower() in _SPLITS}
    # A model that was trained is often named in the call for the test data.
    return found.pop() if len(found) == 1 else None


def _call_text(frame):
    """The source of the call itself where this Python tells (from 3.11 on), and of the statement's lines."""
    path, first = frame.f_code.co_filename, frame.f_lineno
    statement = _statement(path, first, frame.f_globals)
    positions = getattr(frame.f_code, "co_positions", None)
    if positions is not None:
        line, end_line, column, end_column = list(positions())[frame.f_lasti // 2]
        if None not in (line, end_line, column, end_column):
            lines = [linecache.getline(path, number, frame.f_globals) for number in range(line, end_line + 1)]
            # Columns are counted in bytes.
            data = [text.encode() for text in lines]
            data[-1] = data[-1][:end_column]
            data[0] = data[0][column:]
            return b"".join(data).decode(errors="replace"), statement
    return statement, statement


def _statement(path, first, scope):
    text = ""
    for number in range(first, first + _MAX_LINES):
        line = linecache.getline(path, number, scope)
        if not line:
            break
        text += line
        bare = _STRING.sub("", text)
        if sum(map(bare.count, "([{")) <= sum(map(bare.count, ")]}")):
            break
    return text
