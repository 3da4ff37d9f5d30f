"""Adds to the loops of a script what lets an attempt go on in their middle."""


def compiled(source, path):
    """@returns the code object of a script's source (bytes)"""
    return compile(source, path, "exec", dont_inherit=True)
